"""One program on both platforms, for stories that it tells there alike; and the contract's asserts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

# They say what they compared, as those of test files do.
pytest.register_assert_rewrite("tests.adapters.contract")

from tests.adapters.both import Both, both  # noqa: E402 - after what it is for
from tests.adapters.slack.team import SOCKET  # noqa: E402


@pytest.fixture
def by() -> str:
    """How Slack reaches the program, unless a story says otherwise."""
    return SOCKET


@pytest_asyncio.fixture
async def two(tmp_path: Path, by: str) -> AsyncIterator[Both]:
    async with both(tmp_path, by) as found:
        yield found
