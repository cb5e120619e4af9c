"""Which help lines are shown, and which somebody should check."""

from __future__ import annotations

from datetime import date, timedelta

from bot.game.help_lines import HelpLine, Nation, help_lines, to_check

TODAY = date(2027, 6, 1)


def a_line(name: str, *, nation: Nation = Nation.WALES, days: int | None = 0, topic: str = "") -> HelpLine:
    """`days` ago it was checked; None: never."""
    return HelpLine(
        nation=nation,
        name=name,
        number="116 123",
        when="You want to talk.",
        source="Its own page",
        checked=None if days is None else TODAY - timedelta(days=days),
        topics=(topic,) if topic else (),
    )


def test_a_line_is_to_be_checked_when_it_never_was_or_more_than_180_days_ago() -> None:
    new, old, older, never = (a_line(str(days), days=days) for days in (0, 180, 181, None))

    assert to_check([new, older, old, never], TODAY) == [older, never]


def test_a_nation_has_its_own_lines() -> None:
    here, there = a_line("Here"), a_line("There", nation=Nation.ENGLAND)

    assert help_lines([here, there], Nation.WALES) == [here]
    assert help_lines([here, there], Nation.SCOTLAND) == []


def test_a_line_for_a_topic_comes_after_those_for_everybody_and_only_beside_its_topic() -> None:
    dementia, everybody = a_line("Dementia", topic="dementia"), a_line("Everybody")

    assert help_lines([dementia, everybody], Nation.WALES, ("dementia",)) == [everybody, dementia]
    assert help_lines([dementia, everybody], Nation.WALES, ("housing",)) == [everybody]
    assert help_lines([dementia, everybody], Nation.WALES) == [everybody]
