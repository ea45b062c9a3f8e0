"""The order of the tests: files with real models, servers and browsers first, so that none is left to run alone at
the end when several processes share the work."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    real = {item.path for item in items if item.get_closest_marker("real")}
    items.sort(key=lambda item: item.path not in real)
