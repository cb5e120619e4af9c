"""The look, as far as it can be measured: contrast of every pair of colours, in light and dark."""

import re

import pytest

from adapters.web.render import HERE, STATIC

CSS = (STATIC / "app.css").read_text(encoding="utf-8")
GROUPS = ("people", "carers", "staff", "deciders")
GROUNDS = ("paper", "sheet", "wash", "yours")
TEXT = [
    *((words, ground) for words in ("ink", "soft", "accent", "accent-deep") for ground in GROUNDS),
    *(("wrong", ground) for ground in ("paper", "sheet", "yours")),
    *(("on-accent", ground) for ground in ("accent", "accent-deep")),
    *((group, "sheet") for group in GROUPS),
    *(("on-group", group) for group in GROUPS),
]
EDGES = [("edge", ground) for ground in GROUNDS]


def _colours(scheme: str) -> dict[str, str]:
    light, dark = re.findall(r":root \{(.*?)\}", CSS, flags=re.DOTALL)
    block = light if scheme == "light" else dark
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))


def _luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2, definitions)."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_reckoned_as_the_guidelines_do() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("words, ground", TEXT)
def test_all_text_stands_out_seven_to_one(scheme: str, words: str, ground: str) -> None:
    colours = _colours(scheme)

    assert contrast(colours[words], colours[ground]) >= 7


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("edge, ground", EDGES)
def test_the_edges_of_what_can_be_used_stand_out_three_to_one(scheme: str, edge: str, ground: str) -> None:
    colours = _colours(scheme)

    assert contrast(colours[edge], colours[ground]) >= 3


def test_colours_are_named_once_and_used_by_name() -> None:
    rules = re.sub(r":root \{.*?\}", "", CSS, flags=re.DOTALL).partition("@media print")[0]

    assert re.findall(r"#[0-9a-f]{3,8}\b(?=[;\s)])", rules) == []
    assert set(_colours("dark")) == set(_colours("light"))


def test_each_group_has_a_shape_of_its_own() -> None:
    shapes = {(STATIC / "shapes" / f"{group}.svg").read_text(encoding="utf-8") for group in GROUPS}

    assert len(shapes) == 4


def test_every_file_of_ours_says_what_lives_in_it() -> None:
    opening = {".html": "{# ", ".css": "/* ", ".js": "// ", ".svg": "<!-- "}
    files = [*HERE.glob("templates/*.html"), *STATIC.glob("*.*"), *STATIC.glob("shapes/*.svg")]

    silent = [
        file.name for file in files if not file.read_text(encoding="utf-8").startswith(opening[file.suffix])
    ]

    assert silent == []
