"""What Discord would refuse in a message of components or in a modal, and what would shut somebody out."""

from __future__ import annotations

from typing import Any

from tests.discord import components as judge
from tests.discord import published

Json = dict[str, Any]

V2 = 1 << 15  # Message flags, IS_COMPONENTS_V2
MODAL = 9  # Receiving and responding, "Interaction callback type"


def message_problems(components: list[Json]) -> list[str]:
    """Everything that is wrong with a message's components."""
    body = {"components": components, "flags": V2}
    found = [*judge.message(body), *published.problems("create_message", body, {})]
    return [*map(str, found), *judge.careless(body)]


def modal_problems(modal: Json) -> list[str]:
    """Everything that is wrong with a modal."""
    answer = {"type": MODAL, "data": modal}
    found = [*judge.modal(modal), *published.problems("create_interaction_response", answer, {})]
    return [str(each) for each in found]
