"""What every test shares: how long Hypothesis searches, here and in CI; and quiet, for who asks for it."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings
from structlog.testing import capture_logs

# No deadline: a busy machine is slow, not wrong. Each run searches somewhere new,
# and a failure prints the line that repeats it.
settings.register_profile("here", deadline=None, derandomize=False, print_blob=True)
settings.register_profile("ci", parent=settings.get_profile("here"), max_examples=300)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "here"))


@pytest.fixture
def unheard() -> Iterator[None]:
    """What is logged on the way is not printed: to draw it takes longer than to play."""
    with capture_logs():
        yield
