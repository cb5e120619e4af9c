"""One process per database: locks that let go by themselves when the process ends."""

from __future__ import annotations

import fcntl
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

_OURS = 0x5_0E5  # any number, as long as no other lock of ours has it


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


class ServerLock:
    """The same on a PostgreSQL server: held by a connection of its own, for as long as that lasts."""

    def __init__(self, url: sa.URL) -> None:
        self._connection = sa.create_engine(
            url, poolclass=NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True
        ).connect()
        self.taken = bool(self._connection.scalar(sa.select(sa.func.pg_try_advisory_lock(_OURS))))
        if not self.taken:
            self._connection.close()

    def release(self) -> None:
        """Let another process have it."""
        if self.taken:
            self._connection.close()
            self.taken = False
