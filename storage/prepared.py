"""Statements that every press runs: put together once, and on SQLite given straight to the driver.

SQLAlchemy takes longer around such a statement than SQLite takes to run it. Types are turned
as SQLAlchemy turns them, rows and errors are its own: whoever calls notices no difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import result_tuple
from sqlalchemy.sql.compiler import SQLCompiler

from storage.database import Transaction, directly

Statement: TypeAlias = sa.Select[Any] | sa.Insert | sa.Update | sa.Delete
Turn: TypeAlias = Callable[[Any], Any]
Values: TypeAlias = Mapping[str, Any]


class Prepared:
    """One statement whose values come by name; `columns` are those that an INSERT fills."""

    def __init__(self, statement: Statement, columns: Sequence[str] | None = None) -> None:
        self._statement = statement
        self._columns = columns

    def all(self, tx: Transaction, values: Values) -> Sequence[sa.Row[Any]]:
        """Every row of a SELECT."""
        if tx.sqlite is None:
            return tx.connection.execute(self._statement, values).all()
        rows, _count = directly(tx.sqlite, self._compiled.sql, self._compiled.given(values))
        return self._compiled.rows(rows)

    def first(self, tx: Transaction, values: Values) -> sa.Row[Any] | None:
        """The first row of a SELECT that finds one at most."""
        return next(iter(self.all(tx, values)), None)

    def write(self, tx: Transaction, values: Values) -> int:
        """Run what changes rows; returns how many."""
        if tx.sqlite is None:
            # Without the option SQLAlchemy says -1 for an INSERT, and every delivery would be new.
            counting = {"preserve_rowcount": True}
            return tx.connection.execute(self._statement, values, execution_options=counting).rowcount
        _rows, count = directly(tx.sqlite, self._compiled.sql, self._compiled.given(values))
        return count

    @cached_property
    def _compiled(self) -> _Compiled:
        return _compiled(self._statement, self._columns)


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement as SQLite's driver takes it, and how values and rows are turned."""

    sql: str
    binds: tuple[tuple[str, Any, Turn | None], ...]  # name, what it is if nobody says, how to turn it
    turns: tuple[tuple[int, Turn], ...]  # by place in the row
    row: Callable[[Iterable[Any]], sa.Row[Any]]

    def given(self, values: Values) -> list[Any]:
        """What stands in for each question mark."""
        found = ((values[name] if own is _ASKED else own, turn) for name, own, turn in self.binds)
        return [turn(value) if turn is not None else value for value, turn in found]

    def rows(self, found: Iterable[tuple[Any, ...]]) -> list[sa.Row[Any]]:
        """What the driver found, with the types of the columns."""
        turned = []
        for each in found:
            values = list(each)
            for place, turn in self.turns:
                values[place] = turn(values[place])
            turned.append(self.row(values))
        return turned


_ASKED = object()  # in the place of a value that comes with each call
_DIALECT = sqlite.dialect()


def _compiled(statement: Statement, columns: Sequence[str] | None) -> _Compiled:
    compiled = statement.compile(dialect=_DIALECT, column_keys=columns)
    assert isinstance(compiled, SQLCompiler)
    assert not compiled.post_compile_params, "an IN is as long as its values: it cannot be prepared"
    defaults = [*compiled.insert_prefetch, *compiled.update_prefetch]
    assert not defaults, "what a column is by default is filled in by SQLAlchemy: say it"
    selected = list(statement.selected_columns) if isinstance(statement, sa.Select) else []
    results = [_impl(column).result_processor(_DIALECT, None) for column in selected]
    return _Compiled(
        sql=compiled.string,
        binds=tuple(_bound(compiled.binds[name]) for name in compiled.positiontup or ()),
        turns=tuple((place, turn) for place, turn in enumerate(results) if turn is not None),
        row=result_tuple([str(column.key) for column in selected]),
    )


def _bound(bind: sa.BindParameter[Any]) -> tuple[str, Any, Turn | None]:
    value = _ASKED if bind.required else bind.effective_value
    return bind.key, value, _impl(bind).bind_processor(_DIALECT)


def _impl(column: Any) -> Any:
    """The type as this database has it: a moment is words there, a yes a number."""
    return column.type.dialect_impl(_DIALECT)
