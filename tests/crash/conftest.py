"""What these tests share: a world in a folder of its own, and real databases of both kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.crash.players import Player
from tests.crash.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A running program with rooms by invitation, and the practice room."""
    with World(tmp_path, practice=True) as world:
        yield world


@pytest.fixture
def player(world: World) -> Iterator[Callable[[], Player]]:
    """Opens one more browser."""
    with ExitStack() as browsers:

        def opened() -> Player:
            one = Player(world.address)
            browsers.callback(one.close)
            return one

        yield opened
