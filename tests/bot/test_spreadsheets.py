"""Words in a spreadsheet: none of them computes anything."""

from __future__ import annotations

import csv
import io

import pytest

from bot.spreadsheets import cell, sheet


@pytest.mark.parametrize(
    "words",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        '"=1',
        "'=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "“=1",
    ],
)
def test_what_might_be_a_formula_has_an_apostrophe_before_it(words: str) -> None:
    assert cell(words) == f"'{words}"


@pytest.mark.parametrize("words", ["", "Ask me twice.", "2 = 2", "a-b", "“Sit down,” she said."])
def test_other_words_stay_as_they_are(words: str) -> None:
    assert cell(words) == words


def test_a_sheet_reads_back_as_it_was() -> None:
    rows = [["What", "Words"], ["Card", 'He said: "no",\nand left; 50 % + more']]

    assert list(csv.reader(io.StringIO(sheet(rows).removeprefix("\ufeff"), newline=""))) == rows
