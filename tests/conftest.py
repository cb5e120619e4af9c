"""What every test shares: how long Hypothesis searches, here and in CI."""

import os

from hypothesis import settings

# No deadline: a busy machine is slow, not wrong. Each run searches somewhere new,
# and a failure prints the line that repeats it.
settings.register_profile("here", deadline=None, derandomize=False, print_blob=True)
settings.register_profile("ci", parent=settings.get_profile("here"), max_examples=300)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "here"))
