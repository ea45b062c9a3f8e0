"""The index keeps in step with its documents, whatever is changed, removed or killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

import pytest

from rag import index as module
from rag.errors import FolderError, HeldError, InputError, StoppedError, StoreError
from rag.index import Index, announce
from rag.ledger import FILE, HELD
from rag.types import Document, FileReport
from rag.words import search
from tests.rag.fakes import Killed, KilledEmbedder, WordEmbedder, vector, write

ROOT = Path(__file__).resolve().parents[2]
TEXTS = {
    "bridge": "The river bridge at Ulm opened to traffic on Monday after nine years of work.",
    "museum": "Tickets for the new museum cost five euros, its director told the paper.",
    "storm": "A storm closed the port for a day, and eleven ships had to wait outside.",
    "trains": "Train drivers went on strike, and forty thousand people walked to their offices.",
    "council": "The council voted to plant nine hundred trees along the northern road.",
}
CLOSED = "The river bridge at Ulm was closed again, and nobody knows why that is."
SIDECAR = '["bridge.txt"]\npublished = "{date}"\n'

Open = Callable[..., Index]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "docs", **TEXTS)


@pytest.fixture
def opened(tmp_path: Path, store: str) -> Iterator[Open]:
    """Open the index of this test; what is still open at the end is closed."""
    all_opened: list[Index] = []

    def open_one(embedder: WordEmbedder | None = None) -> Index:
        all_opened.append(Index(tmp_path / "home", embedder or WordEmbedder()))
        return all_opened[-1]

    yield open_one
    for one in all_opened:
        one.close()


def states(reports: tuple[FileReport, ...]) -> dict[str, str]:
    return {report.source: report.state for report in reports}


def content(index: Index) -> dict[str, list[str]]:
    """File → its passages, as the index holds them; the vectors are exactly theirs."""
    ids = list(index.ledger.passage_ids())
    held = {passage.key for passage in index.ledger.passages(ids).values()}
    assert set(index.vectors.ids()) == held == set(index.ledger.keys(HELD))
    texts: dict[str, list[str]] = {}
    for node in index.nodes(ids):
        texts.setdefault(node.metadata["source"], []).append(node.text)
    return texts


def nearest(index: Index, question: str) -> str:
    """The file of the passage nearest to a question, by the vectors, of those that the ledger knows."""
    found = [identity for identity, _ in index.nearest(vector(question), 10)]
    return str(index.nodes(found)[0].metadata["source"])


def by_words(index: Index, question: str) -> list[str]:
    return [node.metadata["source"] for node in index.nodes([i for i, _ in search(index.ledger, question, 10)])]


ALL = {f"{name}.txt": [text] for name, text in TEXTS.items()}


# What changes, and nothing else


def test_first_run(opened: Open, folder: Path) -> None:
    embedder = WordEmbedder()
    index = opened(embedder)
    reports = index.update_folder(folder)
    assert reports == tuple(
        FileReport(f"{name}.txt", "indexed", 1, 1, characters=len(TEXTS[name]), language="en") for name in sorted(TEXTS)
    )
    assert content(index) == ALL
    assert sorted(embedder.embedded) == sorted(TEXTS.values())
    assert nearest(index, "What do museum tickets cost?") == "museum.txt"
    assert by_words(index, "museum tickets") == ["museum.txt"]


def test_an_unchanged_folder_embeds_nothing(opened: Open, folder: Path) -> None:
    first = opened()
    first.update_folder(folder)
    first.close()
    embedder = WordEmbedder()
    second = opened(embedder)
    assert set(states(second.update_folder(folder)).values()) == {"unchanged"}
    assert embedder.batches == []
    assert content(second) == ALL


def test_a_touched_file_is_unchanged(opened: Open, folder: Path) -> None:
    index = opened()
    index.update_folder(folder)
    os.utime(folder / "bridge.txt", (1, 1))
    assert set(states(index.update_folder(folder)).values()) == {"unchanged"}


def test_a_changed_file_replaces_its_own_passages_only(opened: Open, folder: Path) -> None:
    embedder = WordEmbedder()
    index = opened(embedder)
    index.update_folder(folder)
    ids = set(index.vectors.ids())
    write(folder, bridge=CLOSED)
    embedder.batches.clear()
    reports = index.update_folder(folder)
    assert {source for source, state in states(reports).items() if state == "indexed"} == {"bridge.txt"}
    assert embedder.embedded == [CLOSED]
    assert content(index) == ALL | {"bridge.txt": embedder.embedded}
    assert len(ids & set(index.vectors.ids())) == len(TEXTS) - 1
    assert by_words(index, "traffic") == []


def test_a_removed_file_vanishes(opened: Open, folder: Path) -> None:
    embedder = WordEmbedder()
    index = opened(embedder)
    index.update_folder(folder)
    embedder.batches.clear()
    (folder / "storm.txt").unlink()
    assert states(index.update_folder(folder))["storm.txt"] == "removed"
    assert embedder.batches == []
    assert content(index) == {source: texts for source, texts in ALL.items() if source != "storm.txt"}
    assert by_words(index, "storm ships") == []
    assert "storm.txt" not in states(index.update_folder(folder))


def test_a_renamed_file_is_cited_by_its_new_name(opened: Open, folder: Path) -> None:
    index = opened()
    index.update_folder(folder)
    (folder / "sub").mkdir()
    (folder / "storm.txt").rename(folder / "sub" / "wind and rain.txt")
    found = states(index.update_folder(folder))
    assert (found["storm.txt"], found["sub/wind and rain.txt"]) == ("removed", "indexed")
    assert nearest(index, "Which ships had to wait outside the port?") == "sub/wind and rain.txt"
    assert len(content(index)) == len(TEXTS)


def test_a_renamed_file_is_not_embedded_again(opened: Open, folder: Path) -> None:
    embedder = WordEmbedder()
    index = opened(embedder)
    index.update_folder(folder)
    embedder.batches.clear()
    (folder / "storm.txt").rename(folder / "wind.txt")
    index.update_folder(folder)
    assert embedder.batches == []
    assert content(index)["wind.txt"] == [TEXTS["storm"]]


def test_an_edit_embeds_only_the_passages_that_changed(opened: Open, tmp_path: Path) -> None:
    sentences = [
        f"In the year {year} the council of town{year} built {year} metres of road." for year in range(1900, 1960)
    ]
    folder, embedder = write(tmp_path / "long", report="\n\n".join(sentences)), WordEmbedder()
    index = opened(embedder)
    index.update_folder(folder)
    before = len(embedder.embedded)
    write(folder, report="\n\n".join([*sentences[:-1], "In the end nobody built anything at all."]))
    index.update_folder(folder)
    assert before >= 5 and len(embedder.embedded) == before + 1
    assert "nobody" in embedder.embedded[-1]
    content(index)


def test_passages_that_read_alike_share_a_vector(opened: Open, folder: Path) -> None:
    embedder = WordEmbedder()
    write(folder, again=TEXTS["storm"])
    index = opened(embedder)
    reports = {report.source: report for report in index.update_folder(folder)}
    assert embedder.embedded.count(TEXTS["storm"]) == 1
    assert index.vectors.count() == len(TEXTS)
    found = index.nodes([identity for identity, _ in index.nearest(vector("storm ships"), 2)])
    assert [node.metadata["source"] for node in found] == ["again.txt", "storm.txt"]
    assert (reports["storm.txt"].copy, reports["storm.txt"].copy_of) == ("duplicate", "again.txt")
    (folder / "again.txt").unlink()
    index.update_folder(folder)
    assert content(index) == ALL


def test_an_unchanged_file_is_not_even_opened(opened: Open, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in folder.iterdir():
        os.utime(path, (1, 1))
    monkeypatch.setattr("rag.folder.RACY_NS", -(10**12))  # as if the files had been written long ago
    index = opened()
    index.update_folder(folder)
    monkeypatch.setattr("rag.intake.read_bytes", None)
    assert set(states(index.update_folder(folder)).values()) == {"unchanged"}


def test_stopped_it_keeps_what_is_done(opened: Open, folder: Path) -> None:
    index = opened()
    told: list[str] = []

    def progress(what: str, done: int, total: int) -> None:
        told.append(what)
        if what == "reading museum.txt":
            index.stop()

    with pytest.raises(StoppedError):
        index.update_folder(folder, progress)
    assert index.ledger.counts()[0] == 3
    assert by_words(index, "museum tickets") == ["museum.txt"]
    index.close()
    again = opened()
    again.update_folder(folder)
    assert content(again) == ALL


def test_a_file_goes_back_to_what_it_was(opened: Open, folder: Path) -> None:
    index = opened()
    for text in (TEXTS["bridge"], "Closed again for a while.", TEXTS["bridge"]):
        write(folder, bridge=text)
        index.update_folder(folder)
        assert content(index) == ALL | {"bridge.txt": [text]}


def test_two_files_swap_their_texts(opened: Open, folder: Path) -> None:
    index = opened()
    index.update_folder(folder)
    write(folder, bridge=TEXTS["museum"], museum=TEXTS["bridge"])
    index.update_folder(folder)
    assert content(index) == ALL | {"bridge.txt": [TEXTS["museum"]], "museum.txt": [TEXTS["bridge"]]}


def test_the_sidecar_dates_a_file_and_dates_it_anew(opened: Open, folder: Path) -> None:
    index = opened()
    for date in ("2025-08", "2024", "2024"):
        (folder / "sources.toml").write_text(SIDECAR.format(date=date), encoding="utf-8")
        reports = index.update_folder(folder)
        (bridge,) = [
            one for one in index.nodes(list(index.ledger.passage_ids())) if one.metadata["source"] == "bridge.txt"
        ]
        assert bridge.metadata["published"] == date
    assert set(states(reports).values()) == {"unchanged"}


def test_a_new_date_leaves_the_other_files_alone(opened: Open, folder: Path) -> None:
    index = opened()
    index.update_folder(folder)
    (folder / "sources.toml").write_text(SIDECAR.format(date="2025"), encoding="utf-8")
    found = states(index.update_folder(folder))
    assert [source for source, state in found.items() if state == "indexed"] == ["bridge.txt"]


def test_progress_is_told(opened: Open, folder: Path) -> None:
    told: list[tuple[str, int, int]] = []
    opened().update_folder(folder, lambda *what: told.append(what))
    assert [what for what, _, _ in told[: len(TEXTS)]] == [f"reading {name}.txt" for name in sorted(TEXTS)]
    assert all(0 <= done <= total == len(TEXTS) for _, done, total in told)


# What cannot be used


def test_unusable_files_are_named_and_the_rest_goes_in(opened: Open, folder: Path) -> None:
    (folder / "empty.txt").touch()
    (folder / "rules.md").write_text("---\n***\n", encoding="utf-8")
    (folder / "photo.txt").write_bytes(b"\x89PNG\0\0")
    (folder / "sources.toml").write_text("[bridge.txt", encoding="utf-8")
    index = opened()
    unusable = [report for report in index.update_folder(folder) if report.state not in ("indexed", "unchanged")]
    assert [(report.source, report.state) for report in unusable] == [
        ("empty.txt", "empty"),
        ("photo.txt", "unreadable"),
        ("rules.md", "empty"),
        ("sources.toml", "unreadable"),
    ]
    assert all(report.reason for report in unusable)
    assert content(index) == ALL
    assert {report.source for report in index.ledger.skipped()} == {report.source for report in unusable}
    again = [report for report in index.update_folder(folder) if report.state != "unchanged"]
    assert again == unusable  # they are tried, and named, each time
    for name in ("empty.txt", "photo.txt", "rules.md", "sources.toml"):
        (folder / name).unlink()
    index.update_folder(folder)
    assert index.ledger.skipped() == ()


def test_a_file_that_becomes_unreadable_is_not_quoted_any_more(opened: Open, folder: Path) -> None:
    index = opened()
    index.update_folder(folder)
    (folder / "storm.txt").write_bytes(b"\0\0")
    assert states(index.update_folder(folder))["storm.txt"] == "unreadable"
    assert "storm.txt" not in content(index)
    write(folder, storm=TEXTS["storm"])
    index.update_folder(folder)
    assert content(index) == ALL


@pytest.mark.skipif(os.name != "posix", reason="such names exist on Unix alone")
def test_a_name_that_is_no_text(opened: Open, folder: Path) -> None:
    try:
        (folder / os.fsdecode(b"caf\xe9.txt")).write_text("x", encoding="utf-8")
    except OSError as exc:
        pytest.skip(f"not on this file system: {exc}")
    index = opened()
    (named,) = [report for report in index.update_folder(folder) if report.state == "unreadable"]
    assert named.source.isascii() and "caf" in named.source
    assert content(index) == ALL
    assert index.ledger.skipped() == (named,)


def test_no_file_that_can_be_used(opened: Open, tmp_path: Path) -> None:
    index = opened()
    with pytest.raises(FolderError, match=r"no file that can be read.*\.txt, \.md"):
        index.update_folder(write(tmp_path / "none"))
    (tmp_path / "none" / "photo.txt").write_bytes(b"\0")
    with pytest.raises(FolderError, match=r"photo\.txt: binary"):
        index.update_folder(tmp_path / "none")
    with pytest.raises(FolderError, match="nowhere"):
        index.update_folder(tmp_path / "nowhere")


# Another embedder, lost parts


def test_another_embedder_rebuilds_and_the_old_vectors_go(opened: Open, folder: Path) -> None:
    first = opened(WordEmbedder("first"))
    first.update_folder(folder)
    first.close()
    embedder = WordEmbedder("second", dimension=48)
    second = opened(embedder)
    assert set(states(second.update_folder(folder)).values()) == {"unchanged"}
    assert sorted(embedder.embedded) == sorted(TEXTS.values())
    assert content(second) == ALL
    second.close()
    assert opened(WordEmbedder("first")).vectors.count() == 0


def test_another_embedder_and_another_file_at_once(opened: Open, folder: Path) -> None:
    first = opened(WordEmbedder("first"))
    first.update_folder(folder)
    first.close()
    write(folder, bridge="The bridge was closed again.")
    second = opened(WordEmbedder("second"))
    second.update_folder(folder)
    assert content(second) == ALL | {"bridge.txt": ["The bridge was closed again."]}


def test_lost_vectors_come_back(opened: Open, folder: Path) -> None:
    index = opened()
    index.update_folder(folder)
    index.vectors.delete(list(index.vectors.ids())[:3])
    index.update_folder(folder)
    assert content(index) == ALL


def test_stray_vectors_go(opened: Open, folder: Path) -> None:
    index = opened()
    index.update_folder(folder)
    index.vectors.add(["stray"], [vector("stray")])
    index.update_folder(folder)
    assert content(index) == ALL


def test_a_lost_word_index_comes_back(opened: Open, folder: Path, tmp_path: Path) -> None:
    first = opened()
    first.update_folder(folder)
    first.close()
    for path in (tmp_path / "home").glob(f"{FILE}*"):
        path.unlink()
    write(folder, bridge="The bridge was closed again.")
    second = opened()
    second.update_folder(folder)
    assert content(second) == ALL | {"bridge.txt": ["The bridge was closed again."]}


@pytest.mark.real
def test_a_deleted_store_comes_back(folder: Path, tmp_path: Path) -> None:
    for lost in (None, "chroma", FILE, ""):
        if lost is not None:
            target = tmp_path / "home" / lost
            target.unlink() if target.is_file() else shutil.rmtree(target)
        index = Index(tmp_path / "home", WordEmbedder())
        index.update_folder(folder)
        assert content(index) == ALL
        index.close()


# Killed in the middle


def kill(index: Index, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    """Have the next run die at a place, once."""

    def die(*_: Any, **__: Any) -> Any:
        monkeypatch.undo()
        raise Killed

    owner, name = {
        "adding vectors": (index.vectors, "add"),
        "entering a file": (index.ledger, "put_passage"),
        "taking old passages out": (index.ledger, "remove"),
        "deleting old vectors": (index.vectors, "delete"),
        "linking families": (index.ledger, "link"),
        "dropping other collections": (index.vectors, "drop_others"),
    }[where]
    monkeypatch.setattr(owner, name, die)


@pytest.mark.parametrize(
    "where",
    [
        "adding vectors",
        "entering a file",
        "taking old passages out",
        "deleting old vectors",
        "linking families",
        "dropping other collections",
    ],
)
def test_killed_anywhere_it_answers_and_the_next_run_completes(
    where: str, opened: Open, folder: Path, store: str, request: pytest.FixtureRequest
) -> None:
    first = opened()
    first.update_folder(folder)
    write(folder, bridge="The river bridge at Ulm was closed again.", fair="The fair brings ninety clowns to Ulm.")
    (folder / "storm.txt").unlink()
    with pytest.MonkeyPatch.context() as own:
        kill(first, own, where)
        with pytest.raises(Killed):
            first.update_folder(folder)
    first.close()
    second = opened()  # opened, and not brought up to date
    assert nearest(second, "What do museum tickets cost at the new museum?") == "museum.txt"
    assert by_words(second, "river bridge at Ulm")[0] == "bridge.txt"  # its vector may still be to be made
    assert by_words(second, "museum tickets") == ["museum.txt"]
    bridge = second.nodes([i for i, _ in search(second.ledger, "river bridge", 1)])[0].text
    assert bridge in (TEXTS["bridge"], "The river bridge at Ulm was closed again.")
    second.update_folder(folder)
    wanted = {source: texts for source, texts in ALL.items() if source != "storm.txt"}
    wanted["bridge.txt"] = ["The river bridge at Ulm was closed again."]
    wanted["fair.txt"] = ["The fair brings ninety clowns to Ulm."]
    assert content(second) == wanted


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_an_embedder_that_dies_costs_only_what_was_not_done(
    batch: int, opened: Open, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 1)
    first = opened(KilledEmbedder(at_batch=batch + 1))
    with pytest.raises(Killed):
        first.update_folder(folder)
    first.close()
    embedder = WordEmbedder()
    second = opened(embedder)
    assert second.vectors.count() == batch
    assert by_words(second, "storm") == ["storm.txt"]  # words are there before any vector is
    assert second.ledger.waiting() == (len(TEXTS) - batch, len(TEXTS) - batch)
    assert set(states(second.update_folder(folder)).values()) == {"unchanged"}
    assert second.ledger.waiting() == (0, 0)
    assert len(embedder.embedded) == len(TEXTS) - batch
    assert content(second) == ALL


def test_killed_while_another_embedder_rebuilds(opened: Open, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", 1)
    first = opened(WordEmbedder("first"))
    first.update_folder(folder)
    first.close()
    second = opened(KilledEmbedder(at_batch=3, name="second"))
    with pytest.raises(Killed):
        second.update_folder(folder)
    second.close()
    before = opened(WordEmbedder("first"))  # the old vectors are whole until the new ones are
    assert nearest(before, TEXTS["storm"]) == "storm.txt"
    before.close()
    embedder = WordEmbedder("second")
    third = opened(embedder)
    third.update_folder(folder)
    assert len(embedder.embedded) == len(TEXTS) - 2
    assert content(third) == ALL


SLOW_RUN = textwrap.dedent(
    """
    import sys, time
    from pathlib import Path
    from rag import index
    from tests.rag.fakes import WordEmbedder

    class Slow(WordEmbedder):
        def embed(self, texts):
            print("embedding", flush=True)
            time.sleep(0.1)
            return super().embed(texts)

    index.BATCH = 1
    index.Index(Path(sys.argv[2]), Slow()).update_folder(Path(sys.argv[1]))
    """
)


@pytest.mark.real
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 here")
def test_kill_9(tmp_path: Path) -> None:
    texts = {f"report{number:02}": f"Report number {number} is about town{number}." for number in range(30)}
    folder, home = write(tmp_path / "docs", **texts), tmp_path / "home"
    command = [sys.executable, "-c", SLOW_RUN, str(folder), str(home)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(10):
            assert process.stdout.readline() == "embedding\n"
        time.sleep(0.05)
        os.kill(process.pid, signal.SIGKILL)
    embedder = WordEmbedder()
    index = Index(home, embedder)  # the lock went with its holder
    done = index.vectors.count()
    assert 8 <= done < 30
    assert nearest(index, "town3") == "report03.txt"
    assert by_words(index, "town29") == ["report29.txt"]
    assert set(states(index.update_folder(folder)).values()) == {"unchanged"}
    assert len(embedder.embedded) in (30 - done, 30 - done - 1)  # one may lie in the store unbeknown to the ledger
    assert content(index) == {f"{name}.txt": [text] for name, text in texts.items()}
    index.close()


KILLED_RUNS = textwrap.dedent(
    """
    import os, random, signal, sys, time
    from pathlib import Path

    import chromadb, onnxruntime  # once, before the children are forked
    from rag import index
    from rag.index import Index
    from tests.rag.fakes import WordEmbedder

    folder, home, kills = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    index.BATCH = 3
    chance = random.Random(7)

    def run():
        # A child, so that nothing of the store is ever open here.
        child = os.fork()
        if child == 0:
            Index(home, WordEmbedder()).update_folder(folder)
            os._exit(0)
        return child

    os.waitpid(run(), 0)
    killed = 0
    for number in range(kills):
        for name in chance.sample(range(30), 6):
            path = folder / f"report{name:02}.txt"
            if chance.random() < 0.3:
                path.unlink(missing_ok=True)
            else:
                path.write_text(f"Report {name} of day {number} is about town{chance.randrange(40)}.")
        child = run()
        time.sleep(chance.uniform(0.0, 0.25))
        os.kill(child, signal.SIGKILL)
        killed += os.WIFSIGNALED(os.waitpid(child, 0)[1])
    print(killed, os.waitstatus_to_exitcode(os.waitpid(run(), 0)[1]))
    """
)


@pytest.mark.real
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_killed_fifty_times_at_random_it_ends_like_a_clean_build(tmp_path: Path) -> None:
    texts = {f"report{number:02}": f"Report number {number} is about town{number}." for number in range(30)}
    folder, home = write(tmp_path / "docs", **texts), tmp_path / "home"
    command = [sys.executable, "-c", KILLED_RUNS, str(folder), str(home), "50"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    killed, code = map(int, done.stdout.split())
    assert code == 0 and killed >= 25, done.stderr
    built = []
    for place in (home, tmp_path / "clean"):
        index = Index(place, WordEmbedder())
        index.update_folder(folder)
        families = {one.id: one.family for one in map(index.ledger.article, article_ids(index)) if one}
        built.append((content(index), families, index.ledger.reports(), list(index.ledger.problems())))
        index.close()
    assert built[0] == built[1]
    assert built[0][-1] == []


CRASHING_RUN = textwrap.dedent(
    """
    import os, sys
    from pathlib import Path
    from rag import index, intake
    from tests.rag.fakes import WordEmbedder, memory

    def crash(item):
        if item.source.startswith("bad"):
            os.abort()
        return intake.take_apart(item)

    index.take_apart = crash
    index.Vectors = memory()
    for report in index.Index(Path(sys.argv[2]), WordEmbedder()).update_folder(Path(sys.argv[1])):
        print(report.source, report.state)
    """
)


@pytest.mark.skipif(os.name != "posix", reason="a crash looks otherwise there")
def test_files_that_crash_the_program_are_left_out_after_some_tries(tmp_path: Path) -> None:
    folder, home = write(tmp_path / "docs", bridge=TEXTS["bridge"]), tmp_path / "home"
    for name, text in (("bad one", "storm"), ("bad two", "museum"), ("good", "trains")):
        (folder / f"{name}.html").write_text(f"<p>{TEXTS[text]}</p>", encoding="utf-8")
    command = [sys.executable, "-c", CRASHING_RUN, str(folder), str(home)]
    runs = [subprocess.run(command, cwd=ROOT, capture_output=True, text=True) for _ in range(module.TRIES * 2 + 1)]
    assert [run.returncode == 0 for run in runs] == [False] * module.TRIES * 2 + [True]
    assert runs[-1].stdout.splitlines() == [
        "bad one.html unreadable",
        "bad two.html unreadable",
        "bridge.txt indexed",
        "good.html indexed",
    ]


@pytest.mark.real
def test_reading_while_writing(tmp_path: Path) -> None:
    folder = write(tmp_path / "docs", **TEXTS)
    index = Index(tmp_path / "home", WordEmbedder())
    index.update_folder(folder)
    more = {f"report{number:03}": f"Report number {number} is about town{number}." for number in range(150)}
    write(folder, **more)
    writer = threading.Thread(target=index.update_folder, args=(folder,))
    writer.start()
    reads = 0
    while writer.is_alive() or not reads:
        assert nearest(index, "What do museum tickets cost at the new museum?") == "museum.txt"
        assert by_words(index, "museum tickets") == ["museum.txt"]
        reads += 1
    writer.join()
    assert len(content(index)) == len(TEXTS) + len(more)
    index.close()


# One holder at a time


def test_a_second_opener_is_told_at_once(opened: Open, tmp_path: Path) -> None:
    index = opened()
    began = time.perf_counter()
    with pytest.raises(StoreError, match=r"Another process .*home.*RAG_HOME"):
        opened()
    assert time.perf_counter() - began < 2
    index.close()
    opened().close()


HOLD = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from rag import index
    from tests.rag.fakes import WordEmbedder, memory

    index.Vectors = memory()
    held = index.Index(Path(sys.argv[1]), WordEmbedder())
    print("held", flush=True)
    sys.stdin.read()
    """
)


def test_another_process_holds_it(in_memory: None, tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path / "home")]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdin is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(StoreError, match="Another process"):
            Index(tmp_path / "home", WordEmbedder())
        process.stdin.close()
    Index(tmp_path / "home", WordEmbedder()).close()


@pytest.mark.parametrize("home", ["file", "file/below"])
def test_a_home_that_cannot_be_written(home: str, in_memory: None, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(StoreError, match=r"cannot be written.*RAG_HOME"):
        Index(tmp_path / home, WordEmbedder())


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_home_that_is_read_only(in_memory: None, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o500)
    with pytest.raises(StoreError, match=r"cannot be written.*RAG_HOME"):
        Index(tmp_path / "home", WordEmbedder())


def test_a_damaged_index_lets_go_of_its_lock(in_memory: None, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / FILE).write_bytes(b"no database" * 500)
    for _ in range(2):
        with pytest.raises(StoreError, match="doctor --repair"):
            Index(tmp_path / "home", WordEmbedder())
    (tmp_path / "home" / FILE).unlink()
    Index(tmp_path / "home", WordEmbedder()).close()


def test_closing_twice(opened: Open) -> None:
    index = opened()
    index.close()
    index.close()
    opened()


# Documents from Python


def test_documents_of_their_own_names(opened: Open) -> None:
    index = opened()
    documents = [Document(text, title=name.title(), published="2025-08", source=name) for name, text in TEXTS.items()]
    assert states(index.update_documents(documents)) == dict.fromkeys(sorted(TEXTS), "indexed")
    assert set(states(index.update_documents(documents)).values()) == {"unchanged"}
    node = index.nodes([i for i, _ in search(index.ledger, "museum tickets", 1)])[0]
    assert (node.metadata["title"], node.metadata["published"]) == ("Museum", "2025-08")


def test_the_index_holds_these_documents_and_no_others(opened: Open) -> None:
    index = opened()
    documents = [Document(text, source=name) for name, text in TEXTS.items()]
    index.update_documents(documents)
    found = states(index.update_documents(documents[:2]))
    assert sorted(found.values()) == ["removed"] * 3 + ["unchanged"] * 2
    assert len(content(index)) == 2


def test_names_are_made_different(opened: Open) -> None:
    index = opened()
    named = ["a", "a", "a#2", "", "document-4", "", "a"]
    documents = [
        Document(f"Report {number} is about town{number}.", source=name) for number, name in enumerate(named, 1)
    ]
    reports = index.update_documents(documents)
    assert len(reports) == len(named)
    assert {report.state for report in reports} == {"indexed"}
    assert sorted(text for texts in content(index).values() for text in texts) == [one.text for one in documents]
    assert set(states(index.update_documents(documents)).values()) == {"unchanged"}


def test_the_same_text_under_two_names(opened: Open) -> None:
    index = opened()
    index.update_documents([Document(TEXTS["storm"], source="one"), Document(TEXTS["storm"], source="two")])
    assert content(index) == {"one": [TEXTS["storm"]], "two": [TEXTS["storm"]]}


def test_documents_without_text(opened: Open) -> None:
    index = opened()
    found = states(
        index.update_documents([Document("", source="empty"), Document("It rained all day.", source="rain")])
    )
    assert found == {"empty": "empty", "rain": "indexed"}
    assert states(index.update_documents([])) == {"rain": "removed"}


@pytest.mark.parametrize(
    "text", ["half a pair: \ud83d is in here.", "a nul: \0 is in here.", "橋 👩‍👩‍👧‍👦 \u2028 is in here."]
)
def test_any_characters(text: str, opened: Open) -> None:
    index = opened()
    documents = [Document(text, title=f"T\ud83d{text[:3]}", source="s\udcff")]
    index.update_documents(documents)
    assert by_words(index, "here") == list(content(index))
    assert set(states(index.update_documents(documents)).values()) == {"unchanged"}


@pytest.mark.parametrize("date", ["August 2025", "2025-13", "20.8.2025", "2025-12/2025-09"])
def test_a_date_that_is_none(date: str, opened: Open) -> None:
    index = opened()
    with pytest.raises(InputError, match=r"published = '.*' of 'rain' is not ISO 8601"):
        index.update_documents([Document("It rained all day.", source="rain", published=date)])
    index.update_documents([Document("It rained all day.", source="rain", published="2025-08")])
    assert content(index) == {"rain": ["It rained all day."]}


class Tracked(Document):
    """A document of which it is known how many are alive."""

    alive: list[weakref.ref[Tracked]]

    def __new__(cls, *_: Any, **__: Any) -> Self:
        made = super().__new__(cls)
        cls.alive.append(weakref.ref(made))
        return made


def test_many_documents_are_never_held_together(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Tracked, "alive", [], raising=False)
    monkeypatch.setattr(module, "BATCH", 20)
    embedder, held = WordEmbedder(), []

    def stream() -> Iterator[Document]:
        for number in range(500):
            yield Tracked(f"Report number {number} is about town{number}.", source=f"{number:03}")
            held.append(sum(one() is not None for one in Tracked.alive))

    index = opened(embedder)
    assert len(index.update_documents(stream())) == 500
    assert index.ledger.counts() == (500, 500, 500)
    assert max(held) <= 20 * 3  # those of a batch, each as it came and as it was named
    assert max(map(len, embedder.batches)) <= 20
    assert nearest(index, "town123") == "123"


# Near-duplicates

STORY = " ".join(
    f"In year {number} the council of town{number} built bridge number {number * 7}." for number in range(9)
)


def test_the_earliest_report_stands_for_its_reprints(opened: Open) -> None:
    index = opened()
    undated = Document(f"{STORY} Read by all.", source="a")
    later = Document(f"Bridges\n{STORY}", source="b", published="2025-09")
    first = Document(STORY, source="c", published="2025-08")
    index.update_documents([undated, later, first, Document(TEXTS["storm"], source="d")])
    by_source = {one.source: one for one in map(index.ledger.article, article_ids(index)) if one}
    assert by_source["a"].family == by_source["b"].family == by_source["c"].family == by_source["c"].id
    assert by_source["d"].family == by_source["d"].id
    index.update_documents([undated, later])  # without the first, the next one stands
    by_source = {one.source: one for one in map(index.ledger.article, article_ids(index)) if one}
    assert by_source["a"].family == by_source["b"].family == by_source["b"].id


def article_ids(index: Index) -> list[str]:
    return [node.metadata["article_id"] for node in index.nodes(list(index.ledger.passage_ids()))]


def test_where_the_page_was_is_forgotten_when_it_ends(tmp_path: Path, in_memory: None) -> None:
    index = Index(tmp_path / "home", WordEmbedder())
    announce(tmp_path / "home", "http://127.0.0.1:7860")
    with pytest.raises(HeldError, match=r"the page at http://127\.0\.0\.1:7860"):
        Index(tmp_path / "home", WordEmbedder())
    index.close()
    announce(tmp_path / "home", "http://127.0.0.1:7861")  # of one that is killed
    index = Index(tmp_path / "home", WordEmbedder())
    with pytest.raises(HeldError, match="stop it, or set RAG_HOME") as said:
        Index(tmp_path / "home", WordEmbedder())
    assert "7861" not in str(said.value)
    index.close()
