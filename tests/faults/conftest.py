"""`--faults=all` tries every kind of fault instead of a share, `--faults=every` each of them at every call."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def every_fault(request) -> bool:
    return request.config.getoption("--faults") != "some"


@pytest.fixture
def faults(request) -> str:
    return str(request.config.getoption("--faults"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--faults") != "some":
        return
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent) and item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.skip(reason="tried with --faults=all"))
