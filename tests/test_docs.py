"""The documents keep their word: commands run and print as written, pages made from the code are up to date."""

from __future__ import annotations

import inspect
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass, field
from importlib.metadata import distribution
from pathlib import Path

import click
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from backfile import cli
from backfile.config import Cleaning, Pages, SiteConfig, Theme
from backfile.limits import Limits
from backfile.markdown import load_article

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*(ROOT / "docs").glob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])
_FENCE = re.compile(r"(?:<!-- (not run: [^\n]{10,}) -->\n)?```(\w*)\n(.*?)```", re.DOTALL)
_LINK = re.compile(r"\]\(([^()\s]+)\)")


@dataclass
class Command:
    """A command of a document, with what it prints there."""

    text: str
    expected: list[str] = field(default_factory=list)


def blocks(document: Path, kind: str) -> list[tuple[str, str]]:
    """(why it is not run, text) of each fenced block of a kind."""
    return [(why or "", text) for why, name, text in _FENCE.findall(document.read_text("utf-8")) if name == kind]


def commands_in(text: str) -> list[Command]:
    found: list[Command] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append(Command(line[2:]))
        elif line.startswith("> ") or line == ">":
            found[-1].text += f"\n{line[2:]}"
        else:
            found[-1].expected.append(line)
    return found


def run_all(commands: list[Command], folder: Path) -> list[list[str]]:
    """What each command prints, one shell for all of them."""
    home = folder / "home"
    (home / "stick").mkdir(parents=True)
    shim = folder / "bin" / "backfile"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m backfile "$@"\n')
    shim.chmod(0o755)
    (home / "tests").symlink_to(ROOT / "tests")
    script = "".join(f"{command.text}\necho '@@@'\n" for command in commands).replace("/home/you", str(home))
    env = {**os.environ, "PATH": f"{shim.parent}:{os.environ['PATH']}", "HOME": str(home), "NO_COLOR": "1"}
    shell = subprocess.run(
        ["bash", "-c", f"exec 2>&1\n{script}"], cwd=home, env=env, capture_output=True, timeout=240, check=False
    )
    told = shell.stdout.decode().replace(str(home), "/home/you")
    return [part.strip("\n").splitlines() for part in told.split("@@@\n")]


def agrees(expected: list[str], printed: list[str]) -> bool:
    """True where the lines are the same; `…` stands for anything, alone on a line for any lines."""
    pattern = "\n".join(re.escape(line).replace("…", ".*") if line != "…" else "(?s:.*)" for line in expected)
    return re.fullmatch(pattern, "\n".join(printed)) is not None


RUN = [path for path in DOCUMENTS if any(not why for why, _ in blocks(path, "console"))]


@pytest.mark.slow
@pytest.mark.parametrize("document", RUN, ids=lambda path: path.name)
def test_commands_print_what_is_written(document, tmp_path):
    commands = [command for why, text in blocks(document, "console") if not why for command in commands_in(text)]
    wrong = []
    printed = run_all(commands, tmp_path)
    for command, lines in zip(commands, printed, strict=False):
        while command.expected and not command.expected[-1]:
            command.expected.pop()
        if not agrees(command.expected, lines):
            wrong.append("\n".join([f"$ {command.text}", *lines]))
    assert len(printed) > len(commands)
    assert wrong == []


def backfile_lines(document: Path) -> list[str]:
    """Every line of code that begins with the command."""
    text = document.read_text("utf-8")
    lines = [line.removeprefix("$ ") for _, _, block in _FENCE.findall(text) for line in block.splitlines()]
    lines += re.findall(r"`(backfile [^`\n]+)`", text)
    return [line for line in lines if line.startswith("backfile ")]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_that_is_named_is_one(document):
    """Commands and options exist, also where a command is not run because it needs something elsewhere."""
    if document.name == "reference-cli.md":
        pytest.skip("made from the code itself")
    for line in backfile_lines(document):
        words = shlex.split(line.split("  #")[0].split(" && ")[0].split(" > ")[0].split("; ")[0], comments=True)[1:]
        group: click.Command = cli.commands
        while words and isinstance(group, click.Group) and not words[0].startswith("-"):
            assert words[0] in group.commands, line
            group = group.commands[words.pop(0)]
        known = {name for parameter in group.params for name in (*parameter.opts, *parameter.secondary_opts)}
        for word in words:
            if word.startswith("--"):
                assert word.partition("=")[0] in {*known, "--help", "--version"}, line


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document):
    for link in _LINK.findall(re.sub(r"```.*?```|`[^`\n]*`", "", document.read_text("utf-8"), flags=re.DOTALL)):
        name, _, anchor = link.partition("#")
        if "://" in link or link.startswith("mailto:"):
            continue
        target = (document.parent / name).resolve() if name else document
        assert target.exists(), link
        if anchor and target.suffix == ".md":
            headings = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), flags=re.MULTILINE)
            slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
            assert anchor in slugs, link


def test_pages_made_from_the_code_are_up_to_date():
    command = [sys.executable, str(ROOT / "scripts/reference"), "--check"]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout.decode()


def test_every_setting_is_described():
    text = (ROOT / "docs/reference.md").read_text("utf-8")
    parts = {"": SiteConfig, "theme.": Theme, "pages.": Pages, "cleaning.": Cleaning, "limits.": Limits}
    for prefix, part in parts.items():
        for name in part.__struct_fields__:
            assert f"`{prefix}{name}`" in text or f"{name}." in parts, f"{prefix}{name}"


@pytest.mark.slow
def test_the_examples_of_extending_work(tmp_path):
    """In a copy of the package: an importer, a page type and a language are a file each, and nothing else is told."""
    importer, page_type = (text for _, text in blocks(ROOT / "docs/extending.md", "python"))
    package = tmp_path / "src" / "backfile"
    shutil.copytree(ROOT / "src/backfile", package, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "templates").symlink_to(ROOT / "templates")
    (package / "importers/clipping.py").write_text(importer)
    (package / "pages/count.py").write_text(page_type)
    shutil.copy(package / "i18n/de.po", package / "i18n/fi.po")
    site = tmp_path / "site"
    (site / "content/saved").mkdir(parents=True)
    (site / "backfile.toml").write_text('title = "Leikkeet"\nlanguage = "fi"\n')
    times = ("On Monday", "A week ago", "In the spring", "Before the storm", "After the ferry sank", "Once more")
    told = [
        f"{time} the harbour office said that the gauge had been right all along, and nobody heard." for time in times
    ]
    for name in ("one", "two"):
        lines = ["#!clipping", f"Gauge number {name} was right", *told]
        (site / f"content/saved/{name}.clip").write_text("\n".join(lines))
        run = [sys.executable, "-m", "backfile", "build", "--site", str(site), "--all"]
        done = subprocess.run(
            run, env={**os.environ, "PYTHONPATH": str(package.parent)}, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
    assert (site / "build/count.txt").read_text() == "2\n"
    written = sorted(path.name for path in (site / "content/articles").rglob("*.md"))
    assert written == ["gauge-number-one-was-right.md", "gauge-number-two-was-right.md"]
    assert 'lang="fi"' in (site / "build/index.html").read_text("utf-8")


def test_the_figures_of_the_readme_are_measured():
    """Each number of "How good it is" stands in the results, so that one cannot change without the other."""
    section = (ROOT / "README.md").read_text("utf-8").split("## How good it is")[1].split("\n## ")[0]
    numbers = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?![\w])")
    measured = set(numbers.findall((ROOT / "benchmarks/RESULTS.md").read_text("utf-8")))
    told = set(numbers.findall(re.sub(r"\]\([^)]*\)", "]", section)))
    assert len(told) > 10
    assert told - measured == set()


def _installed() -> dict[str, str]:
    """Every package that an installation holds, with its licence as its own metadata tell it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    waiting = [Requirement(line) for line in project["dependencies"]]
    found: dict[str, str] = {}
    while waiting:
        wanted = waiting.pop()
        package = distribution(wanted.name)
        told = package.metadata.get_all("License-Expression", []) or package.metadata.get_all("Classifier", [])
        files = [path.read_text() for path in package.files or () if path.name.upper().startswith("LICEN")]
        named = [line for line in told if " :: " not in line or line.startswith("License")]
        found[canonicalize_name(wanted.name)] = " ".join(named or files)
        needs = map(Requirement, package.requires or ())
        extras = ("", *wanted.extras)
        fitting = (n for n in needs if not n.marker or any(n.marker.evaluate({"extra": each}) for each in extras))
        waiting += [need for need in fitting if canonicalize_name(need.name) not in found]
    return found


def test_the_table_of_licences_is_that_of_an_installation():
    text = (ROOT / "docs/security.md").read_text("utf-8").partition("| licence | packages |\n| --- | --- |\n")[2]
    table: dict[str, str] = {}
    for licence, names in re.findall(r"\| (.+) \| (.+) \|\n", text.partition("\n\n")[0] + "\n"):
        for name, own in re.findall(r"([\w-]+)(?: \(([^()]*)\))?(?:, |$)", names):
            table[canonicalize_name(name)] = own or licence
    installed = _installed()
    assert installed.keys() <= table.keys()
    for name, told in installed.items():
        known = re.split(r" or |, of ", table[name])[0].replace("-", " ")
        assert known.casefold() in told.replace("-", " ").casefold(), (name, table[name], told[:200])
    assert table.keys() - installed.keys() <= {"typing-extensions"}, "newer Pythons do without"


def test_every_key_of_front_matter_is_in_the_reference() -> None:
    keys = re.findall(r'\b(?:fields|archive)\.\w+\(\s*"(\w+)"', inspect.getsource(load_article))
    names = set(re.findall(r"`(\w+)`", (ROOT / "docs/reference.md").read_text("utf-8")))
    assert len(keys) > 25
    assert set(keys) - {"author"} <= names
