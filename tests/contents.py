"""Programs whose content is read once in a run: to read it takes longer than most tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from bot.app import App, Contents, read_contents
from bot.settings import Settings


@cache
def contents(*packs: Path) -> Contents:
    """What comes with the program, and more folders of packs."""
    return read_contents(packs)


def app_of(settings: Settings, **more: Any) -> App:
    """The program; `more` as App takes it."""
    return App(settings, contents=contents(*settings.packs), **more)
