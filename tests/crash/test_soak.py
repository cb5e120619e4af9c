"""Killed at random moments while twenty players vote: what was acknowledged is what is stored."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.crash.soak import soak
from tests.crash.world import World
from tests.databases import BOTH, an_empty_address

KILLS = 6


@pytest.mark.parametrize("kind", BOTH)
def test_six_kills_under_load(kind: str, tmp_path: Path) -> None:
    seed = random.randrange(1_000_000)
    print(f"seed {seed}")  # noqa: T201 - shown when it fails

    with World(tmp_path, url=an_empty_address(kind, tmp_path)) as world:
        survived = soak(world, KILLS, seed)

    assert survived.kills == KILLS
    assert survived.votes >= KILLS
