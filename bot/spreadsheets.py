"""Rows -> a file for a spreadsheet, in which no word of anybody's is a formula."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

FORMULA = "=+-@"
"""What a formula begins with (OWASP, "CSV Injection"); a tab or a line end may stand before it as well."""

_MARK = "\ufeff"  # tells Excel that it is UTF-8


def sheet(rows: Iterable[Sequence[str]]) -> str:
    """The rows as CSV (RFC 4180)."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerows([list(map(cell, row)) for row in rows])
    return _MARK + written.getvalue()


def cell(words: str) -> str:
    """Words that a spreadsheet shows as they are: where it might compute, an apostrophe stands first."""
    begins = unicodedata.normalize("NFKC", words.lstrip(" \u00a0\"'“”‘’"))[:1]
    risky = begins and (begins in FORMULA or begins in "\t\r\n")
    return f"'{words}" if risky or words[:1] in {"\t", "\r", "\n"} else words
