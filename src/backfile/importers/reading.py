"""How far a file has been read, whatever reads it."""

from __future__ import annotations

from dataclasses import replace
from typing import BinaryIO

from backfile.importers.base import Source


class Reading:
    """A source that tells how far it was read by those who opened it first; later looks into it do not count."""

    def __init__(self, source: Source) -> None:
        self._open = source.open
        self._files: list[BinaryIO] = []
        self._begun = False
        self.source = replace(source, open=self._opened)

    def _opened(self) -> BinaryIO:
        file = self._open()
        if not self._begun:
            self._files = [file]
        return file

    def position(self) -> int:
        """Bytes; 0 where nothing is open."""
        self._begun = True
        return max((file.tell() for file in self._files if not file.closed), default=0)
