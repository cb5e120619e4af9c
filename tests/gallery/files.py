"""The committed files that show every view as a platform's people read it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path


class Files:
    """Those in one folder beside this file. With `update` they are written anew instead of judged."""

    def __init__(self, folder: str, *, update: bool) -> None:
        self._folder = Path(__file__).resolve().parent / folder
        self._update = update

    def judge(self, name: str, rendered: str) -> None:
        """Whether a view reads as its file shows."""
        file = self._of(name)
        if self._update:
            file.write_text(rendered, encoding="utf-8")
        assert file.is_file(), "a new view: run `pytest tests/gallery --update-gallery`"
        assert rendered == file.read_text(encoding="utf-8")

    def belong_to(self, names: Iterable[str]) -> None:
        """Whether every file is one of these views'."""
        left_over = sorted(set(self._folder.glob("*")) - {self._of(name) for name in names})
        if self._update:
            for file in left_over:
                file.unlink()
        else:
            assert left_over == []

    def _of(self, name: str) -> Path:
        return self._folder / (re.sub(r"[^a-z0-9]+", "-", name.lower()) + ".txt")
