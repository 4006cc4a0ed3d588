"""A small site, real runs of `backfile` on it, and what must hold after each."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image

from backfile.files import TEMPORARY
from backfile.fixity import LOG, MANIFEST
from backfile.receipts import is_sealed
from tests.conftest import article, write_files

ROOT = Path(__file__).parents[2]

STORY = (
    "<p>"
    + "</p><p>".join(
        f"In part {n} of the story the harbour master counted {n} ships, and wrote them into the great book."
        for n in range(12)
    )
    + "</p>"
)


def page(title: str, address: str, when: str = "2024-03-05T10:00:00+01:00") -> str:
    """A saved news page."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<link rel="canonical" href="https://gazette.example/{address}">'
        f'<meta property="og:type" content="article"><meta property="og:title" content="{title}">'
        f'<meta property="og:site_name" content="Gazette"><meta property="article:published_time" content="{when}">'
        f"</head><body><article><h1>{title}</h1>{STORY}</article></body></html>\n"
    )


def bookmarks(*links: tuple[str, str, str]) -> str:
    """A browser's bookmarks as (address, title, tags)."""
    rows = "".join(
        f'<DT><A HREF="https://gazette.example/{a}" ADD_DATE="1709629200" TAGS="{t}">{n}</A>\n' for a, n, t in links
    )
    return (
        f"<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<TITLE>Bookmarks</TITLE>\n<H1>Bookmarks</H1>\n<DL><p>\n{rows}</DL><p>\n"
    )


FIRST: dict[str, str | bytes] = {
    "backfile.toml": 'title = "Test"\naddress = "https://archive.example/"\n',
    "content/articles/2023/own.md": article("Written by hand", date="2023-02-03", tags="[sea]"),
    "content/saved/a.html": page("Ships in the harbour", "ships"),
    "content/saved/b.html": bookmarks(("storm", "A storm is coming", "sea, wind"), ("ships", "Ships", "seen")),
    "content/saved/c/d.html": page("A storm is coming", "storm"),
    "content/saved/e.html": page("Ships in the river", "other", "2024-03-09"),
    "content/saved/f.html": bookmarks(("later", "Later", "one"), ("storm", "Storm", "again")),
}
SECOND: dict[str, str | bytes] = {
    "content/saved/g.html": page("Later", "later", "2024-04-01"),
    "content/saved/i.html": page("Ships in the harbour", "third", "2024-03-11"),
    "content/saved/h.html": bookmarks(("other", "Other", "late"), ("nowhere", "Nowhere", "x")),
}

BATCH: dict[str, str | bytes] = {
    f"{n}.html": page(f"Story number {n}", f"n{n}", f"2024-05-{n + 1:02d}")
    .replace("harbour master", f"master of harbour {n}")
    .replace("</article>", "<p>The Gazette has counted ships here for a hundred years, and will go on.</p></article>")
    for n in range(11)
}
"""Pages enough of one site to learn what recurs in them."""


def _drawing(colour: str) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (900, 600), colour).save(data, "PNG")
    return data.getvalue()


def illustrated(title: str, address: str, picture: str) -> str:
    """A saved page with a picture."""
    figure = f'<figure><img src="{picture}" width="900" height="600"><figcaption>A ship at sea</figcaption></figure>'
    return page(title, address).replace("<p>In part 3", f"{figure}<p>In part 3")


def _packed(files: dict[str, str | bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return data.getvalue()


RICH: dict[str, str | bytes] = {
    **{name: FIRST[name] for name in ("backfile.toml", "content/saved/a.html")},
    "content/pages/about.md": "# About\n\nThis archive.\n",
    "content/publishers/gazette.example.toml": '[[rules]]\naction = "drop"\ntext = "In part 5 of the story the harbour'
    ' master counted 5 ships, and wrote them into the great book."\n',
    "content/saved/again.html": page("Ships in the harbour", "ships").replace("great book", "larger book"),
    "content/saved/clip.md": "---\ntitle: A clipping\nsource: https://gazette.example/clip\n---\n\nIts ==words==.\n",
    "content/saved/p.html": illustrated("Pictures of ships", "pictures", "p_files/one.png"),
    "content/saved/p_files/one.png": _drawing("red"),
    "content/saved/z.zip": _packed(
        {
            "in/other.html": page("Other ships", "packed"),
            "in/z.html": illustrated("Packed ships", "zip", "z_files/z.png"),
            "in/z_files/z.png": _drawing("navy"),
        }
    ),
}
"""Pictures, a container, two captures of one story, a note, a rule, a page by hand."""

Tree = dict[str, bytes]


def content(root: Path) -> Tree:
    """Every file of `content/` but for the log, whose lines are dated."""
    return {name: data for name, data in _tree(root / "content").items() if name != LOG}


def built(root: Path) -> Tree:
    """Every file of `build/`, also hidden ones."""
    return _tree(root / "build")


def exported(root: Path) -> Tree:
    """Every file of an export or a new site in `out/`."""
    return _tree(root / "out")


def _tree(folder: Path) -> Tree:
    found = {}
    for where, _, names in os.walk(folder):
        for name in names:
            path = Path(where, name)
            if path.is_file() and not path.is_symlink():
                found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


def temporaries(root: Path) -> list[str]:
    """What killed runs left half-written."""
    return sorted(str(p.relative_to(root)) for p in root.rglob(f"*{TEMPORARY}"))


def environment(**changes: str | None) -> dict[str, str]:
    """This environment with our source in it, and changes; None takes a variable out."""
    found = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", **changes}
    return {name: value for name, value in found.items() if value is not None}


def command(root: Path, *argv: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run `backfile` to its end."""
    options = {
        "env": environment(),
        "capture_output": True,
        "text": True,
        "timeout": 120,
        "errors": "replace",
        **options,
    }
    return subprocess.run([sys.executable, "-m", "backfile", *argv], cwd=root, check=False, **options)


def make(root: Path, *parts: dict[str, str | bytes]) -> Path:
    """A site folder of these files."""
    for part in parts:
        write_files(root, part)
    return root


def copy(site: Path, to: Path) -> Path:
    """A copy of a site with its times, in place of what is there."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(site, to, symlinks=True)
    return to


class Runner:
    """Runs with faults (`runner.py`), and then without."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process, self._folder = process, folder
        self.root = folder / "site"
        """Where sites are to stand: the program has met one there already."""

    def run(self, root: Path, argv: list[str], calls: Sequence[str], k: int, fault: str) -> tuple[int, bool, str]:
        """(exit code, was the fault reached, what was said)."""
        code, count, said = self._ask(root, argv, calls=calls, k=k, fault=fault)
        return code, count >= k, said

    def plain(self, root: Path, argv: list[str], *, uid: int = 0) -> tuple[int, str]:
        """A run without a fault, as another user if wanted."""
        code, _, said = self._ask(root, argv, uid=uid)
        return code, said

    def trace(self, root: Path, argv: list[str], calls: Sequence[str]) -> list[str]:
        """The calls of a run, each as its kind and the file below the site's folder."""
        path = self._folder / "trace"
        path.unlink(missing_ok=True)
        self._ask(root, argv, calls=calls, k=1 << 40, fault="EIO", trace=str(path))
        return path.read_text("utf-8", "replace").splitlines()

    def _ask(self, root: Path, argv: list[str], **how: Any) -> tuple[int, int, str]:
        log = self._folder / "log"
        case = {"cwd": str(root), "argv": argv, "fault": "", "log": str(log), "uid": 0, "trace": "", **how}
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(case) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        said = Path(f"{log}.out").read_text("utf-8", "replace") + Path(f"{log}.err").read_text("utf-8", "replace")
        return answer["code"], answer["count"], said


def fault_library(folder: Path) -> Path | None:
    """`fault.c`, compiled; None where that cannot be done."""
    compiler = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
    if sys.platform != "linux" or not compiler:
        return None
    library = folder / "fault.so"
    source = Path(__file__).with_name("fault.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    return library


@contextmanager
def runner(folder: Path, library: Path | None = None) -> Iterator[Runner]:
    """A runner of its own, ended afterwards; without the library it can run without faults only."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.runner", str(folder / "site"), *([str(library)] if library else [])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment(LD_PRELOAD=str(library) if library else None),
    )
    with process:
        try:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
            yield Runner(process, folder)
        finally:
            assert process.stdin
            process.stdin.close()


def check_after_fault(before: Tree, after: Tree, end: Tree, said: str) -> None:
    """Every file is as it was, or as the undisturbed run leaves it; temporary ones are known by their ending."""
    assert "Traceback" not in said, said
    if MANIFEST in after:  # of as many files as could be read
        lines, _, seal = after[MANIFEST].rpartition(b"# ")
        assert hashlib.sha256(lines).hexdigest() == seal.decode().strip()
    before, after, end = (
        {name: data for name, data in tree.items() if name != MANIFEST} for tree in (before, after, end)
    )
    for name, data in before.items():
        if name in after:
            under_way = name.startswith("receipts/") and is_sealed(after[name])
            assert under_way or after[name] in (data, end.get(name)), name
        else:
            assert name not in end, f"{name} is lost"
    for name, data in after.items():
        if name not in before and not name.endswith(TEMPORARY):
            known = end.get(name)
            assert known is None or data == known or name.startswith(("receipts/", "articles/")), name
            assert data.endswith(b"\n") or data == known, f"{name} is half-written"


def check_pages_are_whole(root: Path) -> None:
    """No page of `build/` is short, however its build ended."""
    short = [name for name, data in built(root).items() if name.endswith(".html") and not data.endswith(b"</html>\n")]
    assert not short, f"half-written: {short[:8]}"


def same(found: Tree, wanted: Tree, what: str) -> None:
    """Two trees are one, or the difference is named."""
    names = sorted(name for name in found.keys() | wanted.keys() if found.get(name) != wanted.get(name))
    assert not names, f"{what} differs in {names[:8]}"
