"""The house stands as it was drawn: imports run one way, heavy libraries stay out, no text knows the seeds."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import rag

ROOT = Path(rag.__file__).resolve().parents[1]
PACKAGE = ROOT / "rag"
ORDER = [
    "interrupt", "errors", "types", "settings", "dates", "relative", "quantities", "timely", "read", "folder",
    "lines", "datelines", "heads", "articles", "duplicates", "repeated", "sentences", "passages", "disguises",
    "orders", "tongues", "injection", "progress", "embed", "onnx", "minilm", "vectors", "tables", "ledger",
    "listing", "scope", "words", "stems", "overlap", "fusion", "intake", "index", "upkeep", "doctor", "retrieve",
    "rank", "reader", "wordforms", "clauses", "leaning", "ellipsis", "pronouns", "question", "lacking", "evidence",
    "locate", "sufficiency", "compare", "lists", "counts", "holdings", "choose", "llm", "rewrite", "asking",
    "statements", "untold", "aligned", "turned", "verify", "entail", "answer", "engine", "wiring", "chat",
    "ratings", "running", "finding", "suggest", "record", "outline", "markdown", "page", "export", "standing",
    "recheck", "beside", "verdicts", "answering", "pipeline", "__init__", "__main__",
]  # fmt: skip
FORMATS = [
    "encoding", "parts", "plain", "archives", "rows", "markdown", "blocks", "webmeta", "web", "layout", "pdf", "word",
    "slides", "sheets", "records", "mail", "book", "opendocument", "rich",
]  # fmt: skip
"""The readers, in the order of import: they know errors, types and dates, and nothing else of `rag`."""
MAKERS = [
    "records", "mine", "changes", "declared", "nearmiss", "groups", "spans", "claims", "export", "encoder", "fit",
    "figures", "card", "feedback", "publish", "train",
]  # fmt: skip
"""What makes the shipped models, in the order of import: it stands on the library, which does not know it."""
HEAVY = ("torch", "transformers", "gradio", "chromadb", "sentence_transformers", "trafilatura", "pypdfium2")
SEED_WORDS = (
    "Daily8", "Rudaw", "Shafaq", "Zawya", "Iraq", "Iraqi", "Baghdad", "Erbil", "Kurdistan", "Kurdish", "Barzani",
    "Sudani", "Muhammadawi", "Anbar", "ISIS", "coalition", "Pentagon", "Syria", "Assad", "Peshmerga",
)  # fmt: skip


def modules() -> Iterator[Path]:
    yield from sorted(PACKAGE.glob("*.py"))


def readers() -> Iterator[Path]:
    yield from sorted((PACKAGE / "formats").glob("*.py"))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> Iterator[str]:
    """Dotted names of everything a file imports, wherever in it; `from rag import dates` counts as `rag.dates`."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: relative import"
            for alias in node.names:
                folders = {"rag": PACKAGE, **{f"rag.{name}": PACKAGE / name for name in ("formats", "models")}}
                folder = folders.get(str(node.module))
                is_module = folder is not None and (folder / f"{alias.name}.py").is_file()
                yield f"{node.module}.{alias.name}" if is_module else str(node.module)


def test_every_module_has_its_place() -> None:
    assert {path.stem for path in modules()} == set(ORDER)


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.stem)
def test_imports_run_one_way(path: Path) -> None:
    above = ORDER[: ORDER.index(path.stem)]
    own = [name for name in imported(path) if name.split(".")[0] == "rag"]
    # The package itself (`from rag import Rag`) is all its modules: only what stands below it may ask for that.
    places = [name.partition(".")[2].split(".")[0] or "__init__" for name in own]
    above += ["formats"] if path.stem in ("read", "folder") else []
    assert [place for place in places if place not in above] == []


def test_the_readers_stand_on_each_other_alone() -> None:
    found = {path.stem: path for path in readers() if path.stem != "__init__"}
    assert set(found) == set(FORMATS)
    for at, stem in enumerate(FORMATS):
        own = [name.split(".")[1:3] for name in imported(found[stem]) if name.startswith("rag.")]
        assert [name for name in own if name[0] not in ("errors", "types", "dates", "formats")] == []
        assert [name[1] for name in own if name[0] == "formats" and name[1] not in FORMATS[:at]] == []


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_library_does_not_know_who_uses_it(path: Path) -> None:
    assert {name.split(".")[0] for name in imported(path)}.isdisjoint({"ui", "eval", "tests"})


def test_what_the_shipped_models_were_made_with_stands_apart() -> None:
    makers = {path.stem: path for path in (PACKAGE / "models").glob("*.py") if path.stem != "__init__"}
    assert set(makers) == set(MAKERS)
    for at, stem in enumerate(MAKERS):
        own = [name.split(".")[2] for name in imported(makers[stem]) if name.startswith("rag.models.")]
        assert [name for name in own if name not in MAKERS[:at]] == []
    assert [path.name for path in modules() if any(name.startswith("rag.models") for name in imported(path))] == []


@pytest.mark.parametrize(
    "folder", [path.parent for path in sorted(PACKAGE.rglob("__init__.py"))], ids=lambda path: path.name
)
def test_init_only_reexports(folder: Path) -> None:
    for node in tree(folder / "__init__.py").body:
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        names = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
        assert docstring or names or isinstance(node, ast.ImportFrom), ast.unparse(node)


def test_all_is_what_is_imported_sorted() -> None:
    nodes = [node for node in tree(PACKAGE / "__init__.py").body if isinstance(node, ast.ImportFrom)]
    names = [alias.asname or alias.name for node in nodes for alias in node.names]
    assert rag.__all__ == sorted(names)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("path", [*modules(), *readers()], ids=lambda path: path.stem)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert len((ast.get_docstring(tree(path)) or "").split()) >= 5


def test_import_is_light() -> None:
    code = f"import sys, rag; print(*[name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == []


def test_no_module_knows_the_seeds(seeds: Path) -> None:
    tables = tomllib.loads((seeds / "sources.toml").read_text(encoding="utf-8")).values()
    words = {*SEED_WORDS, *(table["publisher"] for table in tables)}
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(words)))})\b", re.I)
    texts = [path.read_text(encoding="utf-8") for path in seeds.glob("*.txt")]
    assert all(pattern.search(text) for text in texts)  # the pattern does know them
    assert [
        f"{path.name}: {found.group()}"
        for path in (*modules(), *readers())
        for found in pattern.finditer(path.read_text("utf-8"))
    ] == []
