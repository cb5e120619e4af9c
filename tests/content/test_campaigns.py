"""Campaigns as files: what becomes of them, each refusal, and what the shipped ones promise."""

from __future__ import annotations

import re
from datetime import time
from itertools import pairwise
from pathlib import Path

import pytest

from bot.game.harm import suggests_harm
from bot.game.help_lines import Nation, help_lines
from bot.game.model import (
    PERSPECTIVES,
    Card,
    CardId,
    Outcome,
    PerspectiveId,
    Policy,
    StoneEffect,
    Template,
    TemplateId,
    TemplatePrompt,
)
from content.check import check
from content.lists import load_calendar, load_harm_words, load_help_lines
from content.packs import SHIPPED_PACKS, load_packs
from tests.content.builders import CAMPAIGN, DECK, TEA, WEEK, a_pack, changed, refused


def a_campaign(folder: Path, text: str = CAMPAIGN) -> Path:
    return a_pack(folder, campaigns={"week": text})


def soup(name: str, perspective: str, statement: str, outcome: Outcome, effect: StoneEffect) -> Card:
    return Card(
        id=CardId(f"soup-{name}"),
        perspective=PERSPECTIVES[PerspectiveId(perspective)],
        statement=statement,
        question="What would help?",
        outcome=outcome,
        effect=effect,
        content_note="This is about soup." if name == "one" else "",
    )


def test_a_campaign_becomes_a_template(tmp_path: Path) -> None:
    (ours,) = load_packs([a_campaign(tmp_path)])

    assert ours.templates == (
        Template(
            id=TemplateId("our-week"),
            title="Our week",
            about="Two days about soup.",
            weekdays=frozenset({0, 3}),
            time=time(8, 30),
            policy=Policy.AFTER_YOU,
            round_up_on=3,
            closing_question="What will you do?",
            prompts=(
                TemplatePrompt(
                    who="Ada, who cooks",
                    help=True,
                    card=soup(
                        "one",
                        "frontline",
                        "I cook soup, and nobody says if it is good.",
                        Outcome.LISTENED_TO,
                        StoneEffect.REMOVE,
                    ),
                ),
                TemplatePrompt(
                    who="Ben, who eats",
                    card=soup(
                        "two",
                        "person",
                        "I eat soup, and nobody asks if I like it.",
                        Outcome.BELONG,
                        StoneEffect.DECIDE,
                    ),
                ),
            ),
            reserve=(
                TemplatePrompt(
                    who="Cy, who pays",
                    card=soup(
                        "spare",
                        "commissioner",
                        "I pay for soup that I have never tasted.",
                        Outcome.JOINED_UP,
                        StoneEffect.PLACE,
                    ),
                ),
            ),
        ),
    )


def test_a_campaign_says_how_people_answer_and_may_have_no_round_up(tmp_path: Path) -> None:
    text = changed(CAMPAIGN, "round_up: thursday", "policy: open")

    (ours,) = load_packs([a_campaign(tmp_path, text)])

    assert (ours.templates[0].policy, ours.templates[0].round_up_on) == (Policy.OPEN, None)


def test_a_pack_of_campaigns_alone_is_a_pack(tmp_path: Path) -> None:
    folder = a_campaign(tmp_path)
    (folder / "ours" / "decks" / "tea.yaml").unlink()

    (ours,) = load_packs([folder])

    assert (ours.decks, len(ours.templates)) == ((), 1)


CLOCK = "line 5: time: please write a time of day with two digits each, like 09:00"


@pytest.mark.parametrize(
    "before, after, said",
    [
        ("time: 08:30\n", "", "line 1: time: please add this key"),
        ("time: 08:30", "time: 8:30", CLOCK),
        ("time: 08:30", "time: 24:00", CLOCK),
        ("time: 08:30", "time: [08:30]", CLOCK),
        ("time: 08:30", "time: ٠٨:٣٠", CLOCK),
        (
            "[monday, thursday]",
            "[monday, thurs]",
            "line 4: weekday 2: please choose one of monday, tuesday, wednesday, thursday, friday, saturday "
            "or sunday, not 'thurs'",
        ),
        ("[monday, thursday]", "[]", "line 4: weekdays: this list is empty"),
        ("help: yes", "help: maybe", "line 17: prompt 1, help: please write yes or no, not 'maybe'"),
        (
            "    content_note: This is about soup.\n",
            "",
            "line 9: prompt 1, content_note: please add this key: help lines come with a word of warning",
        ),
        ("    who: Ben, who eats\n", "", "line 18: prompt 2, who: please add this key"),
        (
            "who: Cy,",
            "whoo: Cy,\n    who: Cy,",
            "line 27: reserve prompt 1, whoo: I do not know the key 'whoo'. Did you mean 'who'?",
        ),
        (
            "perspective: commissioner",
            "perspective: comissioner",
            "line 28: reserve prompt 1, perspective: I do not know the perspective 'comissioner'. "
            "Did you mean 'commissioner'?",
        ),
        (
            "id: soup-spare",
            "id: soup-one",
            f"line 26: reserve prompt 1, id: the card id 'soup-one' is already in {WEEK}, line 9; "
            "please choose another",
        ),
        (
            "id: soup-two",
            "id: tea-round",
            f"line 18: prompt 2, id: the card id 'tea-round' is already in {TEA}, line 5; "
            "please choose another",
        ),
    ],
)
def test_every_refusal_says_where_and_what_to_do(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert refused(a_campaign(tmp_path, changed(CAMPAIGN, before, after))) == [f"{WEEK}, {said}"]


def test_two_campaigns_have_two_ids(tmp_path: Path) -> None:
    folder = a_pack(
        tmp_path, campaigns={"week": CAMPAIGN, "year": CAMPAIGN.replace("id: soup", "id: x-soup")}
    )

    assert refused(folder) == [
        f"packs/ours/campaigns/year.yaml, line 1: id: the campaign id 'our-week' is already in {WEEK}, "
        "line 1; please choose another"
    ]


def test_what_is_no_campaign_does_not_belong_among_them(tmp_path: Path) -> None:
    folder = a_campaign(tmp_path)
    (folder / "ours" / "campaigns" / "plan.docx").write_text("soup")

    assert refused(folder) == [
        "packs/ours/campaigns/plan.docx: only campaigns belong in this folder, in files that end in .yaml"
    ]


def test_a_deck_is_no_campaign(tmp_path: Path) -> None:
    said = refused(a_campaign(tmp_path, DECK.replace("tea-", "x-").replace("our-deck", "our-week")))

    assert f"{WEEK}, line 1: prompts: please add this key" in said
    assert any(line.startswith(f"{WEEK}, line 4: cards: I do not know the key 'cards'.") for line in said)


def test_plain_language_is_asked_of_every_text_of_a_campaign(tmp_path: Path) -> None:
    text = changed(CAMPAIGN, "Our week", "Appropriate")
    text = changed(text, "Two days", "Appropriate")
    text = changed(text, "What will", "Appropriate")
    text = changed(text, "Ada", "Appropriate")
    text = changed(text, "This is about", "Appropriate")
    text = changed(text, "I pay for soup", "Appropriate")

    assert [(finding.line, finding.place) for finding in check([a_campaign(tmp_path, text)])] == [
        (2, "title"),
        (3, "about"),
        (7, "closing_question"),
        (10, "prompt 1, who"),
        (16, "prompt 1, content_note"),
        (29, "reserve prompt 1, statement"),
    ]


def test_the_example_in_contributing_is_in_order(tmp_path: Path) -> None:
    guide = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (example,) = (part for part in re.findall("```yaml\n(.*?)```", guide, re.DOTALL) if "prompts:" in part)

    assert check([a_campaign(tmp_path, example)]) == []


# --- the shipped campaigns ------------------------------------------------------------

(STARTER,) = load_packs([SHIPPED_PACKS])
SHIPPED = {template.id: template for template in STARTER.templates}


def cards(template: Template) -> list[Card]:
    return [prompt.card for prompt in (*template.prompts, *template.reserve)]


@pytest.mark.parametrize(
    "name, prompts, reserve",
    [("four-weeks-dementia", 28, 4), ("carers-week", 7, 0), ("first-five-days", 5, 0)],
)
def test_a_shipped_campaign_has_a_prompt_for_each_of_its_days(name: str, prompts: int, reserve: int) -> None:
    template = SHIPPED[TemplateId(name)]

    assert (len(template.prompts), len(template.reserve)) == (prompts, reserve)


@pytest.mark.parametrize("template", SHIPPED.values(), ids=SHIPPED.keys())
def test_every_shipped_prompt_has_a_plain_version_and_a_voice_of_its_own(template: Template) -> None:
    assert [card.id for card in cards(template) if not card.plain] == []
    voices = [prompt.who for prompt in (*template.prompts, *template.reserve)]
    assert len(set(voices)) == len(voices)


@pytest.mark.parametrize("template", SHIPPED.values(), ids=SHIPPED.keys())
def test_every_shipped_prompt_asks_something_and_is_filed_under_topics(template: Template) -> None:
    assert [card.id for card in cards(template) if not card.question.endswith(("?", "."))] == []
    assert [card.id for card in cards(template) if not card.topics] == []


@pytest.mark.parametrize("template", SHIPPED.values(), ids=SHIPPED.keys())
def test_no_two_days_in_a_row_are_in_the_same_shoes(template: Template) -> None:
    shoes = [prompt.card.perspective.id for prompt in template.prompts]

    assert [day for day, pair in enumerate(pairwise(shoes), start=1) if pair[0] == pair[1]] == []


def test_the_four_weeks_go_round_all_seven_perspectives() -> None:
    shoes = [prompt.card.perspective.id for prompt in SHIPPED[TemplateId("four-weeks-dementia")].prompts]

    assert set(shoes) == set(PERSPECTIVES)
    assert shoes[0] == shoes[-1] == "person"  # who lives with it has the first word and the last


@pytest.mark.parametrize("template", SHIPPED.values(), ids=SHIPPED.keys())
def test_beside_a_hard_prompt_there_is_a_help_line_for_its_subject(template: Template) -> None:
    lines = load_help_lines()

    for prompt in template.prompts:
        if prompt.help:
            assert any(line.topics for line in help_lines(lines, Nation.ENGLAND, prompt.card.topics))


def test_the_words_of_our_own_cards_are_not_held() -> None:
    words = load_harm_words()
    every = [card for deck in STARTER.decks for card in deck.cards]
    every += [card for template in STARTER.templates for card in cards(template)]
    texts = [
        text for card in every for text in (card.statement, card.question, *(v.text for v in card.voices))
    ]

    assert [text for text in texts if suggests_harm(text, words)] == []


def test_the_week_that_a_template_is_for_is_in_the_awareness_calendar() -> None:
    known = {event.id for event in load_calendar()}
    packs = load_packs([SHIPPED_PACKS])

    named = {each.event for pack in packs for each in pack.templates if each.event}

    assert named == {"carers-week"}
    assert named <= known
