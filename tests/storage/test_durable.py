"""What was acknowledged is on the disk: the system is asked to sync once for each commit."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest

from tests.databases import an_address

TWO_HUNDRED_COMMITS = """
import asyncio, sys
from storage.database import open_database

async def main():
    database = open_database(sys.argv[1])
    for n in range(200):
        await database.write(lambda tx: tx.connection.exec_driver_sql(
            f"INSERT INTO people (id) VALUES ('{n}')"))
    await database.close()

asyncio.run(main())
"""


def test_two_hundred_commits_are_two_hundred_syncs(tmp_path: Path) -> None:
    if which("strace") is None:
        pytest.skip("strace is not installed: nothing else can count what reaches the disk")
    if subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True).returncode:
        pytest.skip("this machine does not let one process watch another (ptrace)")
    record = tmp_path / "syncs"

    watched = ("strace", "-f", "-y", "-e", "trace=fdatasync,fsync", "-o", record)
    program = (sys.executable, "-c", TWO_HUNDRED_COMMITS, an_address("sqlite", tmp_path))
    subprocess.run([*watched, *program], check=True)

    syncs = [line for line in record.read_text().splitlines() if "-wal>" in line and "= 0" in line]
    # One more for the head of the log, each time it begins anew.
    assert 200 <= len(syncs) <= 203
