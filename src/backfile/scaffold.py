"""A new site folder."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from backfile.config import CONFIG_NAME
from backfile.files import sweep, write_new
from backfile.report import SiteError
from backfile.version import __version__

WORKFLOW = ".github/workflows/pages.yml"
_SAMPLES = {"content/pages/about.md": "about.md", "content/saved/sample.html": "sample.html"}


_TAKEN = ("content", "build", "templates", ".backfile")


def outer_site(folder: Path) -> Path | None:
    """The site in which a folder stands, where it stands in one."""
    return next((above for above in folder.resolve().parents if (above / CONFIG_NAME).is_file()), None)


def make_site(folder: Path, *, bare: bool = False, github: bool = False) -> list[Path]:
    """Make a site folder, or complete one, without touching a file that is there; returns the files it wrote.

    `bare` leaves the page and the sample out, `github` adds a workflow that publishes the site on GitHub Pages, also to
    a site that is there. Raises SiteError where `folder` is a file, is a site already, or stands where
    another site keeps its own files.
    """
    if folder.exists() and not folder.is_dir():
        raise SiteError(f"{folder} is a file. Name a folder for the new site")
    sweep(folder, below=False)
    sweep(folder / "content" / "pages", below=False)
    if (folder / CONFIG_NAME).exists() and not github:
        raise SiteError(
            f"{folder} is a site already. Put saved pages into {folder / 'content' / 'saved'} and run `backfile build`"
        )
    outer = outer_site(folder)
    if outer and folder.resolve().relative_to(outer).parts[0] in _TAKEN:
        raise SiteError(f"{folder} is inside the site {outer}. Use that one, or name a folder outside of it")
    files = {WORKFLOW: "pages.yml"} if github else {}
    if not (folder / CONFIG_NAME).exists():
        for part in ("content/saved", "content/articles", "content/pages"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        # The settings come last: they make the folder a site, so that a run that was ended can be done again.
        files |= {**({} if bare else _SAMPLES), ".gitignore": "gitignore", CONFIG_NAME: CONFIG_NAME}
    return [folder / name for name, starter in files.items() if _write(folder / name, starter)]


def _write(path: Path, starter: str) -> bool:
    text = (resources.files("backfile.starters") / starter).read_text("utf-8")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        write_new(path, text.replace("@VERSION@", __version__).encode())
    except FileExistsError:
        return False
    return True
