"""The lists beside the packs: what the shipped ones hold, and how a broken one is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.game.awareness import Certainty, Event, EventKind, in_year, may_say_it_is
from bot.game.harm import suggests_harm
from bot.game.help_lines import Nation, help_lines, to_check
from content.findings import ContentRefused
from content.lists import HELP_LINES, check_lists, load_calendar, load_harm_words, load_help_lines
from content.plain import plain_language

CALENDAR: dict[str, Event] = {event.id: event for event in load_calendar()}
LINES = load_help_lines()
HARM = load_harm_words()

# --- the awareness calendar -----------------------------------------------------------

KNOWN = {
    "dementia-action-week": ["2017-05-14/20", "2018-05-21/27", "2024-05-13/19", "2025-05-19/25"],
    "carers-week": ["2014-06-09/15", "2023-06-05/11", "2024-06-10/16"],
    "mental-health-awareness-week": ["2020-05-18/24", "2023-05-15/21", "2024-05-13/19", "2025-05-12/18"],
    "learning-disability-week": ["2023-06-19/25", "2024-06-17/23"],
}


@pytest.mark.parametrize("event, stretch", [(event, each) for event in KNOWN for each in KNOWN[event]])
def test_each_date_that_was_announced_is_confirmed_with_its_source(event: str, stretch: str) -> None:
    first, _, last = stretch.partition("/")
    dates = in_year(CALENDAR[event], int(first[:4]))

    assert dates is not None
    assert (dates.first.isoformat(), dates.last.isoformat()) == (first, first[:8] + last)
    assert dates.certainty is Certainty.CONFIRMED
    assert dates.source.startswith("announced by ")


def test_nothing_else_is_confirmed() -> None:
    confirmed = {event.id: len(event.confirmed) for event in CALENDAR.values() if event.confirmed}

    assert confirmed == {event: len(stretches) for event, stretches in KNOWN.items()}


def test_the_fixed_days_of_a_year() -> None:
    fixed = {
        event.id: (dates.first.isoformat(), dates.last.isoformat())
        for event in CALENDAR.values()
        if event.kind is EventKind.FIXED and (dates := in_year(event, 2027))
    }

    assert fixed == {
        "world-alzheimers-month": ("2027-09-01", "2027-09-30"),
        "world-alzheimers-day": ("2027-09-21", "2027-09-21"),
        "world-mental-health-day": ("2027-10-10", "2027-10-10"),
        "disabled-people-day": ("2027-12-03", "2027-12-03"),
    }


def test_no_week_of_2027_is_confirmed_and_nothing_says_that_it_is_one() -> None:
    expected = {event: in_year(CALENDAR[event], 2027) for event in KNOWN}

    assert {
        event: dates and (dates.first.isoformat(), dates.certainty) for event, dates in expected.items()
    } == {
        "dementia-action-week": ("2027-05-17", Certainty.PROVISIONAL),
        "carers-week": ("2027-06-14", Certainty.PROVISIONAL),
        "mental-health-awareness-week": ("2027-05-10", Certainty.PROVISIONAL),
        "learning-disability-week": ("2027-06-21", Certainty.PROVISIONAL),
    }
    days = [
        date.fromordinal(day) for day in range(date(2027, 1, 1).toordinal(), date(2028, 1, 1).toordinal())
    ]
    assert [(event, day) for event in KNOWN for day in days if may_say_it_is(CALENDAR[event], day)] == []


def test_the_dementia_week_was_called_awareness_week_up_to_2017() -> None:
    week = CALENDAR["dementia-action-week"]

    assert (week.title_in(2017), week.title_in(2018)) == ("Dementia Awareness Week", "Dementia Action Week")


EVENTS = """\
events:
  - id: soup-week
    title: Soup Week
    where: everywhere
    kind: announced-yearly
    confirmed:
      - {first: 2027-05-17, last: 2027-05-23, source: The soup people}
"""
FIRST = "{first: 2027-05-17, last: 2027-05-23, source: The soup people}"


@pytest.mark.parametrize(
    "before, after, said",
    [
        ("first: 2027-05-17", "first: 17 May", "line 7: event 1, confirmed year 1, first: {date}"),
        ("first: 2027-05-17", "first: 2027-02-29", "line 7: event 1, confirmed year 1, first: {date}"),
        (", source: The soup people", "", "line 7: event 1, confirmed year 1, source: please add this key"),
        (
            "last: 2027-05-23",
            "last: 2027-05-16",
            "line 7: event 1, confirmed year 1: please put the first day before the last, in one year and "
            "a month",
        ),
        (
            FIRST,
            f"{FIRST}\n      - {FIRST}",
            "line 8: event 1, confirmed year 2: 2027 is confirmed twice; please keep one",
        ),
        (
            "kind: announced-yearly",
            "kind: fixed",
            "line 2: event 1, each_year: please add this key: the kind is 'fixed'",
        ),
        (
            "kind: announced-yearly",
            "kind: announced-yearly\n    rule: {week: 3, month: 6}",
            "line 6: event 1, rule: please leave out this key: the kind is 'announced-yearly'",
        ),
        (
            "kind: announced-yearly",
            "kind: estimated-by-rule\n    rule: {week: 5, month: June}",
            "line 6: event 1, rule, week: please write at most 4, not 5\n"
            "calendar.yaml, line 6: event 1, rule, month: please write a whole number, not 'June'",
        ),
        (
            "kind: announced-yearly",
            "kind: fixed\n    each_year: {first: 02-29, last: 03-01, source: The soup people}",
            "line 6: event 1, each_year, first: please write a day of every year like 09-21, with the month "
            "first",
        ),
        (
            "    confirmed:",
            "  - id: soup-week\n    title: Soup Week\n    where: here\n    kind: announced-yearly\n"
            "    confirmed:",
            "line 6: event 2, id: this id is in the calendar twice; please choose another",
        ),
    ],
)
def test_a_calendar_is_refused_with_the_place(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert before in EVENTS
    file = tmp_path / "calendar.yaml"
    file.write_text(EVENTS.replace(before, after, 1), encoding="utf-8")

    with pytest.raises(ContentRefused) as refused:
        load_calendar(file)

    assert str(refused.value) == "calendar.yaml, " + said.format(date="please write a date like 2027-05-17")


# --- help lines -----------------------------------------------------------------------


@pytest.mark.parametrize("nation", Nation)
def test_every_nation_has_an_emergency_number_and_someone_to_talk_to(nation: Nation) -> None:
    numbers = [line.number for line in help_lines(LINES, nation)]

    assert numbers[0] == "999"
    assert {"116 123", "text SHOUT to 85258"} <= set(numbers)


def test_england_and_wales_have_option_2_of_111() -> None:
    for nation in (Nation.ENGLAND, Nation.WALES):
        assert "111, then option 2 (mental health)" in [line.number for line in help_lines(LINES, nation)]


def test_scotland_and_northern_ireland_are_shipped_unchecked() -> None:
    shipped = [line for line in LINES if line.nation in (Nation.SCOTLAND, Nation.NORTHERN_IRELAND)]

    assert shipped == to_check(shipped, date(2026, 11, 22))


@pytest.mark.parametrize("nation", Nation)
def test_beside_a_card_about_dementia_there_is_a_line_about_dementia(nation: Nation) -> None:
    extra = help_lines(LINES, nation, ("dementia",))[-1]

    assert extra.topics == ("dementia",)


def test_help_lines_are_in_plain_language() -> None:
    rules = plain_language()

    assert [(line.name, found) for line in LINES for found in rules.about_text(line.when)] == []


def test_a_nation_without_a_line_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "help_lines.yaml"
    line = "[{name: Us, number: '1', when: Now, source: Us, checked: today, topics: [Tea]}]"
    file.write_text(f"nations:\n  england: {line}\n  wales: []\n  scotland: {line}\n", encoding="utf-8")

    with pytest.raises(ContentRefused) as refused:
        load_help_lines(file)

    said = [str(finding) for finding in refused.value.findings]
    assert "help_lines.yaml, line 3: nations, wales: this list is empty" in said
    assert "help_lines.yaml, line 1: nations, northern-ireland: please add this key" in said
    assert (
        "help_lines.yaml, line 2: nations, line in England 1, checked: please write a date like 2027-05-17, "
        "or unchecked" in said
    )


# --- words that suggest harm ----------------------------------------------------------

IN_DISTRESS = """\
I want to die.
some days i wish i was dead
honestly they'd be better off without me
I keep thinking I could just k.i.l.l myself
kіll myself
I feel suicidal and I don't know who to tell
I've been saving up my tablets
i took all my pills last year and nobody asked why
I don’t want to be here anymore
I just want to go to sleep and never wake up.
There's nothing left to live for now she's gone
I can't go on like this
I CAN'T GO ON
I've thought about ending it
no point in living if I can't cook
I started self harming again
self-harm helps me get through the shift
I've been cutting myself
He hits me when his tea is late
she hit me with the frying pan
My son takes my money on pension day
he locks me in when he goes to work
He won't let me see my friends
I'm scared of my husband
I don't feel safe at home
he said he would stop but he beats me
My uncle touched me down there
I was raped
They threatened to kill my dog
Last night I hit him. I have never told anyone.
I shook her. She wouldn't stop crying.
I'm so tired I might hurt her
I want to hurt him sometimes and it frightens me
I put the pillow over his face and then I stopped
She says she wants to die
My brother took his own life
he hits my mum
There are bruises on her arms and nobody says
They tied him to the chair so he would sit still
I w4nt t0 d1e
""".splitlines()

NOTHING_OF_THE_KIND = """\
She has the skill and the patience of a saint.
The painkillers came late again.
He wants to die at home, and I think we should help him do that.
Mum always said: I want to die in my own bed.
We did suicide prevention training in March.
I can't go on holiday because there is no one to sit with him.
We can't go on Thursday, the bus doesn't run.
My feet are killing me after that shift.
I was dying for a cup of tea.
I'm dead on my feet by four.
It hit me that I had never asked.
He beats me at dominoes every single week.
I don't want to live in a flat with no garden.
I don't want to wake up the baby.
I fell off the step and hurt my knee.
My back hurts me when I bend.
I cut myself some cake and sat down.
I was cutting myself a slice of bread.
The baby kicked me all night.
We have to kill time in the waiting room.
Just shoot me an email.
Hang the washing out, that's all I ask.
Her diet is all toast.
A stab in the dark, but I would say Monday.
The bill hit us hard.
They beat the drum at the end.
I would hit the roof if they did that to me.
The dog died last year and he still looks for her.
He died in hospital and I was not told.
Nobody should have to be alone at the end.
End it with a song, we said.
I'm scared of the lift.
She is afraid of the dark and of the hoist.
He was locked out and waited in the rain.
I pushed him in his chair to the park.
Take my tablets? I always take my tablets with tea.
I don't want to be here till nine tonight.
He kills me, he's so funny.
What a drug rota! Sue decided it.
The charity is being starved of funds.
It is a matter of life and death.
We lost our baby at thirteen weeks.
I'm not ready for her to die.
""".splitlines()


@pytest.mark.parametrize("text", IN_DISTRESS)
def test_somebody_in_distress_is_noticed(text: str) -> None:
    assert suggests_harm(text, HARM)


@pytest.mark.parametrize("text", NOTHING_OF_THE_KIND)
def test_everyday_words_are_let_through(text: str) -> None:
    assert not suggests_harm(text, HARM)


def test_a_list_of_words_is_refused_with_the_place(tmp_path: Path) -> None:
    file = tmp_path / "en.yaml"
    file.write_text(
        "language: en\ngroups:\n  - about: Soup\n    phrases:\n      - too hot\n      - Too  HOT!\n"
        "      - '...'\nunless:\n  - not too hot\n  - too cold\n",
        encoding="utf-8",
    )

    with pytest.raises(ContentRefused) as refused:
        load_harm_words(file)

    assert [str(finding) for finding in refused.value.findings] == [
        "en.yaml, line 6: group 1, phrase 2: this phrase is in the list twice; please keep one",
        "en.yaml, line 7: group 1, phrase 3: there is no word in this phrase",
        "en.yaml, line 10: unless 2: no phrase above is part of this one, so it changes nothing",
    ]


# --- the marks in what people read ------------------------------------------------------


def test_straight_marks_in_a_list_are_found_and_shipped_lists_have_none(tmp_path: Path) -> None:
    assert check_lists() == []
    text = HELP_LINES.read_text(encoding="utf-8").replace("Carers UK helpline", "Carers' UK helpline")
    (tmp_path / "lines.yaml").write_text(text, encoding="utf-8")

    (found,) = check_lists([tmp_path / "lines.yaml"])
    assert found.place == "nations, line in England 6, name"
    assert found.sentence == "please write ’ rather than ' in Carers'"
    assert len(load_help_lines(tmp_path / "lines.yaml")) == len(LINES), "help is there all the same"
