"""What a button does <-> a string of at most 100 characters, the least that a platform allows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

READ_KEPT = 1024  # strings; each press reads its own several times on its way
LENGTH = 100  # characters: Discord's custom_id, the shortest of all platforms


class Verb(StrEnum):
    """Everything that can be pressed or sent. Old buttons stay alive: a name never changes meaning."""

    DEAL = "deal"
    PREVIEW = "preview"
    RESPOND = "respond"
    SEND = "send"
    WITHDRAW = "withdraw"
    PASS = "pass"  # noqa: S105 - the move, not a password
    MORE = "more"
    PLAIN = "plain"
    WHAT_IS_THIS = "what"
    TELL_ME = "tell"
    DO_NOT_TELL = "untell"
    VOTE = "vote"
    CAST = "cast"
    LIGHTBULB = "bulb"
    TAKE_LIGHTBULB = "unbulb"
    NEXT = "next"
    DONE = "done"
    SECOND_STANCE = "now"
    PLEDGE = "pledge"
    MAKE_PLEDGE = "promise"
    JOIN = "join"
    SETTLE = "settle"
    REPLY = "reply"
    CHANGE_REPLY = "edit"
    DELETE_REPLY = "delete"
    COUNT_REPLY = "count"
    PAUSE = "pause"
    SEND_PAUSE = "hold"
    RESUME = "resume"
    CLOSE_WITHOUT_RESULTS = "drop"
    REVEAL = "reveal"
    CLOSE = "close"
    EXTEND = "extend"
    SEND_EXTEND = "longer"
    TAKE_BACK = "takeback"
    REMOVE_PLEDGE = "unpledge"
    RECAP = "recap"
    ME = "me"
    ROLE = "role"
    SET_ROLE = "setrole"
    ZONE = "zone"
    SET_ZONE = "setzone"
    HELP = "help"
    PRIVACY = "privacy"
    TRY = "try"
    TRY_AGAIN = "again"
    STORY = "story"
    KEEP_STORY = "keep"
    NO_STORY = "nostory"
    TAKE_STORY_BACK = "unstory"
    MY_STORIES = "stories"
    CAMPAIGN = "campaign"
    NEW_CAMPAIGN = "newcampaign"
    MAKE_CAMPAIGN = "makecampaign"
    SHOW_CAMPAIGN = "plan"
    CHANGE_CAMPAIGN = "change"
    SAVE_CAMPAIGN = "save"
    START_CAMPAIGN = "start"
    PAUSE_CAMPAIGN = "rest"
    RESUME_CAMPAIGN = "goon"
    END_CAMPAIGN = "end"
    CAMPAIGN_CODE = "code"
    JOIN_CAMPAIGN = "joincampaign"
    SEND_CODE = "sendcode"
    LEAVE_CAMPAIGN = "leave"
    PROMPT = "prompt"
    ADD_PROMPT = "addcard"
    PROMPTS = "cards"
    SHOW_PROMPT = "card"
    CHANGE_PROMPT = "editcard"
    SAVE_PROMPT = "savecard"
    MOVE_PROMPT = "movecard"
    SAVE_DAY = "cardday"
    REMOVE_PROMPT = "dropcard"
    SURE_REMOVE = "suredrop"
    TELL_STORY = "tellstory"
    CONSENT = "consent"
    SAVE_CONSENT = "saveconsent"
    QUEUE = "queue"
    APPROVE_STORY = "yesstory"
    ADD_STORY = "addstory"
    ASK_REASON = "why"
    SEND_REASON = "reason"
    LIBRARY = "library"
    FIND = "find"
    ROUND_UP = "roundup"
    CHANGE_ROUND_UP = "editweek"
    SAVE_ROUND_UP = "saveweek"
    POST_ROUND_UP = "postweek"
    CLOSING = "closing"
    REPORT = "report"
    SETTINGS = "settings"
    SAVE_SETTINGS = "savesettings"
    HELP_LINES = "helplines"
    NATIONS = "nations"
    SET_NATION = "setnation"
    IT_IS_FINE = "fine"
    HELD = "held"
    DECIDE_HELD = "decide"
    WEEKS = "weeks"
    CONFIRM_WEEK = "confirm"
    SEND_WEEK = "sendweek"
    CALENDAR = "calendar"
    PRIVATELY = "private"
    SAVE_PRIVATELY = "saveprivate"
    LATER = "later"
    SKIP = "skip"
    STOP = "stop"


OPENED_BY = {
    Verb.SEND: Verb.RESPOND,
    Verb.MAKE_PLEDGE: Verb.PLEDGE,
    Verb.SEND_PAUSE: Verb.PAUSE,
    Verb.SEND_EXTEND: Verb.EXTEND,
    Verb.PREVIEW: Verb.DEAL,
    Verb.SET_ROLE: Verb.ROLE,
    Verb.SET_ZONE: Verb.ZONE,
    Verb.MAKE_CAMPAIGN: Verb.NEW_CAMPAIGN,
    Verb.SAVE_CAMPAIGN: Verb.CHANGE_CAMPAIGN,
    Verb.SEND_CODE: Verb.JOIN_CAMPAIGN,
    Verb.ADD_PROMPT: Verb.PROMPT,
    Verb.SAVE_PROMPT: Verb.CHANGE_PROMPT,
    Verb.SAVE_DAY: Verb.MOVE_PROMPT,
    Verb.TELL_STORY: Verb.STORY,
    Verb.SAVE_CONSENT: Verb.CONSENT,
    Verb.ADD_STORY: Verb.APPROVE_STORY,
    Verb.SEND_REASON: Verb.ASK_REASON,
    Verb.FIND: Verb.LIBRARY,
    Verb.SAVE_ROUND_UP: Verb.CHANGE_ROUND_UP,
    Verb.SAVE_SETTINGS: Verb.SETTINGS,
    Verb.SEND_WEEK: Verb.CONFIRM_WEEK,
    Verb.SAVE_PRIVATELY: Verb.PRIVATELY,
}
"""Which button opens the form that sends this, about the same and with the same value."""

FORMS = frozenset(
    {
        Verb.RESPOND,
        Verb.PLEDGE,
        Verb.PAUSE,
        Verb.EXTEND,
        Verb.ROLE,
        Verb.ZONE,
        Verb.STORY,
        Verb.CAMPAIGN,
        Verb.NEW_CAMPAIGN,
        Verb.CHANGE_CAMPAIGN,
        Verb.JOIN_CAMPAIGN,
        Verb.PROMPT,
        Verb.CHANGE_PROMPT,
        Verb.MOVE_PROMPT,
        Verb.CONSENT,
        Verb.APPROVE_STORY,
        Verb.ASK_REASON,
        Verb.LIBRARY,
        Verb.CHANGE_ROUND_UP,
        Verb.SETTINGS,
        Verb.CONFIRM_WEEK,
        Verb.PRIVATELY,
    }
)
"""Buttons and commands that may open a form: it has to be the first answer, and quick."""

MANAGING = frozenset(
    {
        Verb.CAMPAIGN,
        Verb.NEW_CAMPAIGN,
        Verb.MAKE_CAMPAIGN,
        Verb.SHOW_CAMPAIGN,
        Verb.CHANGE_CAMPAIGN,
        Verb.SAVE_CAMPAIGN,
        Verb.START_CAMPAIGN,
        Verb.PAUSE_CAMPAIGN,
        Verb.RESUME_CAMPAIGN,
        Verb.END_CAMPAIGN,
        Verb.CAMPAIGN_CODE,
        Verb.JOIN_CAMPAIGN,
        Verb.SEND_CODE,
        Verb.LEAVE_CAMPAIGN,
        Verb.PROMPT,
        Verb.ADD_PROMPT,
        Verb.PROMPTS,
        Verb.SHOW_PROMPT,
        Verb.CHANGE_PROMPT,
        Verb.SAVE_PROMPT,
        Verb.MOVE_PROMPT,
        Verb.SAVE_DAY,
        Verb.REMOVE_PROMPT,
        Verb.SURE_REMOVE,
        Verb.QUEUE,
        Verb.APPROVE_STORY,
        Verb.ADD_STORY,
        Verb.ASK_REASON,
        Verb.SEND_REASON,
        Verb.ROUND_UP,
        Verb.CHANGE_ROUND_UP,
        Verb.SAVE_ROUND_UP,
        Verb.POST_ROUND_UP,
        Verb.SETTINGS,
        Verb.SAVE_SETTINGS,
        Verb.WEEKS,
        Verb.CONFIRM_WEEK,
        Verb.SEND_WEEK,
        Verb.NATIONS,
        Verb.SET_NATION,
        Verb.HELD,
        Verb.DECIDE_HELD,
        Verb.RESUME,
        Verb.CLOSE_WITHOUT_RESULTS,
    }
)
"""What only those may do who look after a channel: for these a platform is asked whom it names."""


class NotAnAction(ValueError):
    """Not a string that `write` made. Its words are not repeated: anybody may have sent them."""


@dataclass(frozen=True, slots=True)
class Action:
    """A verb, the round it is about, what in that round, and a choice where there is one."""

    verb: Verb
    round: str = ""
    about: str = ""
    value: str = ""


def posts(action: Action) -> bool:
    """Whether it has us post in the channel from now on. We have to be let in there first."""
    if action.verb is Verb.DEAL:
        return bool(action.value)
    return action.verb in {Verb.START_CAMPAIGN, Verb.RESUME_CAMPAIGN, Verb.SEND_CODE}


def write(action: Action) -> str:
    """The string for a button. Ids are URL-safe, so a full stop can stand between them."""
    whole = f"{action.verb.value}.{action.round}.{action.about}.{action.value}"
    assert whole.count(".") == 3, "a full stop in an id"
    text = whole.rstrip(".")
    assert len(text) <= LENGTH
    return text


@lru_cache(READ_KEPT)
def read(text: str) -> Action:
    """The action of a string. Raises NotAnAction for anything `write` cannot have made."""
    if not text.isascii() or len(text) > LENGTH:
        raise NotAnAction
    verb, *rest = text.split(".")
    if len(rest) > 3 or verb not in _VERBS or not all(set(part) <= _ID_CHARACTERS for part in rest):
        raise NotAnAction
    return Action(Verb(verb), *rest)


_VERBS = frozenset(Verb)
_ID_CHARACTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
