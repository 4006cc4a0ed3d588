"""Where a run of the command begins, also as `python -m backfile`."""

import signal


def main() -> None:
    """The `backfile` command. Until its parts are loaded, Ctrl-C ends it without a word."""
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    from backfile.cli import main as run

    signal.signal(signal.SIGINT, before)
    try:
        run()
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # once more, it would be told at length by what ends the run


if __name__ == "__main__":
    main()
