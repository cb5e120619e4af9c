"""What a form was sent with, read field by field: what is wrong is gathered, and told all at once."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from bot.messages import Form, Text
from bot.presses import BadField, typed, zone_of
from bot.views import refusals


@dataclass(frozen=True, slots=True)
class Entries:
    """The fields of a form as they came, and by field what is wrong with it.

    A field that cannot be read gives an empty value and leaves a problem; so does a needed one that
    is empty.
    """

    fields: Mapping[str, str]
    problems: dict[str, Text] = field(default_factory=dict)

    def again(self, form: Form) -> Form:
        """The form with everything that was typed, and what is wrong beside it."""
        return form.again(self.fields, self.problems)

    def words(self, name: str, most: int, *, needed: bool = True, empty: Text = ()) -> str:
        """Words of any lines, at most so many characters. `empty`: what is missing, where it is needed."""
        return self._fitting(name, typed(self.fields, name), most, needed, empty)

    def line(self, name: str, most: int, *, needed: bool = True, empty: Text = ()) -> str:
        """Words in one line, at most so many characters. `empty`: what is missing, where it is needed."""
        return self._fitting(name, " ".join(typed(self.fields, name).split()), most, needed, empty)

    def _fitting(self, name: str, words: str, most: int, needed: bool, empty: Text) -> str:
        if needed and not words:
            self.problems[name] = empty or refusals.empty()
        elif len(words) > most:
            self.problems[name] = refusals.too_long(length=len(words), limit=most)
        return words

    def choice(self, name: str, among: Container[str]) -> str:
        """One of these; empty with a problem for anything else."""
        chosen = self.fields.get(name, "")
        if chosen in among:
            return chosen
        self.problems[name] = refusals.choose_one()
        return ""

    def day(self, name: str, *, needed: bool = True) -> date | None:
        """A local date, written as ISO 8601 has it."""
        text = typed(self.fields, name)
        if not text:
            if needed:
                self.problems[name] = refusals.empty_date()
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.problems[name] = refusals.unreadable_date()
            return None

    def clock_time(self, name: str) -> time | None:
        """A clock time, as HH:MM."""
        try:
            return datetime.strptime(typed(self.fields, name), "%H:%M").time()  # noqa: DTZ007 - of no day, in no zone
        except ValueError:
            self.problems[name] = refusals.choose_one()
            return None

    def weekdays(self, name: str) -> frozenset[int]:
        """One or several days of the week, each a digit: Monday is 0."""
        digits = self.fields.get(name, "")
        if not digits or not set(digits) <= set("0123456"):
            self.problems[name] = refusals.choose_one()
            return frozenset()
        return frozenset(map(int, digits))

    def zone(self, name: str) -> str:
        """A time zone, by a city or its IANA name; empty with a problem for what is neither."""
        try:
            return zone_of(typed(self.fields, name))
        except BadField:
            self.problems[name] = refusals.unknown_zone()
            return ""
