"""Logs: allow-listed keys only. No text, name or token of a person can get in, whoever logs it."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "error", "where", "job", "effect", "attempts", "platform", "count",
        "seconds", "address", "version", "database", "verb",
    }
)  # fmt: skip
"""Every key that may be logged. None of them ever holds what a person wrote or is called."""


def _allow(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value for key, value in event.items() if key in ALLOWED}


def _frames(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Where an error happened, without its message: that may repeat what somebody wrote."""
    info = event.pop("exc_info", None)
    if not info:
        return event
    error = info if isinstance(info, BaseException) else sys.exc_info()[1]
    if error is not None:
        event["error"] = type(error).__name__
        frames = traceback.extract_tb(error.__traceback__)[-6:]
        event["where"] = " > ".join(f"{each.filename.rpartition('/')[2]}:{each.lineno}" for each in frames)
    return event


class _ByNameAlone(logging.Formatter):
    """A library's line without its message and its traceback: both may repeat what somebody wrote."""

    def formatException(self, _info: object) -> str:  # noqa: N802 - the name is logging's
        """See logging.Formatter."""
        return ""

    def formatStack(self, _info: object) -> str:  # noqa: N802 - the name is logging's
        """See logging.Formatter."""
        return ""


def configure(level: str, style: str | None) -> None:
    """Set up logging for the process: text on a terminal, else JSON."""
    as_json = style == "json" or (style is None and not sys.stderr.isatty())
    render: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _frames,
            _allow,
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    # Libraries may log bodies and parameters: they are heard only from WARNING on, by name alone.
    logging.basicConfig(level=logging.WARNING, force=True)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(_ByNameAlone("%(name)s: %(levelname)s"))
