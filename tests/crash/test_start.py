"""What stops a start is told in a sentence with the remedy: no traceback, no secret, and exit code 1."""

from __future__ import annotations

import os
import socket
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from bot.settings import SECRET_LENGTH, Settings, next_secret, secrets_of
from tests.crash import program
from tests.crash.mortal import ProcessEnds
from tests.crash.world import World
from tests.databases import an_address
from tests.patience import PATIENCE
from tests.ports import a_port

SECRET = "a word that must not be told to anybody"


def shoes(folder: Path, *arguments: str, **environment: str) -> tuple[int, str]:
    """Run the command until it ends; its exit code, and what it said."""
    folder.mkdir(exist_ok=True)
    process = program.children().Process(
        target=program.shoes,
        args=(folder, arguments, {f"SHOES_{name}": value for name, value in environment.items()}),
        daemon=True,
    )
    process.start()
    try:
        process.join(PATIENCE)
        code = process.exitcode
        assert code is not None, "it has started"
    finally:
        process.kill()
        process.join()
        process.close()
    said = (folder / program.LOG).read_text(encoding="utf-8")
    assert "Traceback" not in said
    return code, said


def contents(file: Path) -> list[str]:
    """Everything in a database."""
    with closing(sqlite3.connect(file)) as database:
        return list(database.iterdump())


def test_a_second_program_on_the_same_file_is_refused_and_the_first_goes_on(
    world: World, tmp_path: Path
) -> None:
    code, said = shoes(tmp_path / "second", "run", DATABASE_URL=world.url, WEB_PORT="0")

    assert (code, said) == (
        1,
        f"Another In My Shoes is already using {world.folder / 'shoes.db'}. Stop that one first, "
        "or set SHOES_DATABASE_URL to another file.\n",
    )
    assert world.stop() == 0


def test_after_a_kill_the_file_is_free_again(world: World, tmp_path: Path) -> None:
    world.kill()

    code, said = shoes(tmp_path / "second", "migrate", DATABASE_URL=world.url)

    assert (code, said) == (0, "The database is up to date.\n")


def test_the_port_is_taken(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", a_port()))
        other.listen()
        port = other.getsockname()[1]

        code, said = shoes(tmp_path, "run", WEB_PORT=str(port))

    assert (code, said) == (
        1,
        f"Port {port} is taken. Stop what is using it, or set SHOES_WEB_PORT to another number.\n",
    )


@pytest.mark.parametrize("command", ["run", "play", "migrate"])
def test_the_database_is_of_a_newer_version(command: str, tmp_path: Path) -> None:
    url = an_address("sqlite", tmp_path)
    with closing(sqlite3.connect(tmp_path / "shoes.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    before = contents(tmp_path / "shoes.db")

    code, said = shoes(tmp_path, command, DATABASE_URL=url, WEB_PORT="0")

    assert (code, said) == (
        1,
        "This database was made by a newer In My Shoes. Please update the program first.\n",
    )
    assert contents(tmp_path / "shoes.db") == before


def test_the_secret_key_can_be_read_by_others(tmp_path: Path) -> None:
    key = tmp_path / "secret.key"
    key.write_text(SECRET, encoding="ascii")
    key.chmod(0o644)

    code, said = shoes(tmp_path, "run", DATABASE_URL=f"sqlite:///{tmp_path / 'shoes.db'}", WEB_PORT="0")

    assert (code, said) == (1, f"{key} can be read by others. Please run: chmod 600 {key}\n")


def test_the_first_start_makes_a_key_that_nobody_else_can_read(world: World) -> None:
    assert (world.folder / "secret.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("step", ["os.fdopen", "os.fsync", "os.link", "os.unlink"])
def test_a_first_start_that_was_cut_off_leaves_no_empty_key(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ends(*_anything: object) -> None:
        raise ProcessEnds

    with monkeypatch.context() as cut_off:
        cut_off.setattr(step, ends)
        with pytest.raises(ProcessEnds):
            secrets_of(Settings(), tmp_path)

    (secret,) = secrets_of(Settings(), tmp_path)

    assert len(secret) > SECRET_LENGTH
    assert secrets_of(Settings(), tmp_path) == (secret,)


def test_a_new_secret_takes_the_place_of_the_old_one_and_a_cut_off_change_loses_neither(
    tmp_path: Path,
) -> None:
    (old,) = secrets_of(Settings(), tmp_path)
    both = next_secret(tmp_path, (old,))  # and here the process ends
    assert secrets_of(Settings(), tmp_path) == both
    assert both[1:] == (old,)

    database = f"sqlite:///{tmp_path / 'shoes.db'}"
    code, said = shoes(tmp_path, "keys", "rotate", DATABASE_URL=database)

    assert code == 0, said
    (new,) = secrets_of(Settings(), tmp_path)
    assert new not in both
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.glob("secret*")] == ["secret.key"]
    one_line = {"DATABASE_URL": database, "SECRET_KEY": SECRET}
    assert (
        "Please put the new secret on a line of its own" in shoes(tmp_path, "keys", "rotate", **one_line)[1]
    )
    two = {**one_line, "SECRET_KEY": f"{SECRET}\n{new.decode()}"}
    assert "You can take the old line out" in shoes(tmp_path, "keys", "rotate", **two)[1]


@pytest.mark.parametrize(
    "settings, sentence",
    [
        ({"WEB_PORT": "many"}, 'SHOES_WEB_PORT is "many". It should be a number from 0 to 65535.'),
        ({"WEB_PORT": "65536"}, 'SHOES_WEB_PORT is "65536". It should be a number from 0 to 65535.'),
        ({"THRESHOLD": "2"}, 'SHOES_THRESHOLD is "2". It should be a number from 3 to 10.'),
        (
            {"RETENTION_DAYS": "366"},
            'SHOES_RETENTION_DAYS is "366". It should be a number of days from 7 to 365.',
        ),
        (
            {"TIME_ZONE": "Middle-earth/Shire"},
            'SHOES_TIME_ZONE is "Middle-earth/Shire". It should be a time zone such as Europe/London.',
        ),
        (
            {"PUBLIC_URL": "shoes.example.org"},
            'SHOES_PUBLIC_URL is "shoes.example.org". It should be an address such as '
            "https://shoes.example.org.",
        ),
        ({"LOG_FORMAT": "xml"}, 'SHOES_LOG_FORMAT is "xml". It should be text or json.'),
        ({"LANGUAGE": "tlh"}, 'SHOES_LANGUAGE is "tlh". It should be en.'),
        (
            {"DATABASE_URL": "mysql://somewhere/shoes"},
            "SHOES_DATABASE_URL must start with sqlite:/// or postgresql://.",
        ),
        (
            {"DATABASE_URL": "sqlite://"},
            "SHOES_DATABASE_URL needs a file, such as sqlite:///data/shoes.db.",
        ),
        ({"DATABASE_URL": "sqlite:////proc/shoes.db"}, "The folder /proc cannot be written."),
    ],
)
def test_a_wrong_setting_is_named(settings: Mapping[str, str], sentence: str, tmp_path: Path) -> None:
    assert shoes(tmp_path, "run", **settings) == (1, f"{sentence}\n")


def test_every_wrong_setting_is_named_at_once(tmp_path: Path) -> None:
    _code, said = shoes(tmp_path, "run", WEB_PORT="many", THRESHOLD="2")

    assert ["SHOES_WEB_PORT" in line or "SHOES_THRESHOLD" in line for line in said.splitlines()] == [
        True,
        True,
    ]


def test_an_address_that_is_no_address_is_named_and_not_told(tmp_path: Path) -> None:
    for address in (f"nonsense {SECRET}", f"postgresql://shoes:{SECRET}@server:port/shoes"):
        assert shoes(tmp_path, "run", DATABASE_URL=address) == (
            1,
            "SHOES_DATABASE_URL must start with sqlite:/// or postgresql://.\n",
        )
        (tmp_path / program.LOG).unlink()


def test_a_server_that_does_not_answer_is_a_sentence_without_the_password(tmp_path: Path) -> None:
    url = f"postgresql://shoes:pass-of-the-server@127.0.0.1:{a_port()}/shoes"

    code, said = shoes(tmp_path, "run", DATABASE_URL=url, WEB_PORT="0")

    assert code == 1
    assert said.startswith("The database cannot be used: ")
    assert len(said.splitlines()) == 1
    assert "pass-of-the-server" not in said


def test_a_secret_that_is_too_short_is_not_told(tmp_path: Path) -> None:
    code, said = shoes(tmp_path, "run", SECRET_KEY="too-short-to-be-told")

    assert (code, said) == (1, "SHOES_SECRET_KEY is too short: it needs 32 characters or more.\n")


def test_a_secret_in_a_file_is_not_told(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("too-short-to-be-told", encoding="ascii")

    code, said = shoes(tmp_path, "run", SECRET_KEY_FILE=str(tmp_path / "secret"))

    assert (code, said) == (1, "SHOES_SECRET_KEY is too short: it needs 32 characters or more.\n")


def test_a_file_of_a_secret_that_is_not_there(tmp_path: Path) -> None:
    code, said = shoes(tmp_path, "run", SECRET_KEY_FILE=str(tmp_path / "secret"))

    assert (code, said) == (1, f"SHOES_SECRET_KEY_FILE names {tmp_path / 'secret'}, which cannot be read.\n")


def test_the_file_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "shoes.db").write_bytes(b"This is no database. " * 1_000)

    code, said = shoes(tmp_path, "run", DATABASE_URL=f"sqlite:///{tmp_path / 'shoes.db'}", WEB_PORT="0")

    assert (code, said) == (1, "The database cannot be used: file is not a database\n")


def test_the_folder_cannot_be_written(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("the superuser can write anywhere")
    (tmp_path / "closed").mkdir(mode=0o500)

    code, said = shoes(tmp_path, "run", DATABASE_URL=f"sqlite:///{tmp_path / 'closed' / 'shoes.db'}")

    assert (code, said) == (1, f"The folder {tmp_path / 'closed'} cannot be written.\n")
