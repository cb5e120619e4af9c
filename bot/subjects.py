"""What a press is about: which module answers it, and whether that only opens something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from bot import (
    arranging,
    campaigning,
    finding,
    privately,
    prompting,
    reporting,
    rounding_up,
    safeguarding,
    storytelling,
    weeks,
)
from bot.actions import Action, Verb
from bot.answers import Answer
from bot.chat import Press
from bot.tools import Tools
from storage.database import Transaction

Answering: TypeAlias = Callable[[Transaction, Tools, Press, Action, datetime], Answer]


@dataclass(frozen=True, slots=True)
class Subject:
    """`answer` takes every press with these `verbs`. What `only_opens` says is read and changes nothing."""

    verbs: frozenset[Verb]
    answer: Answering
    only_opens: Callable[[Action], bool]


def _among(verbs: frozenset[Verb]) -> Callable[[Action], bool]:
    return lambda action: action.verb in verbs


def _find(tx: Transaction, _tools: Tools, press: Press, action: Action, now: datetime) -> Answer:
    return finding.answer(tx, press, action, now)


_NATIONS = frozenset({Verb.NATIONS, Verb.SET_NATION})

SUBJECTS = (
    Subject(campaigning.CAMPAIGNS, campaigning.answer, campaigning.only_opens),
    Subject(privately.PRIVATELY, privately.answer, _among(privately.OPENS)),
    Subject(storytelling.TELLINGS, storytelling.answer, _among(storytelling.OPENS)),
    Subject(finding.LIBRARY, _find, _among(finding.LIBRARY)),
    Subject(prompting.PROMPTS, prompting.answer, _among(prompting.OPENS)),
    Subject(rounding_up.ROUND_UPS, rounding_up.answer, _among(rounding_up.OPENS)),
    Subject(reporting.REPORTS, reporting.answer, _among(frozenset())),
    Subject(arranging.SETTINGS, arranging.answer, arranging.only_opens),
    Subject(weeks.WEEKS, weeks.answer, _among(weeks.OPENS)),
    Subject(_NATIONS, safeguarding.nations, _among(frozenset({Verb.NATIONS}))),
)

BY_VERB = {verb: subject for subject in SUBJECTS for verb in subject.verbs}
"""The rest is about a card that lies open, or is answered by the service itself."""
