"""Odd files, odd times, odd surroundings, damaged caches: one bad thing costs only itself."""

from __future__ import annotations

import errno
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from backfile.config import load_site
from backfile.pipeline import build_site
from tests.faults.harness import (
    FIRST,
    RICH,
    built,
    check_after_fault,
    command,
    content,
    copy,
    environment,
    make,
    page,
    runner,
    same,
    temporaries,
)

SLOW = pytest.mark.slow
pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs POSIX")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("surroundings")
    site = make(folder / "site", FIRST)
    done = copy(site, folder / "done")
    result = command(done, "build")
    assert result.returncode == 0, result.stderr
    return site, done, content(done), built(done)


def ends_well(root: Path, undisturbed: tuple) -> None:
    """A run without faults gives the undisturbed result."""
    result = command(root, "build")
    assert result.returncode == 0, result.stderr
    same(content(root), undisturbed[2], "content")
    same(built(root), undisturbed[3], "build")
    assert not temporaries(root)


def clear(result: subprocess.CompletedProcess[str], *codes: int) -> None:
    """A wanted exit code, something said, and no traceback."""
    assert result.returncode in codes, (result.returncode, result.stderr)
    assert "Traceback" not in result.stderr
    assert result.stderr


def limit(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize("size", [300, *(pytest.param(n, marks=SLOW) for n in (0, 4096, 20_000))])
def test_files_may_not_grow(undisturbed, tmp_path, size):
    root = copy(undisturbed[0], tmp_path / "site")
    result = command(root, "build", preexec_fn=partial(limit, size))
    clear(result, 1, 2)
    assert "[Errno" not in result.stderr
    ends_well(root, undisturbed)


def open_to_others(folder: Path) -> None:
    """Let another user reach a folder of this run's own: those above it are closed to everybody else."""
    for each in (folder, *folder.parents[:3]):
        if each == Path(tempfile.gettempdir()):
            return
        each.chmod(0o755)


@pytest.mark.slow
def test_no_right_to_write_or_read(undisturbed, tmp_path):
    """As another user than root, whom no mode stops."""
    if os.geteuid():
        pytest.skip("needs root to become somebody else")
    open_to_others(tmp_path)
    root = copy(undisturbed[0], tmp_path / "site")
    for path in (root, *root.rglob("*")):
        os.chown(path, 65534, 65534)
    (tmp_path / "other").mkdir()
    with runner(tmp_path / "other") as one:
        for name in ("content/saved/c", "content/saved/a.html"):
            (root / name).chmod(0)
            code, said = one.plain(root, ["build"], uid=65534)
            assert (code, "Traceback" in said, name in said) == (1, False, True), said
            (root / name).chmod(0o755)
        for name in ("build", ".backfile", "content/articles", "content/receipts"):
            (root / name).chmod(0o555)
            make(root, {"content/saved/z.html": page(f"Last {name}", name)})
            os.chown(root / "content/saved/z.html", 65534, 65534)
            code, said = one.plain(root, ["build", "--force"], uid=65534)
            assert "Traceback" not in said
            assert code in ((1, 2) if name in (".backfile", "content/receipts") else (0, 1)), said
            (root / name).chmod(0o755)
    assert not temporaries(root)


@pytest.mark.slow
def test_pictures_that_cannot_be_read(tmp_path):
    """One beside a page is looked for by `reclean` once it can be; pages do without one of the archive until then."""
    if os.geteuid():
        pytest.skip("needs root to become somebody else")
    open_to_others(tmp_path)
    files = {name: data for name, data in RICH.items() if not name.endswith((".zip", "about.md"))}
    root, other = make(tmp_path / "site", files), make(tmp_path / "undisturbed", files)
    for path in (root, *root.rglob("*")):
        os.chown(path, 65534, 65534)
    (tmp_path / "other").mkdir()
    with runner(tmp_path / "other") as one:
        assert one.plain(other, ["build"])[0] == 0
        saved = root / "content/saved/p_files/one.png"
        saved.chmod(0)
        code, said = one.plain(root, ["build"], uid=65534)
        assert (code, "p_files/one.png is not kept: cannot be read" in said) == (0, True), said
        saved.chmod(0o644)
        assert one.plain(root, ["reclean"], uid=65534)[0] == 0
        kept = next((root / "content/media").rglob("*.png"))
        kept.chmod(0)
        for _ in range(3):
            time.sleep(0.1)  # what is younger is looked at again in any case
            code, said = one.plain(root, ["build"], uid=65534)
            assert (code, f"{kept.name}: cannot be read" in said) == (1, True), said
        kept.chmod(0o644)
        assert one.plain(root, ["build"], uid=65534)[0] == 0
    same(built(root), built(other), "build")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("check", "name"),
    [
        *(("verify", name) for name in ("saved/c", "articles/2024", "receipts", "media", "saved/a.html")),
        *(("check", name) for name in ("saved/c", "articles/2024", "receipts", "media")),
    ],
)
def test_what_cannot_be_listed_is_named_and_the_rest_looked_at(undisturbed, tmp_path, check, name):
    if os.geteuid():
        pytest.skip("needs root to become somebody else")
    open_to_others(tmp_path)
    root = copy(undisturbed[1], tmp_path / "site")
    make(root, {"content/media/ab/unused.png": "x"})
    for path in (root, *root.rglob("*")):
        os.chown(path, 65534, 65534)
    (tmp_path / "other").mkdir()
    (root / "content" / name).chmod(0)
    with runner(tmp_path / "other") as one:
        code, said = one.plain(root, [check], uid=65534)
    (root / "content" / name).chmod(0o755)
    assert "Traceback" not in said
    assert "gone" not in said, said
    assert (code, f"content/{name}" in said) == (1, True), said
    assert (check, name) != ("check", "articles/2024") or "unused.png" not in said, (
        "whether it is unused cannot be told"
    )


def test_pages_that_cannot_be_listed_end_the_build(tmp_path, monkeypatch):
    """They would go from the site, and nobody would be told."""
    root = make(tmp_path / "site", {"backfile.toml": "", "content/pages/about.md": "# About\n"})
    build_site(load_site(root))
    listed = os.listdir

    def refused(folder):
        if Path(folder).name == "pages":
            raise PermissionError(errno.EACCES, "Permission denied", str(folder))
        return listed(folder)

    monkeypatch.setattr(os, "listdir", refused)
    with pytest.raises(PermissionError):
        build_site(load_site(root))
    assert (root / "build/pages/about.html").is_file()


def test_a_page_that_could_not_be_read_at_first(undisturbed, tmp_path):
    """Its address came meanwhile from a list, and more about it from another one."""
    root = copy(undisturbed[0], tmp_path / "site")
    path = root / "content/saved/c/d.html"
    path.rename(tmp_path / "d.html")
    assert command(root, "build").returncode == 0
    (tmp_path / "d.html").rename(path)
    ends_well(root, undisturbed)


def test_odd_files_cost_only_themselves(undisturbed, tmp_path):
    root = copy(undisturbed[0], tmp_path / "site")
    saved = root / "content/saved"
    (saved / "loop").symlink_to(saved)
    (saved / "itself.html").symlink_to("itself.html")
    (saved / "zero.html").symlink_to("/dev/zero")
    os.mkfifo(saved / "pipe.html")
    os.mkfifo(root / "content/articles/pipe.md")
    deep = saved.joinpath(*["deep"] * 60)
    deep.mkdir(parents=True)
    name = os.fsencode(saved) + b"/caf\xe9.html"
    Path(os.fsdecode(name)).write_text(page("Café", "cafe"))
    result = command(root, "build")
    clear(result, 1)
    assert "not UTF-8" in result.stderr
    assert "pipe.html" in result.stderr
    Path(os.fsdecode(name)).unlink()
    ends_well(root, undisturbed)


def test_odd_files_are_not_added(undisturbed, tmp_path):
    root = copy(undisturbed[0], tmp_path / "site")
    odd = tmp_path / "odd"
    make(odd, {"good.html": page("Good", "good")})
    os.mkfifo(odd / "pipe.html")
    (odd / "zero.html").symlink_to("/dev/zero")
    (odd / "loop").symlink_to(odd)
    Path(os.fsdecode(os.fsencode(odd) + b"/caf\xe9.html")).write_text(page("Café", "cafe"))
    result = command(root, "add", str(odd))
    clear(result, 0)
    assert (root / "content/saved/odd/café.html").is_file()
    assert "2 copied" in result.stdout
    clear(command(root, "add", str(odd / "pipe.html"), str(odd / "nothing")), 1)


@pytest.mark.parametrize("name", ["catalog.sqlite", *(pytest.param(n, marks=SLOW) for n in ("catalog.seal", "lock"))])
@pytest.mark.parametrize("damage", ["cut", *(pytest.param(d, marks=SLOW) for d in ("emptied", "garbled", "gone"))])
def test_damaged_state(undisturbed, tmp_path, name, damage):
    root = copy(undisturbed[1], tmp_path / "site")
    path = root / ".backfile" / name
    data = path.read_bytes()
    changed = {"emptied": b"", "cut": data[: len(data) // 2], "garbled": bytes(b ^ 0x55 for b in data)}
    if damage in changed:
        path.write_bytes(changed[damage])
    else:
        path.unlink()
    ends_well(root, undisturbed)


@pytest.mark.parametrize(
    "name",
    [
        "fixity",
        *(pytest.param(n, marks=SLOW) for n in ("lock", "holder", "templates", "catalog.sqlite", "catalog.seal")),
    ],
)
def test_a_folder_in_place_of_a_cache_is_set_aside(undisturbed, tmp_path, name):
    root = copy(undisturbed[1], tmp_path / "site")
    path = root / ".backfile" / name
    for _ in range(2):
        path.unlink(missing_ok=True)
        make(root, {f".backfile/{name}/mine.txt": "x"})
        ends_well(root, undisturbed)
    kept = sorted(p.relative_to(root / ".backfile").as_posix() for p in (root / ".backfile").glob("*/mine.txt"))
    assert kept == [f"{name}.aside/mine.txt", f"{name}.aside1/mine.txt"]


@pytest.mark.parametrize("name", ["fixity", "templates", "catalog.sqlite", "catalog.seal"])
def test_any_bit_of_the_state_may_flip(undisturbed, tmp_path, name):
    root = copy(undisturbed[1], tmp_path / "site")
    path = root / ".backfile" / name
    data = bytearray(path.read_bytes())
    dice = random.Random(name)
    for _ in range(20):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    path.write_bytes(data)
    ends_well(root, undisturbed)


def test_built_files_come_back(undisturbed, tmp_path):
    root = copy(undisturbed[1], tmp_path / "site")
    for number, path in enumerate(sorted((root / "build").rglob("*"))):
        if path.is_file() and number % 3 == 0:
            path.unlink()
    (root / "build/.backfile-site").unlink(missing_ok=True)
    ends_well(root, undisturbed)


@pytest.mark.parametrize("cut", [slice(0), slice(100), slice(None, None, -1)], ids=["emptied", "cut", "garbled"])
def test_built_files_that_were_altered_are_made_anew(undisturbed, tmp_path, cut):
    """As power cuts and careless hands leave them: under the right name."""
    root = copy(undisturbed[1], tmp_path / "site")
    ends_well(root, undisturbed)
    for path in sorted((root / "build").rglob("*"))[::3]:
        if path.is_file() and not path.name.startswith("."):
            path.write_bytes(path.read_bytes()[cut])
    ends_well(root, undisturbed)


@pytest.mark.slow
def test_killed_before_the_folder_was_marked(undisturbed, tmp_path):
    root = copy(undisturbed[0], tmp_path / "site")
    make(root, {"build/.backfile-site.123.backfile-tmp": ""})
    ends_well(root, undisturbed)


@pytest.mark.parametrize("when", [0, pytest.param(-1e8, marks=SLOW), pytest.param(4_294_967_296, marks=SLOW)])
def test_clocks(undisturbed, tmp_path, when):
    """1966, 1970 and 2106 on the files, and a clock that says so to the program."""
    root = copy(undisturbed[0], tmp_path / "site")
    for path in root.rglob("*.html"):
        os.utime(path, (when, when))
    clock = f"import time; time.time_ns = lambda: {int(when * 1e9)}; time.time = lambda: {when}"
    code = f"{clock}; import backfile.cli as c; c.main()"
    for _ in range(2):
        result = subprocess.run(
            [sys.executable, "-c", code, "build"], cwd=root, env=environment(), check=False, timeout=60
        )
        assert result.returncode == 0
    ends_well(root, undisturbed)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1"}, marks=SLOW),
        {"LC_ALL": "C", "LANG": None, "PYTHONIOENCODING": "ascii", "PYTHONHASHSEED": "2"},
        pytest.param({"HOME": None, "TZ": "America/St_Johns", "LC_ALL": "tr_TR.ISO-8859-9"}, marks=SLOW),
        pytest.param({"HOME": "/nonexistent", "TMPDIR": "/nonexistent"}, marks=SLOW),
    ],
)
def test_other_surroundings_same_bytes(undisturbed, tmp_path, changes):
    root = copy(undisturbed[0], tmp_path / "site")
    result = command(root, "build", env=environment(**changes), umask=0o077)
    assert result.returncode == 0, result.stderr
    same(content(root), undisturbed[2], "content")
    same(built(root), undisturbed[3], "build")


@pytest.mark.slow
def test_the_order_of_folders_does_not_matter(undisturbed, tmp_path):
    root = copy(undisturbed[0], tmp_path / "site")
    code = (
        "import contextlib, os, backfile.cli as c; scan = os.scandir\n"
        "class Backwards(contextlib.ExitStack):\n"
        "    def __init__(self, path='.'):\n"
        "        super().__init__()\n"
        "        self.found = iter(sorted(scan(path), key=lambda e: e.name, reverse=True))\n"
        "    def __iter__(self): return self.found\n"
        "    def __next__(self): return next(self.found)\n"
        "os.scandir = Backwards; c.main()"
    )
    subprocess.run([sys.executable, "-c", code, "build"], cwd=root, env=environment(), check=True, timeout=60)
    same(content(root), undisturbed[2], "content")
    same(built(root), undisturbed[3], "build")


@pytest.mark.parametrize("ending", [">&- 2>&- <&-", *(pytest.param(e, marks=SLOW) for e in (">&-", "2>&-", "| true"))])
def test_closed_streams(undisturbed, tmp_path, ending):
    root = copy(undisturbed[0], tmp_path / "site")
    shell = f"'{sys.executable}' -m backfile build {ending}"
    result = subprocess.run(shell, shell=True, cwd=root, env=environment(), capture_output=True, text=True, check=False)
    assert "Traceback" not in result.stderr
    assert "Exception" not in result.stderr
    assert result.returncode == 0
    ends_well(root, undisturbed)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_output_that_cannot_be_written(undisturbed, tmp_path):
    root = copy(undisturbed[0], tmp_path / "site")
    with Path("/dev/full").open("w") as full:
        result = command(root, "build", capture_output=False, stdout=full, stderr=subprocess.PIPE)
    clear(result, 1)
    assert result.stderr.count("\n") == 1
    ends_well(root, undisturbed)


@pytest.mark.slow
def test_a_damaged_receipt_costs_only_its_article(undisturbed, tmp_path):
    root = copy(undisturbed[1], tmp_path / "site")
    path = next(p for p in sorted((root / "content/receipts").rglob("*.json")) if "a.html" in p.read_text())
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    shutil.rmtree(root / ".backfile")
    result = command(root, "build")
    clear(result, 1)
    assert str(path.name) in result.stderr
    path.write_bytes(data)
    command(root, "build", "--force")
    ends_well(root, undisturbed)


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    """A file system of this size in a folder; skips where none can be mounted."""
    folder.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.geteuid() or not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a small file system")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("size", ["200k", *(pytest.param(f"{n}k", marks=SLOW) for n in (120, 400, 600))])
def test_a_small_disk_that_grows(undisturbed, tmp_path, size):
    disk = tmp_path / "disk"
    with small_disk(disk, size):
        root = copy(undisturbed[0], disk / "site")
        before = content(root)
        result = command(root, "build")
        clear(result, 1, 2)
        check_after_fault(before, content(root), undisturbed[2], result.stderr)
        subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
        ends_well(root, undisturbed)


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=SLOW) for n in range(1, 8))])
def test_files_that_come_go_and_change_meanwhile(undisturbed, tmp_path, seed):
    """Somebody else works in `content/saved/` while a build runs; when all is as it was, so is the result."""
    root = copy(undisturbed[0], tmp_path / "site")
    saved = sorted((root / "content/saved").rglob("*.html"))
    whole = {path: path.read_bytes() for path in saved}
    dice = random.Random(seed)
    process = subprocess.Popen(
        [sys.executable, "-m", "backfile", "build", "--jobs", "2"], cwd=root, env=environment(),
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while process.poll() is None:
        path = dice.choice(saved)
        if path.exists() and dice.random() < 0.5:
            path.unlink()
        else:
            path.write_bytes(whole[path][: dice.choice([0, 200, None])])
        time.sleep(0.01)
    said = process.communicate(timeout=60)[1]
    assert "Traceback" not in said
    for path, data in whole.items():
        path.write_bytes(data)
    assert command(root, "build").returncode == 0
    assert not temporaries(root)
    titles = {p.stem for p in (root / "content/articles").rglob("*.md")}
    assert titles >= {Path(name).stem for name in undisturbed[2] if name.startswith("articles/2024")}
    assert content(root).items() >= {(f"saved/{p.name}", whole[p]) for p in saved if p.parent.name == "saved"}
