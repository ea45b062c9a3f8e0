"""The evaluation reads in the order in which its package lists it: imports run one way."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import eval as package

FOLDER = Path(package.__file__).parent
LISTED = re.findall(r"^ +(\w+)\.py ", package.__doc__ or "", re.M)


def test_every_module_is_listed() -> None:
    modules = {path.stem for path in FOLDER.glob("*.py")} - {"__init__", "__main__"}
    assert modules <= set(LISTED)
    assert len(LISTED) == len(set(LISTED))


@pytest.mark.parametrize("name", LISTED)
def test_a_module_imports_only_from_those_above_it(name: str) -> None:
    path = FOLDER / f"{name}.py"
    assert path.is_file()
    above = LISTED[: LISTED.index(name)]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "eval":
            assert {alias.name for alias in node.names} <= set(above)
        elif isinstance(node, ast.ImportFrom) and str(node.module).startswith("eval."):
            assert str(node.module).removeprefix("eval.") in above
