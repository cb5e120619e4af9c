"""Discord's own description of its calls, where a copy lies beside the repository: a second judge."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any

from tests import specs
from tests.discord.components import Problem

try:
    import jsonschema_rs
except ImportError:  # the page to try the bot by hand runs without the tools of development
    jsonschema_rs = None  # type: ignore[assignment]

DESCRIPTION = specs.FOLDER / "discord-openapi.json"


@functools.cache
def _operations() -> tuple[dict[str, Any], dict[str, Any]]:
    """Every operation by its name, and the shapes they refer to. Nothing of either without the file."""
    if not specs.HERE or jsonschema_rs is None:
        return {}, {}
    described = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    found = {}
    for path in described["paths"].values():
        for what in path.values():
            if isinstance(what, dict) and "operationId" in what:
                found[what["operationId"]] = what
    return found, described["components"]


@functools.cache
def _asked() -> dict[str, Any]:
    """The shapes for what is sent: every client sends ids as numbers too, and Discord takes them."""
    _, shapes = _operations()
    ids = {"type": ["string", "integer"], "pattern": "^(0|[1-9][0-9]*)$"}
    return {**shapes, "schemas": {**shapes["schemas"], "SnowflakeType": ids}} if shapes else {}


@functools.cache
def _judge(name: str) -> jsonschema_rs.Draft202012Validator | None:
    operations, _ = _operations()
    content = operations.get(name, {}).get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return None
    shape = content["application/json"]["schema"]
    return jsonschema_rs.Draft202012Validator({"components": _asked(), **shape})


@functools.cache
def _query(name: str) -> dict[str, jsonschema_rs.Draft202012Validator]:
    operations, _ = _operations()
    asked = operations.get(name, {}).get("parameters", [])
    return {
        each["name"]: jsonschema_rs.Draft202012Validator({"components": _asked(), **each["schema"]})
        for each in asked
        if each["in"] == "query"
    }


def problems(name: str, body: Any, query: Mapping[str, str]) -> list[Problem]:
    """What is wrong with a call by its published description; nothing if that is not there."""
    found: list[Problem] = []
    operations, _ = _operations()
    if name not in operations:
        return found
    judge = _judge(name)
    if judge is not None:
        for error in judge.iter_errors(body):
            at = tuple(error.instance_path)
            found.append(Problem(at, "BASE_TYPE_BAD", error.message[-300:]))
    known = _query(name)
    for key, value in query.items():
        if key not in known:
            found.append(Problem((key,), "BASE_TYPE_BAD", "not in the published description"))
        elif not any(known[key].is_valid(each) for each in _read(value)):
            found.append(Problem((key,), "BASE_TYPE_BAD", f"{value} is no value of this"))
    return found


def answer_problems(name: str, answer: Any, status: int) -> list[str]:
    """Where an answer of this server's is not what the published description promises."""
    operations, _ = _operations()
    if name not in operations or status // 100 != 2:
        return []
    if str(status) not in operations[name]["responses"]:
        return [f"{name} answers {status}"]
    judge = _promise(name, status)
    if judge is None:
        return []
    return [
        f"{name}: {'.'.join(map(str, each.instance_path))}: {each.message[-200:]}"
        for each in judge.iter_errors(answer)
    ]


@functools.cache
def _promise(name: str, status: int) -> jsonschema_rs.Draft202012Validator | None:
    operations, shapes = _operations()
    content = operations[name]["responses"][str(status)].get("content", {})
    if "application/json" not in content:
        return None
    return jsonschema_rs.Draft202012Validator({"components": shapes, **content["application/json"]["schema"]})


def _read(value: str) -> list[Any]:
    """What a value in an address can mean: words, a number, yes or no."""
    meanings: list[Any] = [value]
    if value.lower() in {"true", "false", "0", "1"}:
        meanings.append(value.lower() in {"true", "1"})
    if value.isdecimal():
        meanings.append(int(value))
    return meanings
