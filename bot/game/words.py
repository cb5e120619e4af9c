"""What people write, before it is kept: `clean` takes out what could break a page or hide."""

from __future__ import annotations

import re
import unicodedata

MARKS = 6  # on one letter; ordinary Burmese needs five, a storm brings dozens
STACKED_MARKS = 3  # of those that may stand on any letter of any script
BLANK_LINES = 2  # in a row

# The kinds of `personal_details`, in the order in which they are reported.
PHONE = "phone"
EMAIL = "email"
NHS_NUMBER = "nhs_number"
POSTCODE = "postcode"

# --- cleaning --------------------------------------------------------------------------

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")

# Never shown and never needed: control characters, the overrides and isolates that turn a line
# round, a byte order mark, annotation marks, and code points that are no characters.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF))
    + "]"
)

# Tag characters can hide a whole text. They are needed for the flags of Wales, Scotland and England.
_FLAG_OR_TAG = re.compile(
    "(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f)|[\U000e0000-\U000e007f]"
)

# No width of their own. One at a time is how Persian, Hindi, Khmer and family emoji are written.
_ZERO_WIDTH = frozenset(
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064"
)
_KEPT_AT_THE_END = frozenset("\u061c\u200c\u200d\u200e\u200f")  # they shape what stands before them
_VARIATION = re.compile("[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_STACKED = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")

_SPACES = (
    " \t\n\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
_BLANK = _SPACES + "".join(sorted(_ZERO_WIDTH))
_UNSEEN = frozenset({"Mn", "Me", "Cf", "Cc", "Zs", "Zl", "Zp"})  # classes of characters
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters by class, and nothing to see

_TOO_MANY_BLANK_LINES = re.compile(
    rf"\n(?:[{re.escape(_BLANK.replace(chr(10), ''))}]*\n){{{BLANK_LINES + 1},}}"
)


def clean(text: str) -> str:
    """The same words, safe to keep and to show anywhere; "" if nothing is left to see.

    The result is NFC, encodes to UTF-8, and cleaning it again changes nothing.
    """
    if text.isascii() and text.isprintable():
        return text.strip(" ")  # nothing below can find anything in it, and most names are such
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")  # no lone surrogates
    whole = _UNWANTED.sub("", _LINE_ENDS.sub("\n", whole))
    whole = _FLAG_OR_TAG.sub(lambda found: found[1] or "", whole)
    # Twice: NFC may take letters apart and put them together, and is slow in a storm.
    for _ in range(2):
        whole = unicodedata.normalize("NFC", _without_storms(whole))
    whole = _TOO_MANY_BLANK_LINES.sub("\n" * (BLANK_LINES + 1), whole)
    return _stripped(whole) if any(map(_can_be_seen, whole)) else ""


def _without_storms(text: str) -> str:
    """At most `MARKS` marks to a letter, one variation of it, and one zero-width character at a time."""
    kept: list[str] = []
    marks = stacked = variations = 0
    for char in text:
        zero_width = char in _ZERO_WIDTH
        if zero_width and (not kept or kept[-1] in _ZERO_WIDTH):
            continue
        mark = unicodedata.category(char) in {"Mn", "Me", "Mc"} and not zero_width
        if _VARIATION.match(char):
            variations += 1
            if variations > 1:
                continue
        elif mark:
            marks += 1
            stacked += _STACKED.match(char) is not None
            if marks > MARKS or stacked > STACKED_MARKS:
                continue
        elif not zero_width:
            marks = stacked = variations = 0
        kept.append(char)
    return "".join(kept)


def _can_be_seen(char: str) -> bool:
    return char not in _FILLERS and unicodedata.category(char) not in _UNSEEN


def _stripped(text: str) -> str:
    start = next(at for at, char in enumerate(text) if char not in _BLANK and not _hangs(char))
    end = len(text.rstrip(_BLANK))
    if text[end : end + 1] in _KEPT_AT_THE_END:
        end += 1
    return text[start:end]


def _hangs(char: str) -> bool:
    """A mark without a letter would sit on whatever we print before it."""
    return unicodedata.category(char) in {"Mn", "Me"}


# --- private details -------------------------------------------------------------------

_PHONE = re.compile(
    r"""
    (?<![\w+.,/:-])
    (?: \+[1-9](?:[ .()-]{0,2}\d){8,14}           # international
      | 00[1-9](?:[ .()-]{0,2}\d){8,14}
      | \(?(?P<uk>0[1235789](?:[ .)-]{0,2}\d){8,9})
    )
    (?![.,:-]?\d)
    """,
    re.VERBOSE,
)
_EMAIL = re.compile(r"(?<=[\w%+'-])@(?:[\w-]+\.)+[^\W\d_]{2,}")
_TEN_DIGITS = re.compile(r"(?<![\w.,/:+-])\d{3}(?P<gap>[ -]?)\d{3}(?P=gap)\d{4}(?![\w/:-]|[.,]\d)")

_AREAS = (
    "AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT "
    "DY E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD "
    "LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK "
    "SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE"
)
_POSTCODE = re.compile(
    rf"\b(?:{'|'.join(_AREAS.split())})(?:\d\d?|\d[A-Z])\s?\d(?P<end>[ABD-HJLNP-UW-Z]{{2}})\b", re.IGNORECASE
)
_NO_POSTCODE_END = frozenset({"st", "nd", "rd", "th", "hr", "ft", "lb"})  # "room b12, 3rd floor"


def personal_details(text: str) -> tuple[str, ...]:
    """The kinds of private details that seem to stand in the text, each once, in a fixed order.

    Careful rather than complete: a question asked too often is no longer read.
    """
    plain = _in_plain_digits(text)
    phones = [found for found in _PHONE.finditer(plain) if _is_dialled_like_this(found["uk"])]
    rest = plain
    for found in phones:
        # The tail of a phone number must not count as an NHS number as well.
        rest = rest[: found.start()] + "#" * len(found[0]) + rest[found.end() :]
    kinds = {
        PHONE: bool(phones),
        EMAIL: _EMAIL.search(plain) is not None,
        NHS_NUMBER: any(_is_nhs_number(found[0]) for found in _TEN_DIGITS.finditer(rest)),
        POSTCODE: any(found["end"] not in _NO_POSTCODE_END for found in _POSTCODE.finditer(plain)),
    }
    return tuple(kind for kind, found in kinds.items() if found)


def _in_plain_digits(text: str) -> str:
    """Digits of every script as 0 to 9, and nothing invisible between them."""
    seen = "".join(char for char in text if char not in _ZERO_WIDTH and not _hangs(char))
    folded = unicodedata.normalize("NFKC", seen)
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in folded)


def _is_dialled_like_this(uk: str | None) -> bool:
    """British numbers start with an area code of 3 to 6 digits; "01.02.2027 10" is a date."""
    if uk is None:
        return True
    groups = re.findall(r"\d+", uk)
    digits = sum(map(len, groups))
    if digits == 10 and uk[1] not in "18":
        return False
    first = len(groups[0])
    grouped = 3 <= first <= 6 and all(len(group) > 1 for group in groups) and (digits == 11 or first > 3)
    return first == digits or grouped


def _is_nhs_number(written: str) -> bool:
    """Ten digits, the last of them a check digit modulo 11 (NHS Data Dictionary, "NHS NUMBER")."""
    digits = [int(char) for char in written if char.isdecimal()]
    if len(set(digits)) == 1:
        return False
    check = -sum(weight * digit for weight, digit in zip(range(10, 1, -1), digits, strict=False)) % 11
    return check == digits[9]
