"""Every form players fill in. Fields have short names, which the service reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from bot.actions import Action, Verb, write
from bot.game.allowed import PLEDGE_LENGTH, REASON_LENGTH, REPLY_FORM_LENGTH, RESPONSE_LENGTH
from bot.game.model import Deck, Policy, Reply, Round, Stance
from bot.messages import NOTHING, Block, Field, Form, InputKind, Option, Paragraph, Quote
from bot.presses import UNFAIR, Until
from bot.views import names
from bot.views.words import plain, say, theirs

NAME_LENGTH = 80  # characters
SURPRISE = "surprise"  # the value of `card` that leaves the choice to the deck
YES = "yes"  # the value of `leave_in` that leaves the details in
PLEDGE_AHEAD = timedelta(days=14)  # what the form offers: near enough to be remembered

TIMES = (5, 10, 30, 60, 4 * 60, 24 * 60, 2 * 24 * 60, 3 * 24 * 60, 7 * 24 * 60)
"""How long a phase may last, in minutes: the short ones are for live sessions."""

EXTENSIONS = (1, 4, 24, 48, 7 * 24)
"""How much longer a phase may last, in hours."""

FAIR = "on"  # the value of `fair` that leaves the rule on

_DAY = 24 * 60  # minutes


def respond_form(
    round: Round,
    *,
    ask_role: bool,
    few: bool = False,
    details: bool = False,
) -> Form:
    """Fields `stance`, `words`, `leave_in`, `own_role`, with what was sent before in them.

    `details`: the words seem to hold a phone number or the like, so ask once whether
    to leave it in. `few`: fewer than three have written so far.
    """
    mine = round.mine
    frozen = round.policy is Policy.AFTER_YOU and (mine.response is not None or mine.took_back)
    named = mine.response is not None and mine.response.named
    intro: list[Block] = []
    if few:
        intro.append(Paragraph(say("form-few")))
    # A form may cover the card on the screen of a phone.
    intro.append(names.card_quote(round))
    if frozen and (mine.response is None or not mine.response.words):
        intro.append(Paragraph(say("form-taken-back")))
    elif frozen and mine.response is not None:
        intro.append(Paragraph(say("form-frozen")))
        intro.append(Quote(label=say("form-first-words"), words=theirs(mine.response.words)))
    if named:
        intro.append(Paragraph(say("form-named")))
    if mine.response is not None and mine.response.hold is not None:
        intro.append(Paragraph(say("held-form")))

    fields: list[Field] = []
    # A first stance that others may have followed is kept; the ballot ends with the second.
    if round.card.asks_stance and not (frozen and mine.stance is not None):
        fields.append(
            Field(
                name="stance",
                label=plain("form-stance", shoes=names.shoes(round.card.perspective)),
                kind=InputKind.ONE_OF,
                options=tuple(Option(stance.value, names.stance(stance)) for stance in Stance),
                value=mine.stance.value if mine.stance else "",
                optional=not named,  # beside a response in the thread it is all that is asked
            )
        )
    if not named or not fields:
        fields.append(
            Field(
                name="words",
                label=plain("form-words"),
                kind=InputKind.WORDS,
                hint=say("form-words-hint"),
                value=_sent_words(round, frozen=frozen),
                limit=RESPONSE_LENGTH,
                # A stance alone may be sent; words that were sent can only be changed or taken back.
                optional=round.card.asks_stance and not frozen and mine.response is None,
            )
        )
    if details:
        fields.append(leave_in_field())
    if ask_role:
        fields.append(
            Field(
                name="own_role",
                label=plain("form-own-role"),
                kind=InputKind.ONE_OF,
                hint=say("form-own-role-hint"),
                options=names.all_shoes(round.card.perspective),
                value=mine.own_role or "",
                optional=True,
            )
        )
    title = plain("form-second-thoughts-title") if frozen else plain("form-respond-title")
    return Form(
        title=title,
        action=write(Action(Verb.SEND, round.id)),
        fields=tuple(fields),
        submit=plain("form-send"),
        intro=tuple(intro),
    )


def pledge_form(
    round: Round,
    *,
    today: date,
    name: str = "",
    details: bool = False,
) -> Form:
    """Fields `words`, `by` (an ISO date), `name`. `today` is the player's own date."""
    fields = (
        Field(
            name="words",
            label=plain("form-pledge-words"),
            kind=InputKind.WORDS,
            hint=say("form-pledge-words-hint"),
            limit=PLEDGE_LENGTH,
        ),
        *((leave_in_field(),) if details else ()),
        Field(
            name="by",
            label=plain("form-pledge-by"),
            kind=InputKind.DATE,
            value=(today + PLEDGE_AHEAD).isoformat(),
        ),
        _name_field(name),
    )
    return Form(
        title=plain("form-pledge-title"),
        action=write(Action(Verb.MAKE_PLEDGE, round.id)),
        fields=tuple(fields),
        submit=plain("form-pledge-send"),
        intro=(Paragraph(say("form-pledge-intro")),),
    )


def pause_form(round: Round) -> Form:
    """One field, `reason`."""
    reason = Field(
        name="reason",
        label=plain("form-pause-reason"),
        kind=InputKind.LINE,
        hint=say("form-pause-reason-hint"),
        limit=REASON_LENGTH,
    )
    return Form(
        title=plain("form-pause-title"),
        action=write(Action(Verb.SEND_PAUSE, round.id)),
        fields=(reason,),
        submit=plain("form-pause-send"),
        intro=(Paragraph(say("form-pause-intro")),),
    )


def extend_form(round: Round) -> Form:
    """One field, `hours`: one of `EXTENSIONS`, or `Until.SOONEST` for as long as is fair to everybody."""
    hours = Field(
        name="hours",
        label=plain("form-extend-hours"),
        kind=InputKind.ONE_OF,
        options=(
            *(Option(str(each), _length(each * 60)) for each in EXTENSIONS),
            Option(Until.SOONEST.value, plain("form-deal-soonest")),
        ),
        value="24",
    )
    return Form(
        title=plain("form-extend-title"),
        # What they see now, so that the same form sent twice gives more time once.
        action=write(Action(Verb.SEND_EXTEND, round.id, str(int(round.deadline.timestamp())))),
        fields=(hours,),
        submit=plain("form-extend-send"),
        intro=(Paragraph(say("form-extend-intro")),),
    )


def deal_form(
    decks: Sequence[Deck],
    *,
    reads_thread: bool = True,
    settled: str = "",
    offers: Mapping[str, str] = NOTHING,
) -> Form:
    """Fields `deck` or `card`, `policy`, `respond` and `vote`, `fair`. Sending it asks for a preview.

    `card` is an id or `SURPRISE`; it takes the place of `deck` where there is a single one, since no
    platform's list would hold every card of every deck, and one form no sixth field. `respond` and
    `vote` are minutes or one of `Until`; `offers` names that soonest fair time for a field.
    `settled` is the id of a deck or card that is chosen already: without that field, what is wrong with
    the others finds room. `fair` is `FAIR` or `UNFAIR`. `reads_thread`: replies in a thread reach us in
    this channel.
    """
    assert decks
    deck = Field(
        name="deck",
        label=plain("form-deal-deck"),
        kind=InputKind.ONE_OF,
        hint=say("form-deal-deck-hint"),
        options=tuple(Option(deck.id, names.short(deck.title)) for deck in decks),
        value=decks[0].id,
    )
    card = Field(
        name="card",
        label=plain("form-deal-card"),
        kind=InputKind.ONE_OF,
        hint=say("form-deal-deck-hint"),
        options=(
            Option(SURPRISE, plain("form-deal-surprise")),
            *(Option(card.id, names.short(card.statement)) for card in decks[0].cards),
        ),
        value=SURPRISE,
    )
    fields = [
        *(() if settled else (card if len(decks) == 1 else deck,)),
        Field(
            name="policy",
            label=plain("form-deal-policy"),
            kind=InputKind.ONE_OF,
            options=tuple(
                Option(policy.value, names.policy(policy, reads_thread=reads_thread)) for policy in Policy
            ),
            value=Policy.TOGETHER.value,
        ),
        Field(
            name="respond",
            label=plain("form-deal-respond"),
            kind=InputKind.ONE_OF,
            options=_times(offers.get("respond", "")),
            value=Until.USUAL.value,
        ),
        Field(
            name="vote",
            label=plain("form-deal-vote"),
            kind=InputKind.ONE_OF,
            hint=say("form-deal-vote-hint"),
            options=_times(offers.get("vote", "")),
            value=Until.USUAL.value,
        ),
        Field(
            name="fair",
            label=plain("form-deal-fair"),
            kind=InputKind.ONE_OF,
            hint=say("form-deal-fair-hint"),
            options=(
                Option(FAIR, plain("form-deal-fair-on")),
                Option(UNFAIR, plain("form-deal-fair-off")),
            ),
            value=FAIR,
        ),
    ]
    return Form(
        title=plain("form-deal-title"),
        action=write(Action(Verb.PREVIEW, about=settled or (decks[0].id if len(decks) == 1 else ""))),
        fields=tuple(fields),
        submit=plain("form-deal-send"),
    )


def _times(offer: str) -> tuple[Option, ...]:
    """How long a phase may last. `offer` is the soonest fair time where that is known."""
    soonest = plain("form-deal-until", moment=offer) if offer else plain("form-deal-soonest")
    return (
        Option(Until.USUAL.value, plain("form-deal-usual")),
        Option(Until.SOONEST.value, soonest),
        *(Option(str(each), _length(each)) for each in TIMES),
    )


def reply_form(
    round: Round,
    *,
    name: str = "",
    details: bool = False,
) -> Form:
    """Fields `words`, `name`: for rooms where the thread is a page of ours."""
    return Form(
        title=plain("form-reply-title"),
        action=write(Action(Verb.REPLY, round.id)),
        fields=(_reply_words(""), *((leave_in_field(),) if details else ()), _name_field(name)),
        submit=plain("form-send"),
        intro=(Paragraph(say("form-reply-intro")),),
    )


def change_reply_form(
    round: Round,
    reply: Reply,
    *,
    details: bool = False,
) -> Form:
    """One field, `words`, with the reply in it as it stands."""
    return Form(
        title=plain("form-change-reply-title"),
        action=write(Action(Verb.CHANGE_REPLY, round.id, reply.id)),
        fields=(_reply_words(reply.words), *((leave_in_field(),) if details else ())),
        submit=plain("form-change-reply-send"),
    )


def _sent_words(round: Round, *, frozen: bool) -> str:
    response = round.mine.response
    if response is None or response.named:
        return ""
    return response.second_thoughts if frozen else response.words


def _name_field(name: str) -> Field:
    return Field(
        name="name",
        label=plain("form-name"),
        kind=InputKind.LINE,
        hint=say("form-name-hint"),
        value=name,
        limit=NAME_LENGTH,
    )


def leave_in_field() -> Field:
    """Asked once, where words seem to hold a phone number or the like."""
    return Field(
        name="leave_in",
        label=plain("form-leave-in"),
        kind=InputKind.ONE_OF,
        options=(Option(YES, plain("form-leave-in-yes")), Option("no", plain("form-leave-in-no"))),
    )


def _reply_words(words: str) -> Field:
    return Field(
        name="words",
        label=plain("form-reply-words"),
        kind=InputKind.WORDS,
        hint=say("form-words-hint"),
        value=words,
        limit=REPLY_FORM_LENGTH,
    )


def _length(minutes: int) -> str:
    if minutes % _DAY == 0:
        return plain("length-days", count=minutes // _DAY)
    if minutes % 60 == 0:
        return plain("length-hours", count=minutes // 60)
    return plain("length-minutes", count=minutes)
