"""One process per SQLite file: a lock that the system itself lets go of when the process ends."""

from __future__ import annotations

import fcntl
from pathlib import Path


class FileLock:
    """Tries to take the lock at once; `taken` says whether it could."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.taken = True
        except BlockingIOError:
            self._file.close()
            self.taken = False

    def release(self) -> None:
        """Let another process have it."""
        if self.taken:
            self._file.close()
            self.taken = False
