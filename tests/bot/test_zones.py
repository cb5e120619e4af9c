"""The rules of the time zones: any change of any zone shows."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import zones


@pytest.fixture
def system(tmp_path: Path) -> Iterator[Path]:
    """A folder with the zones of a system that has none."""
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(to=[str(tmp_path)])
    yield tmp_path
    zoneinfo.reset_tzpath(to=before)


def test_it_is_the_same_as_long_as_the_rules_are(system: Path) -> None:
    assert zones.rules() == zones.rules()


def test_one_zone_with_other_rules_changes_it(system: Path) -> None:
    shipped = zones.rules()
    (system / "Europe").mkdir()
    (system / "Europe" / "London").write_bytes(b"TZif of another parliament")

    assert zones.rules() != shipped
