"""What the board of a round shows, and what it keeps to itself."""

from __future__ import annotations

import pytest

from bot.game.effects import News
from bot.game.model import ChannelId, Ending, Pause, Phase, Policy, Round
from bot.messages import Buttons, Heading, Paragraph, Quote, Theirs, ToRound, When
from bot.views import board
from tests.builders import NOON, OWN_PERSPECTIVE, a_card, a_response, a_round, a_standing, hours
from tests.gallery.plain import buttons, plain, text, words

BEFORE = "Moderators cannot see who wrote this. The program can pass you a note until it closes."
AFTER = "Nobody can tell who wrote this, not even us."


def shown(round: Round) -> str:
    """What the board says, in words."""
    return words(board.board(round, a_standing(a_response(), a_response(), a_response())))


def pressed(round: Round) -> list[str]:
    """What can be pressed on the board."""
    return buttons(board.board(round, a_standing()))


def test_a_card_can_be_answered_passed_or_asked_about() -> None:
    assert pressed(a_round()) == ["Respond", "Pass", "More"]


def test_once_all_is_open_people_vote_and_pledge() -> None:
    assert pressed(a_round(phase=Phase.VOTING)) == ["Vote", "Make a pledge", "More"]


def test_after_you_votes_while_others_still_respond() -> None:
    assert pressed(a_round(policy=Policy.AFTER_YOU)) == ["Respond", "Pass", "Vote", "More"]


def test_in_an_open_round_everything_is_possible_at_once() -> None:
    assert pressed(a_round(policy=Policy.OPEN)) == ["Respond", "Pass", "Vote", "Make a pledge", "More"]


@pytest.mark.parametrize("policy", Policy)
def test_a_closed_card_has_no_buttons_and_says_closed(policy: Policy) -> None:
    closed = a_round(policy=policy, phase=Phase.CLOSED, ending=Ending.FINISHED)
    post = board.board(closed, a_standing())

    assert post.blocks[0] == Heading(post.summary)
    assert text(post.summary) == "Closed"
    assert buttons(post) == []
    assert any(isinstance(p, ToRound) for b in post.blocks if isinstance(b, Paragraph) for p in b.text)


def test_a_pause_hides_the_buttons_and_is_decided_after_two_days() -> None:
    assert pressed(a_round(pause=Pause(since=NOON))) == []
    assert pressed(a_round(pause=Pause(since=NOON, asked=True))) == ["Go on", "Close without results"]


def test_a_card_that_was_taken_back_shows_none_of_its_words() -> None:
    post = plain(board.board(a_round(phase=Phase.CLOSED, ending=Ending.TAKEN_BACK), a_standing()))

    assert "Taken back" in post
    assert "«" not in post


@pytest.mark.parametrize("policy", [Policy.TOGETHER, Policy.AFTER_YOU, Policy.OPEN])
def test_the_promise_on_the_card_is_the_one_for_before_the_close(policy: Policy) -> None:
    said = shown(a_round(policy=policy))

    assert BEFORE in said
    assert AFTER not in said


@pytest.mark.parametrize("policy", [Policy.TOGETHER, Policy.AFTER_YOU])
def test_the_promise_changes_at_the_close_and_not_at_the_reveal(policy: Policy) -> None:
    assert AFTER not in shown(a_round(policy=policy, phase=Phase.VOTING))
    closed = shown(a_round(policy=policy, phase=Phase.CLOSED, ending=Ending.FINISHED))
    assert AFTER in closed
    assert BEFORE not in closed


def test_where_names_were_shown_nobody_is_promised_that_there_are_none() -> None:
    assert AFTER not in shown(a_round(policy=Policy.OPEN, phase=Phase.CLOSED, ending=Ending.FINISHED))


def test_each_policy_says_who_sees_what_and_when() -> None:
    assert "All responses are shown here at the same time, mixed up and without names." in shown(a_round())
    after_you = shown(a_round(policy=Policy.AFTER_YOU))
    assert "Others see your words once they have sent theirs." in after_you
    assert "Everybody in the channel sees them when the card closes." in after_you
    open = shown(a_round(policy=Policy.OPEN))
    assert "People in this channel can see your name." in open
    assert "posted together, without names, when the card closes" in open


def test_who_else_reads_along_in_linked_channels_is_said() -> None:
    linked = a_round(channels=(ChannelId("c1"), ChannelId("c2")))

    assert "This card is also in one other channel." in shown(linked)
    assert "also in" not in shown(a_round())


@pytest.mark.parametrize("policy", [Policy.TOGETHER, Policy.AFTER_YOU])
@pytest.mark.parametrize("phase", Phase)
def test_only_an_open_board_counts_responses(policy: Policy, phase: Phase) -> None:
    ending = Ending.FINISHED if phase is Phase.CLOSED else None

    def counted(responses: int) -> str:
        round = a_round(policy=policy, phase=phase, ending=ending, responses=responses)
        return plain(board.board(round, a_standing(writers=4)))

    assert counted(0) == counted(4)


def test_an_open_board_says_how_many_have_responded() -> None:
    assert "7 responses so far." in shown(a_round(policy=Policy.OPEN, responses=7))


def test_deadlines_are_moments_for_each_reader_s_own_zone() -> None:
    post = board.board(a_round(), a_standing())
    moments = [
        p.moment for b in post.blocks if isinstance(b, Paragraph) for p in b.text if isinstance(p, When)
    ]

    assert moments == [NOON + hours(24), NOON + hours(48)]


def test_a_pack_s_own_name_for_a_perspective_may_be_a_condition_and_stays_out_of_notifications() -> None:
    own = a_round(card=a_card(perspective=OWN_PERSPECTIVE))

    assert text(board.board(own, a_standing()).summary) == "A new card"
    assert "In the shoes of «a neighbour with dementia»" in shown(own)


@pytest.mark.parametrize("name", ["", "Ada", "Dr. Maria del Carmen Ramírez-Santos"])
def test_the_welcome_has_at_most_sixty_words(name: str) -> None:
    welcome = words(board.welcome(name))

    assert len(welcome.split()) <= 60
    for promise in ("Passing is always fine", "who can see what", "Questions? Ask"):
        assert promise in welcome


def test_whoever_paused_is_quoted_to_the_facilitator_and_not_named() -> None:
    told = board.news(a_round(pause=Pause(since=NOON)), News.PAUSED, "<!channel> too close")

    quotes = [block for block in told.blocks if isinstance(block, Quote)]
    assert [quote.words for quote in quotes] == [(Theirs("<!channel> too close"),)]
    assert buttons(told) == ["Go on"]


def test_a_pause_that_is_over_needs_no_decision() -> None:
    told = board.news(a_round(), News.PAUSED)

    assert not any(isinstance(block, Buttons) for block in told.blocks)
