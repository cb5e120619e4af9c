"""What a database holds, read from outside: rows to compare before and after, and what must add up."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, fields
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from storage.tables import METADATA

Rows: TypeAlias = "Counter[tuple[Any, ...]]"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a database holds that people did or see, each row as often as it is there.

    `posts` are what was posted, in order: a post that is edited in place by its slot, any
    other by its summary.
    """

    rounds: Rows
    responses: Rows
    tokens: Rows
    votes: Rows
    replies: Rows
    pledges: Rows
    askers: Rows
    events: Rows
    posts: Rows
    feed: tuple[str, ...]

    def since(self, before: Facts) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
        """The rows that came, and those that went, table by table."""
        came, went = {}, {}
        for table in [each.name for each in fields(self) if each.name != "feed"]:
            now, then = getattr(self, table), getattr(before, table)
            came[table] = sorted((now - then).elements())
            went[table] = sorted((then - now).elements())
        return _without_empty(came), _without_empty(went)


class Stored:
    """The database of a settings address, as it is now."""

    def __init__(self, url: str) -> None:
        address = sa.make_url(url)
        if address.get_backend_name() == "postgresql":
            address = address.set(drivername="postgresql+psycopg")
        self._engine = sa.create_engine(address, poolclass=NullPool)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query, as they are stored now."""
        with self._engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(query)]

    def empty(self) -> None:
        """Take everything out of a PostgreSQL database."""
        tables = ", ".join(METADATA.tables)
        with self._engine.begin() as connection:
            connection.exec_driver_sql(f"TRUNCATE {tables} RESTART IDENTITY")

    def facts(self) -> Facts:
        """What is stored now."""
        refs = {int(ref): slot for slot, ref in self.rows("SELECT slot, ref FROM posts")}
        posts = [
            (refs.get(id) or _summary(message), account is not None)
            for id, message, account in self.rows("SELECT id, message, account FROM room_posts ORDER BY id")
        ]
        return Facts(
            rounds=self._count("SELECT policy, phase, COALESCE(ending, '') FROM rounds"),
            responses=self._count("SELECT words, second_thoughts FROM responses"),
            tokens=self._count(
                "SELECT COALESCE(own_role, ''), COALESCE(stance, ''), COALESCE(second_stance, '') FROM tokens"
            ),
            votes=self._count("SELECT COALESCE(choice, ''), lightbulb FROM votes"),
            replies=self._count("SELECT author_name, words, kind FROM replies"),
            pledges=self._count("SELECT owner_name, words, state FROM pledges"),
            askers=self._count("SELECT 'asked' FROM askers"),
            events=self._count("SELECT seen FROM inbound"),
            posts=Counter(posts),
            feed=tuple(name for name, _private in posts),
        )

    def _count(self, query: str) -> Rows:
        return Counter(self.rows(query))

    def adds_up(self) -> None:
        """What is counted as it happens equals what is there, and nothing was posted twice."""
        assert self.rows("SELECT id, responses FROM rounds ORDER BY id") == self.rows(
            "SELECT rounds.id, COUNT(responses.id) FROM rounds LEFT JOIN responses"
            " ON responses.round_id = rounds.id GROUP BY rounds.id ORDER BY rounds.id"
        )
        assert self.rows("SELECT id, votes FROM responses ORDER BY id") == self.rows(
            "SELECT responses.id, COUNT(votes.choice) FROM responses LEFT JOIN votes"
            " ON votes.response_id = responses.id GROUP BY responses.id ORDER BY responses.id"
        )
        refs = [ref for (ref,) in self.rows("SELECT ref FROM posts")]
        assert len(refs) == len(set(refs))


def _without_empty(tables: dict[str, list[Any]]) -> dict[str, list[Any]]:
    return {table: rows for table, rows in tables.items() if rows}


def _summary(message: str) -> str:
    return "".join(part.get("words", "") for part in json.loads(message)["summary"])
