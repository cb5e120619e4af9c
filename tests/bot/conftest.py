"""The house that stories of the service play in, on both databases; a module may have one of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.bot.house import House, a_house
from tests.databases import BOTH, an_emptied_address


@pytest_asyncio.fixture(params=BOTH)
async def house(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[House]:
    address = "" if request.param == "sqlite" else an_emptied_address()
    async with a_house(tmp_path, address) as built:
        yield built


@pytest_asyncio.fixture
async def file(tmp_path: Path) -> AsyncIterator[House]:
    """A house on a file that can be read."""
    async with a_house(tmp_path) as built:
        yield built
