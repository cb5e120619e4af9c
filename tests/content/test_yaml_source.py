"""YAML from outside: what is refused, in which line, and that nothing else ever happens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.yaml_source import MOST_BYTES, read

BILLION_LAUGHS = "a0: &a0 [ha, ha]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]\n" for level in range(1, 11)
)


def findings(text: str | bytes) -> list[str]:
    raw = text.encode() if isinstance(text, str) else text
    return [str(finding) for finding in read(raw, "deck.yaml").findings]


def test_every_value_is_text_and_knows_its_line() -> None:
    source = read(b"# a comment\nid: tea\ncards:\n  - stance: no\n    size: 3\n", "deck.yaml")

    assert source.data == {"id": "tea", "cards": [{"stance": "no", "size": "3"}]}
    assert source.lines == {
        (): 2,
        ("id",): 2,
        ("cards",): 3,
        ("cards", 0): 4,
        ("cards", 0, "stance"): 4,
        ("cards", 0, "size"): 5,
    }


def test_a_text_over_several_lines_has_the_line_of_its_key() -> None:
    source = read(b"statement: >-\n  One\n  two.\nquestion: x\n", "deck.yaml")

    assert source.data == {"statement": "One two.", "question": "x"}
    assert source.line(("statement",)) == 1
    assert source.line(("question",)) == 4


def test_a_missing_value_has_the_line_of_what_it_is_missing_from() -> None:
    source = read(b"id: tea\ncards:\n  - id: one\n  - id: two\n", "deck.yaml")

    assert source.line(("cards", 1, "statement")) == 4
    assert source.line(("about",)) == 1


def test_a_mark_that_windows_editors_write_first_is_no_problem() -> None:
    assert read(b"\xef\xbb\xbfid: tea\n", "deck.yaml").data == {"id": "tea"}


def test_an_alias_and_its_anchor_are_refused_where_they_stand() -> None:
    assert findings("a: &tea hot\nb: *tea\n") == [
        "deck.yaml, line 1: a: please take out '&tea': references are not used here",
        "deck.yaml, line 2: b: please write this out in full, without '*tea'",
    ]


def test_a_bomb_is_refused_reference_by_reference_and_nothing_is_multiplied() -> None:
    source = read(BILLION_LAUGHS.encode(), "deck.yaml")

    assert source.data is None
    assert len(source.findings) == 51
    assert str(source.findings[0]) == (
        "deck.yaml, line 1: a0: please take out '&a0': references are not used here"
    )
    assert source.findings[-1].sentence == "there is more; please mend the lines above first"


@pytest.mark.parametrize("bomb", ["[" * 250_000, "{" * 250_000, "- " * 120_000, "? " * 120_000])
def test_nesting_without_end_is_refused_at_its_21st_level(bomb: str) -> None:
    assert len(findings(bomb)) == 1
    assert "go deeper than 20 levels" in findings(bomb)[0]


@pytest.mark.parametrize(
    "bomb", ["[" + "{}," * 80_000 + "]", "- a\n" * 60_000, "".join(f"k{n}:\n" for n in range(30_000))]
)
def test_a_flat_bomb_is_refused_after_ten_thousand_values(bomb: str) -> None:
    (said,) = findings(bomb)

    assert said.endswith(": this file holds more than 10,000 values; please split it")


def test_ten_thousand_values_are_fine() -> None:
    assert findings("[" + "a, " * 9_998 + "a]") == []


def test_twenty_levels_are_fine() -> None:
    assert findings("[" * 20 + "]" * 20) == []


def test_tags_are_refused() -> None:
    assert findings("a: !!python/object:os.system x\nb: !tea hot\n") == [
        "deck.yaml, line 1: a: please take out the tag 'tag:yaml.org,2002:python/object:os.syst…'",
        "deck.yaml, line 2: b: please take out the tag '!tea'",
    ]


def test_a_key_that_is_there_twice_is_refused_with_both_lines() -> None:
    source = read(b"id: tea\nabout: x\nid: coffee\n", "deck.yaml")

    assert [str(each) for each in source.findings] == [
        "deck.yaml, line 3: id: this key is here twice, first in line 1"
    ]
    assert source.data == {"id": "tea", "about": "x"}


def test_a_key_is_a_word() -> None:
    assert findings("? [a, b]\n: c\n") == [
        "deck.yaml, line 1: a key is a single word here, with a ':' after it"
    ]


def test_there_is_one_document_in_a_file() -> None:
    assert findings("---\nid: tea\n---\nid: coffee\n") == [
        "deck.yaml, line 3: a second document starts here ('---'); please keep to one in a file"
    ]


def test_directives_are_refused() -> None:
    assert findings("%YAML 1.1\n---\nid: tea\n") == [
        "deck.yaml, line 2: please take out the line that starts with '%'"
    ]


def test_a_file_over_256_kilobytes_is_refused_unread() -> None:
    assert findings(b"#" * MOST_BYTES + b"\n") == [
        "deck.yaml: this file is larger than 256 KB; please split it"
    ]
    assert findings(b"a: b\n" + b"#" * (MOST_BYTES - 5)) == []


@pytest.mark.parametrize("nothing", ["", "   \n\n"])
def test_an_empty_file_is_called_empty(nothing: str) -> None:
    assert findings(nothing) == ["deck.yaml: this file is empty"]


def test_another_encoding_than_utf_8_is_refused_with_its_line() -> None:
    assert findings("id: tea\ntitle: café\n".encode("latin-1")) == [
        "deck.yaml, line 2: there is a character I cannot read. Please save the file as UTF-8"
    ]


@pytest.mark.parametrize(
    "character",
    ["\0", "\x07", "\x1b", "\x7f", "\x85", "\u200b", "\u202e", "\u2066", "\u2028", "\ufeff", "\U000e0041"],
)
def test_characters_that_nobody_sees_are_refused(character: str) -> None:
    sentence = f"there is a hidden character here (U+{ord(character):04X}); please delete it"

    assert findings(f"id: tea\nabout: so{character}so\n") == [f"deck.yaml, line 2: {sentence}"]


def test_hidden_characters_are_found_behind_an_escape_too() -> None:
    assert findings(r'a: "\u202e"' + "\n" + r'b: "\ud800"') == [
        "deck.yaml, line 1: a: there is a hidden character here (U+202E); please delete it",
        "deck.yaml, line 2: b: there is a hidden character here (U+D800); please delete it",
    ]


def test_emoji_and_other_scripts_are_welcome() -> None:
    text = "👩🏽‍⚕️ Zoë, Ffion ŵ, 日本, مرحبا"

    assert read(f"a: {text}\n".encode(), "deck.yaml").data == {"a": text}


@pytest.mark.parametrize(
    "text, line, said",
    [
        ("a: so: so\n", 1, "please put text that has a ':' in quotes"),
        ("id: x\na:\n\t- b\n", 3, "please indent with spaces, not with a tab"),
        ("id: x\na: @home\n", 2, "please put this text in quotes"),
        ('id: x\na: "open\nb: c\n', 2, "the quotation mark that opens here is not closed"),
        ("id: x\na: [b, c\n", 2, "the bracket that opens here is not closed"),
        ("id: x\ntitle x\nabout: y\n", 2, "please write a ':' and a space after the key"),
        ("a:\n  - id: b\n   kind: c\n", 3, "whether this line starts below its neighbours"),
        ("  a: b\nc: d\n", 2, "whether this line starts below its neighbours"),
        ("id: x\na: 'it's'\n", 2, "whether text goes on after a closing quote"),
    ],
)
def test_a_slip_of_the_pen_is_explained_in_its_line(text: str, line: int, said: str) -> None:
    (finding,) = read(text.encode(), "deck.yaml").findings

    assert finding.line == line
    assert said in finding.sentence


def test_what_comes_before_a_slip_is_reported_with_it() -> None:
    assert len(findings("a: &x y\nb: c: d\n")) == 2


def test_what_a_file_calls_its_keys_stays_short_and_printable_in_a_finding() -> None:
    assert findings(f"{'long' * 30}: !red x\n") == [
        f"deck.yaml, line 1: {'long' * 9}lon…: please take out the tag '!red'"
    ]
    assert all(line.isprintable() for line in findings('"\\e[31m": !red x\n'))


PIECES = (
    "a|id|cards|:|: |-|- |  |\t|&x|*x|!|!!str |<<|{|}|[|]|,|'|\"|>|? |#| #|%|%YAML |%TAG ! |---\n|...\n|@|`|~"
    "|=|é|\\|\\u202e|\\UFFFFFFFF|\\x|\u2028|\ufeff|\0|\r|\r\n|999999999999999999"
)
YAML_PIECES = st.sampled_from(["|", "|-\n", "\n", *PIECES.split("|")])


@given(
    st.one_of(st.binary(max_size=200), st.lists(YAML_PIECES, max_size=40).map(lambda p: "".join(p).encode()))
)
def test_no_bytes_whatever_raise_anything(raw: bytes) -> None:
    source = read(raw, "deck.yaml")

    assert source.findings or source.data is not None
    assert all(str(finding).isprintable() for finding in source.findings)
