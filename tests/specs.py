"""What Slack and Discord publish about their calls, where a copy lies beside the repository."""

import os
from pathlib import Path

_NAMED = os.environ.get("SHOES_SPECS")
FOLDER = Path(_NAMED) if _NAMED else Path(__file__).resolve().parents[2] / "shared" / "specs"
# A folder that is named has to be there: a wrong name is a mistake, and must not look like a skipped test.
HERE = bool(_NAMED) or FOLDER.is_dir()
NOT_HERE = "what Slack and Discord publish is not here: no SHOES_SPECS, and no ../shared/specs"
