"""Words that suggest harm: found however they are written, and only as whole words.

It looks for words, and understands nothing: a moderator decides. So the list should be what people
in distress truly say, and what others often say should stand under `unless`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Words: TypeAlias = tuple[str, ...]

SPELLED = 3  # so many single letters in a row are a word that was spelled out: "k i l l"
RUN_TOGETHER = 8  # so many letters of a phrase are enough to know it without its spaces

_LETTERS = "abcdefghijklmnopqrstuvwxyz"

# What looks like a Latin letter, above the letter (from Unicode's list of confusables: what a keyboard or
# a page of "fancy text" offers). Capitals apart: the Greek capital like M has a small letter like u.
_ALIKE = (
    ("авгеёікмнопрстухьѕјԁһԛԝӏ", "abreeikmhonpctyxbsjdhqwl"),  # Cyrillic
    ("АВГЕЁІКМНОПРСТУХЬЅЈԀҺԚԜӀ", "abreeikmhonpctyxbsjdhqwl"),
    ("αβγεηικμνορστυχω", "abyenikuvopotuxw"),  # Greek
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "abezhikmnoptyx"),
    ("օոսհ", "onuh"),  # Armenian
    ("ıɩɪɡɑʟłøđħŧɨʉƙ", "iiigallodhtiuk"),  # letters of phonetics, and letters with a stroke
    ("ᴀʙᴄᴅᴇꜰɢʜᴊᴋᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghjkmnoprstuvwyz"),  # small capitals
    *(("".join(chr(first + at) for at in range(26)), _LETTERS) for first in (0x1F150, 0x1F170, 0x1F1E6)),
)
_LOOK_ALIKES = {
    **{ord(one): other for ones, others in _ALIKE for one, other in zip(ones, others, strict=True)},
    **dict.fromkeys(map(ord, "\u115f\u1160\u3164\uffa0\u2800"), " "),  # letters by class, nothing to see
}
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘ʼ`´ʹ′"))
_DIGITS = str.maketrans("0134578", "oieastb")  # "k1ll"
_SIGNS = str.maketrans("@$!|", "asil")  # "k!ll"
_UNSEEN = frozenset({"Mn", "Me", "Cf"})

_WORD = re.compile(r"[^\W_]+")
_SIGN_FOR_A_LETTER = re.compile(r"(?<=[^\W_])[@$!|](?=[^\W_])|(?<![^\W_])[@$](?=[^\W_])")
_INSIDE_A_WORD = re.compile(r"(?<=[^\W_])[^\w\s]+(?=[^\W_])|_")


@dataclass(frozen=True, slots=True)
class HarmWords:
    """What to look for, folded and by the first word; `HarmWords.of` makes it from a list."""

    phrases: Mapping[str, tuple[Words, ...]]
    unless: Mapping[str, tuple[Words, ...]] = field(default_factory=dict)

    @staticmethod
    def of(phrases: Iterable[str], unless: Iterable[str] = ()) -> HarmWords:
        """From phrases as people write them. One inside a longer phrase of `unless` is not meant."""
        return HarmWords(_by_first_word(phrases), _by_first_word(unless))


def suggests_harm(text: str, words: HarmWords) -> bool:
    """Whether one of these phrases stands in a text, in whatever letters, spaces and marks.

    Never raises, and takes time in proportion to the length of the text.
    """
    return any(_is_meant(reading, words) for reading in dict.fromkeys(_readings(text)))


def fold(text: str) -> str:
    """The words in small letters with single spaces between, as they look and not as they are coded.

    A word that was spelled out in single letters is put together. Folding twice changes nothing.
    """
    return " ".join(_words(_look(text), apart=False))


def _by_first_word(phrases: Iterable[str]) -> dict[str, tuple[Words, ...]]:
    known: dict[str, dict[Words, None]] = {}
    # In Greek, capitals and small letters look like different Latin ones.
    for written in (form for phrase in phrases for form in (phrase, phrase.upper())):
        whole = tuple(fold(written).split())
        together = "".join(whole)
        for each in (whole, (together,)) if len(together) >= RUN_TOGETHER else (whole,):
            known.setdefault(each[0], {})[each] = None
    return {first: tuple(each) for first, each in known.items()}


def _is_meant(reading: Words, words: HarmWords) -> bool:
    harmless = deque(_found(reading, words.unless))
    reaches = 0  # the furthest end of a harmless phrase that starts here or before
    for start, end in _found(reading, words.phrases):
        while harmless and harmless[0][0] <= start:
            reaches = max(reaches, harmless.popleft()[1])
        if end > reaches:
            return True
    return False


def _found(reading: Words, phrases: Mapping[str, tuple[Words, ...]]) -> Iterator[tuple[int, int]]:
    """Where phrases stand, by their start: the first word and the one after the last."""
    for start, word in enumerate(reading):
        for phrase in phrases.get(word, ()):
            if reading[start : start + len(phrase)] == phrase:
                yield start, start + len(phrase)


def _readings(text: str) -> Iterator[Words]:
    """The ways to read a text: a mark between letters may end a word or hide one ("k.ill")."""
    look = _look(text)
    signs = _SIGN_FOR_A_LETTER.sub(lambda sign: sign[0].translate(_SIGNS), look)
    for each in (look, _INSIDE_A_WORD.sub("", signs)):
        yield _words(each, apart=False)
        yield _words(each, apart=True)


def _look(text: str) -> str:
    """The same in small Latin letters wherever it looks like them, without accents and hidden marks."""
    for _ in range(2):  # small letters may come apart once more
        text = _without_unseen(text).translate(_LOOK_ALIKES)  # first, or a storm of marks is sorted for long
        text = _without_unseen(unicodedata.normalize("NFKD", text)).translate(_LOOK_ALIKES).casefold()
    return text.translate(_APOSTROPHES)


def _without_unseen(text: str) -> str:
    if text.isascii():
        return text
    return "".join(char for char in text if unicodedata.category(char) not in _UNSEEN)


def _words(look: str, *, apart: bool) -> Words:
    """The words. `apart`: an "I" or "a" before a word that was spelled out is one by itself."""
    words: list[str] = []
    run: list[str] = []
    for word in [*_WORD.findall(look), ""]:  # the last one ends a run
        if len(word) == 1:
            run.append(word)
            continue
        if len(run) >= SPELLED and any(map(str.isalpha, run)):
            if apart and run[0] in "ia":
                words.append(run.pop(0))
            run = ["".join(run)]
        words += run
        run = []
        words.append(word)
    return tuple(map(_in_letters, words[:-1]))


def _in_letters(word: str) -> str:
    """Digits that stand for letters, in a word that has letters too."""
    return word.translate(_DIGITS) if any(map(str.isalpha, word)) else word
