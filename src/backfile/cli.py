"""Arguments in, exit code out.

Exit codes: 0 done; 1 something asked for was not done (with `--strict`: or there was a warning); 2 wrong usage, a wrong
`backfile.toml`, or a site that cannot be used; 70 a mistake in Backfile itself; 130 interrupted.
"""

from __future__ import annotations

import os
import sys
import traceback
from io import TextIOWrapper
from pathlib import Path

import click

from backfile.commands import building, editing, guarding, importing, leaving, looking, publishing, teaching
from backfile.report import BackfileError, advice
from backfile.terminal import plain
from backfile.version import __version__


def main() -> None:
    """The `backfile` command."""
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = commands.main(prog_name="backfile", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except BackfileError as error:
        sys.stderr.write(f"error: {plain(str(error))}\n")
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.stderr.write("interrupted: what was done is kept; run the same command again to go on\n")
        sys.exit(130)
    except BrokenPipeError:
        _drop_output()
        sys.exit(1)
    except OSError as error:
        what = f"{error.filename or 'A file'} cannot be used ({error.strerror or error})"
        sys.stderr.write(f"error: {plain(what)}. {advice(error)}, then run the same command again\n")
        _drop_output()
        sys.exit(1)
    except Exception as error:  # noqa: BLE001  # the outermost boundary: what gets here is a mistake of ours
        _confess(error)
        sys.exit(70)
    sys.exit(code if isinstance(code, int) else 0)


def _confess(error: Exception) -> None:
    """Say in one line that Backfile itself went wrong, and where to report it."""
    if "--debug" in sys.argv[1:2]:
        traceback.print_exception(error)
    place = traceback.extract_tb(error.__traceback__)[-1]
    what = f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}: {error}"
    told = "Your files are as they were. Report it where you got Backfile, with what `backfile --debug COMMAND` prints"
    sys.stderr.write(f"error: Backfile made a mistake ({plain(' '.join(what.split()))[:300]}). {told}\n")


def _open_closed_streams() -> None:
    """Give standard streams that the caller closed to nobody, lest a file of the archive takes their place."""
    while (spare := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(spare)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode, encoding="utf-8"))


def _drop_output() -> None:
    """Let the interpreter's last flush go nowhere, where standard output takes nothing."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="backfile %(version)s")
@click.option("--debug", is_flag=True, expose_value=False, help="Show where a mistake of Backfile's own happened.")
def commands() -> None:
    """Turn saved news articles into a clean, browsable archive that is yours.

    \b
    backfile init my-archive
    cp ~/Downloads/*.html my-archive/content/saved/
    cd my-archive && backfile build
    """


for _group in (building, importing, looking, editing, guarding, leaving, publishing, teaching):
    for _command in _group.COMMANDS:
        commands.add_command(_command)
