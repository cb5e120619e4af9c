"""What the forms ask, in which order, and what already stands in them."""

from __future__ import annotations

import pytest

from bot.actions import Verb, read
from bot.game.allowed import LONGEST_EXTENSION, RESPONSE_LENGTH
from bot.game.model import CardKind, Policy, Stance
from bot.messages import Field, Form, Quote, Theirs
from bot.presses import Until
from bot.views import forms, refusals
from tests.builders import ADA, NOON, OWN_PERSPECTIVE, a_card, a_deck, a_response, a_round, hours
from tests.gallery.plain import plain, text


def names(form: Form) -> list[str]:
    """The fields, in order."""
    return [field.name for field in form.fields]


def field(form: Form, name: str) -> Field:
    """One of the fields."""
    return next(each for each in form.fields if each.name == name)


def test_the_stance_comes_first_then_the_words() -> None:
    form = forms.respond_form(a_round(), ask_role=False)

    assert names(form) == ["stance", "words"]
    assert field(form, "stance").label == "Would a family carer say this is true here?"
    assert field(form, "words").label == "What would they want us to know?"
    assert text(field(form, "words").hint) == "Please leave out names and details of anyone else"
    assert field(form, "words").limit == RESPONSE_LENGTH
    assert read(form.action).verb is Verb.SEND


def test_the_first_time_one_s_own_life_is_asked_last_and_need_not_be_told() -> None:
    form = forms.respond_form(a_round(), ask_role=True)

    assert names(form) == ["stance", "words", "own_role"]
    assert field(form, "own_role").optional
    assert text(field(form, "own_role").hint) == "Used only in counts."


def test_a_pack_s_own_perspective_may_be_one_s_own_life() -> None:
    form = forms.respond_form(a_round(card=a_card(perspective=OWN_PERSPECTIVE)), ask_role=True)

    assert [each.value for each in field(form, "own_role").options][-1] == "neighbour"
    assert field(form, "stance").label == "Would a neighbour with dementia say this is true here?"


def test_a_poem_is_neither_true_nor_untrue() -> None:
    form = forms.respond_form(a_round(card=a_card(kind=CardKind.CREATIVE)), ask_role=False)

    assert names(form) == ["words"]
    assert not field(form, "words").optional


def test_with_few_writers_the_form_begins_with_a_warning() -> None:
    lines = plain(forms.respond_form(a_round(), ask_role=False, few=True)).splitlines()

    assert lines[2] == "Only a few people have replied so far. Colleagues may guess who wrote what."


def test_changing_finds_what_was_sent() -> None:
    mine = {"response": a_response("Ask him."), "stance": Stance.NO}
    form = forms.respond_form(a_round(mine=mine), ask_role=False)

    assert field(form, "stance").value == "no"
    assert field(form, "words").value == "Ask him."
    assert not field(form, "words").optional  # emptied words are not taken back


def test_what_was_typed_wins_over_what_was_sent_and_problems_stand_beside_it() -> None:
    mine = {"response": a_response("Ask him.")}
    problems = {"words": refusals.too_long(length=612, limit=500)}
    form = forms.respond_form(a_round(mine=mine), ask_role=False).again({"words": "Longer"}, problems)

    assert field(form, "words").value == "Longer"
    assert text(field(form, "words").problem) == (
        "This is 612 characters long. There is room for 500. Please make it a little shorter."
    )


def test_details_are_asked_about_once() -> None:
    form = forms.respond_form(a_round(), ask_role=False, details=True)

    assert names(form) == ["stance", "words", "leave_in"]
    assert field(form, "leave_in").label == "Leave this in?"
    assert [each.value for each in field(form, "leave_in").options] == [forms.YES, "no"]


def test_after_you_keeps_the_first_words_and_takes_second_thoughts() -> None:
    mine = {"response": a_response("First.", second_thoughts="Second."), "stance": Stance.YES}
    form = forms.respond_form(a_round(policy=Policy.AFTER_YOU, mine=mine), ask_role=False)

    assert names(form) == ["words"]
    assert field(form, "words").value == "Second."
    assert [b.words for b in form.intro if isinstance(b, Quote)][-1] == (Theirs("First."),)
    assert "second thoughts" in plain(form)


def test_who_took_the_first_words_back_is_not_told_that_they_stay() -> None:
    form = forms.respond_form(a_round(policy=Policy.AFTER_YOU, mine={"took_back": True}), ask_role=False)

    assert "Your first words are taken back." in plain(form)
    assert "stay as they are" not in plain(form)


def test_a_response_in_the_thread_is_changed_there() -> None:
    named = a_response("I was there.", author=ADA, author_name="Ada")
    form = forms.respond_form(a_round(policy=Policy.OPEN, mine={"response": named}), ask_role=False)

    assert names(form) == ["stance"]


def test_a_pledge_has_words_a_day_and_a_name() -> None:
    form = forms.pledge_form(a_round(), today=NOON.date(), name="Ben")

    assert names(form) == ["words", "by", "name"]
    assert field(form, "by").value == "2027-06-21"
    assert field(form, "name").value == "Ben"


def test_every_extension_on_offer_is_one_the_rules_allow() -> None:
    form = forms.extend_form(a_round())

    *lengths, soonest = (each.value for each in field(form, "hours").options)
    assert all(hours(int(each)) <= LONGEST_EXTENSION for each in lengths)
    assert soonest == Until.SOONEST


def test_a_deal_asks_for_deck_policy_and_times() -> None:
    form = forms.deal_form((a_deck(), a_deck("Living with dementia")))

    assert names(form) == ["deck", "policy", "respond", "vote", "fair"]
    assert field(form, "policy").value == "together"
    assert [each.value for each in field(form, "respond").options][:4] == ["usual", "soonest", "5", "10"]
    assert field(form, "respond").value == "usual"
    assert field(form, "fair").value == forms.FAIR
    assert [each.label for each in field(form, "respond").options][-1] == "7 days"


def test_from_one_deck_a_card_may_be_chosen_or_left_to_chance() -> None:
    form = forms.deal_form((a_deck(),))

    assert names(form) == ["card", "policy", "respond", "vote", "fair"]
    assert field(form, "card").value == forms.SURPRISE
    assert [each.value for each in field(form, "card").options] == [forms.SURPRISE, "carer-waiting-room"]


def test_a_time_that_is_offered_stands_among_the_times() -> None:
    form = forms.deal_form((a_deck(),), offers={"vote": "Tuesday 8 June, 05:00 (London time)"})

    assert field(form, "vote").options[1].label == "Until Tuesday 8 June, 05:00 (London time)"
    assert field(form, "respond").options[1].label == "The shortest fair time for every time zone"


@pytest.mark.parametrize("length", [60, 61, 280])
def test_a_card_s_words_are_cut_to_fit_a_list(length: int) -> None:
    form = forms.deal_form((a_deck(cards=[a_card(statement="a" * length)]),))
    label = field(form, "card").options[1].label

    assert len(label) == 60
    assert label.endswith("…") == (length > 60)
