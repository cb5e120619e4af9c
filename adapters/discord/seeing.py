"""Whether somebody may see a channel: what Discord's roles and overwrites come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from discord import Permissions

ROLE, MEMBER = 0, 1  # Reference: Channel, "Overwrite Structure", type


def sees(guild: Mapping[str, Any], channel: Mapping[str, Any], member: Mapping[str, Any]) -> bool:
    """The same as Discord finds (Reference: Permissions, "Permission Overwrites").

    `guild`, `channel` and `member` as Discord tells of them.
    """
    user, everyone = str(member["user"]["id"]), str(guild["id"])
    mine = {everyone, *map(str, member["roles"])}
    allowed = 0
    for role in guild["roles"]:
        if str(role["id"]) in mine:
            allowed |= int(role["permissions"])
    if user == str(guild["owner_id"]) or Permissions(allowed).administrator:
        return True
    overwrites = channel.get("permission_overwrites") or []
    roles = [each for each in overwrites if int(each["type"]) == ROLE]
    for those in (
        [each for each in roles if str(each["id"]) == everyone],
        [each for each in roles if str(each["id"]) in mine - {everyone}],
        [each for each in overwrites if int(each["type"]) == MEMBER and str(each["id"]) == user],
    ):
        allowed = (allowed & ~_all(those, "deny")) | _all(those, "allow")
    return Permissions(allowed).view_channel


def _all(overwrites: Iterable[Mapping[str, Any]], what: str) -> int:
    found = 0
    for each in overwrites:
        found |= int(each[what])
    return found
