"""Fuzz one target with Atheris, guided by coverage, starting from the seeds.

python -m tests.fuzz.run TARGET [-max_total_time=600 and other options of libFuzzer] [CORPUS_FOLDER]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["backfile"]):
    from tests.fuzz.seeds import SEEDS
    from tests.fuzz.targets import TARGETS


def main() -> None:
    """Run until a time is over or a law is broken."""
    name, *options = sys.argv[1:]
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    for number, seed in enumerate(SEEDS[name]):
        (folder / f"seed{number}").write_bytes(b"\x01" * (name in ("importers", "cleaner")) + seed)
    atheris.Setup([sys.argv[0], *options, str(folder)], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
