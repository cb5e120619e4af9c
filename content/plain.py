"""Plain language by fixed rules: sentences, words and syllables are counted, and words looked up.

The numbers and the lists are in `plain/*.yaml`. The counts are made for everyday British
English; a word that they get wrong goes into `plain/syllables.yaml`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from content.findings import ContentRefused, quoted
from content.schema import Entry, Gloss, PlainLimits, Syllables, Unkind, faults
from content.yaml_source import read_file

_FILES = Path(__file__).parent / "plain"

# --- Sentences and words -------------------------------------------------------------------------

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'"})
# A small letter goes on with the sentence: "Where is he?" she asks.
_SENTENCE_END = re.compile(r"""(?<![MD]r\.)(?<!Mrs\.)(?<!Ms\.)(?<=[.!?…])["')\]”]*\s+(?![a-z])""")
# A line of a poem or of a list; other line breaks are only where the editor was full.
_LINE_END = re.compile(r"""\n\s*\n|\n\s*(?=["'“(]?[A-Z0-9]|[-*•–]\s)""")
_BETWEEN_WORDS = re.compile(r"[\s—–/…]+|--+|\.{2,}")
_AROUND_A_WORD = re.compile(r"^[^\w&]+|[^\w&]+$")
_DOTTED = re.compile(r"(?:[A-Z]\.)+[A-Z]?")
_ACRONYM = re.compile(r"[A-Z]&?[A-Z][A-Z0-9&]*")


def sentences(text: str) -> list[str]:
    """The sentences of a text in order, as written; those without a word are left out."""
    lines = _LINE_END.split(text.translate(_APOSTROPHES))
    return [part for line in lines for part in _SENTENCE_END.split(line.strip()) if words(part)]


def words(sentence: str) -> list[str]:
    """The words as written, without the marks around them. "face-to-face" is one, "and/or" two."""
    tokens = _BETWEEN_WORDS.split(sentence.translate(_APOSTROPHES))
    return [word for word in (_AROUND_A_WORD.sub("", token) for token in tokens) if word.strip("_&'-")]


def _parts(word: str) -> Iterator[str]:
    """The parts between hyphens. N.H.S. and NHS are one."""
    for part in word.split("-"):
        if part:
            yield part.replace(".", "") if _DOTTED.fullmatch(part) else part


def _acronym(part: str) -> str:
    """ "GPs" and "GP's" -> "GP"; empty if the word is none."""
    match = _ACRONYM.match(part)
    return match.group() if match and part[match.end() :] in ("", "s", "'s") else ""


# --- Marks ---------------------------------------------------------------------------------------

_STRAIGHT = re.compile(r"\S*(?P<mark>['\"])\S*")
_CURVED = {"'": "please write ’ rather than '", '"': 'please write “ and ” rather than "'}


def straight_marks(text: str) -> Iterator[str]:
    """A kind sentence for each kind of straight mark in a text that people read, with its first word."""
    told: set[str] = set()
    for found in _STRAIGHT.finditer(text):
        for mark, sentence in _CURVED.items():
            if mark in found[0] and mark not in told:
                told.add(mark)
                yield f"{sentence} in {quoted(found[0])}"


# --- Syllables -----------------------------------------------------------------------------------

_VOWELS = re.compile(r"[aeiouy]+")
# Written like vowels, spoken like consonants: saying, young, quick. A dash keeps them apart.
_NOT_VOWELS = re.compile(r"(?<=[aeiou])y(?=[aeiou])|^y(?=[aeiou])|(?<=q)u")

# Vowels side by side that are two syllables; each match is one more.
_TWO_SYLLABLES = re.compile(
    r"""
      i(?=[aou])(?!ages?$|our)(?<![ctsgxnlh]i)    # peri-od, vari-ous; not so-cial, mar-riage
    | i(?=a(?:t|bl|nce))(?<=[cltn]i)              # associ-ate, reli-able
    | (?<=[^aeiou]n)i(?=[au])                     # not opin-ion
    | ^[^aeiou]+i(?=[ao]|et|en(?!d))              # gi-ant, li-on, qui-et, cli-ent
    | i(?=e(?:rs?|st|ty?|ths?)$)(?<!^.i)(?<!^..i) # earli-er, soci-ety, forti-eth
    | i(?=en(?:ce|t))(?<![ctsgn]i)                # experi-ence; not pa-tient
    | ^(?:un|sur)?re(?=ali|a[cs]t)                # re-ality, re-act
    | ^(?:re|pro)?cre(?=at(?!u))                  # cre-ate; not crea-ture
    | (?<=[aeiouy].)e(?=as?$)                     # ide-a, are-a
    | (?<=[aeiouy]..)e(?=as?$)
    | e(?=um|os?$|ous)(?<!ge)                     # muse-um, vide-o, courte-ous
    | (?<![gq])u(?=a(?!de)|ou|e(?:n|l))           # actu-al, influ-ence
    | [aeouy](?=ing)                              # go-ing, carry-ing
    | o(?=e[mt])                                  # po-em
    | i(?=ums?$)                                  # calci-um
    | [ao](?=ic(?:s|al|ally)?$)                   # hero-ic
    | u(?=it(?:y|ies|ive|ions?)$)(?<!fru)         # continu-ity
    | ^(?:ge|the|ide)(?=o(?!rg))                  # ge-ography, the-ory
    | ^re(?=o[^u]|u[ns]|inf)                      # re-open, re-use
    | ^co(?=opera|ord)                            # co-operate
    """,
    re.VERBOSE,
)

# An e that nobody hears, at the end of a word and inside it; each is one less.
_SILENT_END = re.compile(
    r"""
      [^aeiouy]e$                     (?<![^aeiouylr-][lr]e)   # home; not ta-ble, thea-tre
    | (?:[^aeiouysxzcgh]|[^cs]h)es$   (?<![^aeiouylr-][lr]es)  # likes; not hou-ses, ta-bles
    | [^aeiouytd]ed$                  (?<![^aeiouylr-]led)     # helped; not wan-ted, han-dled
    """,
    re.VERBOSE,
)
_SILENT_INSIDE = re.compile(
    r"""
      [^aeiouy]e (?<![^aeiouylr-][lr]e)
      (?=(?:ly|ments?|ful|fully|less|ness|some|things?|where|body|times?|work|wise|ty|hood|man|men)$)
    | ^(?:care|date|face|fire|fore|game|give|home|hope|house|leave|life|like|line|live|make|more|name|note
         |phone|safe|shake|share|side|smoke|some|space|stone|store|take|there|time|use|wake|ware|where|white|whole|wide)
      (?=[bcdfghjklmnpqrstwxz]) (?!ns?$|n(?:ed|ing)$|rs?$|d$|s$|st$)
    """,
    re.VERBOSE,
)
_CONTRACTION = re.compile(r"(?<=.)'(s|d|m|t|re|ve|ll)$")
_HISSING = re.compile(r"(?:[sxz]|[cs]h|[cgsz]e)$")


def syllables(word: str, exceptions: Mapping[str, int]) -> int:
    """How many syllables a word has when it is said aloud; at least 1.

    `exceptions` gives words in small letters; their plurals and possessives follow.
    Acronyms are spelled out, and digits count as one each.
    """
    return max(1, sum(_syllables_of_part(part, exceptions) for part in _parts(word)))


def _syllables_of_part(part: str, exceptions: Mapping[str, int]) -> int:
    if name := _acronym(part):
        return len(name) + 2 * name.count("W")
    word = part.lower()
    if (bare := _unaccented(word)) in exceptions:
        return exceptions[bare]
    if contraction := _CONTRACTION.search(word):
        return _contracted(word[: contraction.start()], contraction.group(1), exceptions)
    if word.endswith("s") and not _HISSING.search(word[:-1]) and word[:-1] in exceptions:
        return exceptions[word[:-1]]
    word = re.sub("é$", "ei", word)  # café
    return sum(_spoken(run) for run in re.findall(r"[a-z]+|\d|&", _unaccented(word)))


def _unaccented(word: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", word) if letter.isascii())


def _contracted(stem: str, ending: str, exceptions: Mapping[str, int]) -> int:
    if ending == "t":  # "couldn't" is said could-n't; "can't" in one breath
        base = stem.removesuffix("n")
        spoken = _syllables_of_part(base, exceptions)
        return spoken if base in ("ca", "do", "wo", "are", "were", "sha") else spoken + 1
    spoken = _syllables_of_part(stem, exceptions)
    after_consonant = stem[-1] not in "aeiouyw"
    if ending in ("ll", "ve", "d") and after_consonant and not stem.endswith("r"):
        return spoken + 1  # it'll, could've
    return spoken + 1 if ending == "s" and _HISSING.search(stem) else spoken


def _spoken(word: str) -> int:
    """By the rules alone. `word` is in small letters, or one digit, or "&"."""
    if not word.isalpha():
        return 1
    if len(word) > 4:
        word = re.sub(r"ie[sd]$", "y", word)
    word = re.sub(r"(?<=[aeo])gues?$", "g", word)  # league
    word = word.replace("ically", "icly")
    word = _NOT_VOWELS.sub("-", word)
    count = len(_VOWELS.findall(word)) + len(_TWO_SYLLABLES.findall(word))
    count -= bool(_SILENT_END.search(word)) + bool(_SILENT_INSIDE.search(word))
    count += bool(re.search(r"(?:sm|thm)s?$", word))  # rhy-thm
    return max(1, count)


def reading_grade(words: int, sentences: int, syllables: int) -> float:
    """The Flesch-Kincaid grade (Kincaid and others, 1975): years of school, to one decimal."""
    return round(0.39 * words / sentences + 11.8 * syllables / words - 15.59, 1)


# --- The rules -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlainLanguage:
    """The fixed rules. Both methods give kind sentences, and nothing for plain words."""

    limits: PlainLimits
    gloss: Gloss
    unkind: Mapping[str, str]  # what to say instead of words in small letters, without hyphens
    unkind_words: re.Pattern[str]  # the same words as one pattern, and their plurals
    exceptions: Mapping[str, int]

    def about_text(self, text: str) -> Iterator[str]:
        """Long sentences, long words, acronyms and unkind words of one text, each word once."""
        longest = self.limits.words_in_a_sentence
        for sentence in sentences(text):
            if (have := len(words(sentence))) > longest:
                yield f"this sentence has {have} words; please keep to {longest}: '{quoted(sentence)}'"
        for part in dict.fromkeys(part for word in words(text) for part in _parts(word)):
            yield from self._about_word(part)
        yield from self._about_people(text)

    def about_card(self, texts: Sequence[str]) -> Iterator[str]:
        """How the texts of a card read together: their average sentence and their grade."""
        all_sentences = [sentence for text in texts for sentence in sentences(text)]
        all_words = [word for sentence in all_sentences for word in words(sentence)]
        if not all_words:
            return
        mean = round(len(all_words) / len(all_sentences), 1)
        limit = self.limits.words_in_a_sentence_on_average
        if mean > limit:
            yield f"its sentences have {mean} words on average; please keep to {limit}"
        spoken = sum(syllables(word, self.exceptions) for word in all_words)
        grade = reading_grade(len(all_words), len(all_sentences), spoken)
        if grade > self.limits.grade_of_a_card:
            yield (
                f"it reads at school grade {grade}; please use shorter words or sentences, "
                f"up to grade {self.limits.grade_of_a_card:g}"
            )

    def _about_word(self, part: str) -> Iterator[str]:
        if name := _acronym(part):
            if name not in self.gloss.acronyms:
                yield f"'{quoted(name)}' looks like an acronym; write it out, or add it to the gloss list"
        elif syllables(part, self.exceptions) > self.limits.syllables_in_a_word and not self._glossed(part):
            yield (
                f"'{quoted(part)}' has more than {_number(self.limits.syllables_in_a_word)} syllables; "
                "try a shorter word, or add it to the gloss list"
            )

    def _glossed(self, part: str) -> bool:
        word = part.lower().removesuffix("'s")
        singulars = {word, word.removesuffix("s"), word.removesuffix("es"), re.sub("ies$", "y", word)}
        return not singulars.isdisjoint(self.gloss.words)

    def _about_people(self, text: str) -> Iterator[str]:
        spoken = re.findall(r"\w+(?:'\w+)*", text.translate(_APOSTROPHES).lower())
        found = self.unkind_words.findall(f" {' '.join(spoken)} ")
        for avoid in dict.fromkeys(found):
            yield f"please say '{self.unkind[avoid]}' rather than '{avoid}'"


def _number(number: int) -> str:
    return {2: "two", 3: "three", 4: "four"}.get(number, str(number))


@cache
def plain_language() -> PlainLanguage:
    """The rules that are shipped. Raises ContentRefused if somebody broke their files."""
    unkind = {
        _folded(avoid): entry.say for entry in _load("unkind.yaml", Unkind).words for avoid in entry.avoid
    }
    # The longest first: "suffers from" is inside "suffers from dementia".
    longest_first = sorted(map(re.escape, unkind), key=len, reverse=True)
    return PlainLanguage(
        limits=_load("rules.yaml", PlainLimits),
        gloss=_load("gloss.yaml", Gloss),
        unkind=unkind,
        unkind_words=re.compile(rf" ({'|'.join(longest_first)})(?:'?s)?(?= )"),
        exceptions=_load("syllables.yaml", Syllables).words,
    )


def _folded(words: str) -> str:
    return " ".join(words.lower().replace("-", " ").split())


FileModel = TypeVar("FileModel", bound=Entry)


def _load(name: str, model: type[FileModel]) -> FileModel:
    source = read_file(_FILES / name, f"plain/{name}")
    if findings := [*source.findings, *faults(model, source)]:
        raise ContentRefused(findings)
    return model.model_validate(source.data)
