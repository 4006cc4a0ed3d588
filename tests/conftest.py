"""What all tests share: whole sites in a few lines, and a browser where there is one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from backfile.config import Site, load_site

settings.register_profile("fixed", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("fixed")

SHARED = Path(__file__).parents[2] / "shared"

MakeSite = Callable[..., Site]


@pytest.fixture
def make_site(tmp_path: Path) -> MakeSite:
    """A function that makes a site folder from `path="text"` pairs and gives it back loaded."""

    def make(files: dict[str, str | bytes] | None = None, config: str = 'title = "Test"\n') -> Site:
        root = tmp_path / "site"
        write_files(root, {"backfile.toml": config, **(files or {})})
        return load_site(root)

    return make


@pytest.fixture
def shared() -> Path:
    """The folder of labelled pages that stands beside a developer's checkout."""
    if not SHARED.is_dir():
        pytest.skip("the labelled pages are not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium. Missing: a failure under CI, a skip on a user's machine."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not found:
        missing = "no Chromium on this machine: install it to run the browser tests"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return found


def write_files(root: Path, files: dict[str, str | bytes]) -> None:
    """Write files below a folder."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def article(title: str = "A headline", body: str = "Some words.", **fields: str) -> str:
    """The text of an article's file; list values are given as `a, b`."""
    lines = [f"title: {title}", *(f"{key}: {value}" for key, value in fields.items())]
    return "---\n" + "\n".join(lines) + f"\n---\n\n{body}\n"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--faults", choices=("some", "all", "every"), default="some", help="of each kind some, or every one"
    )
