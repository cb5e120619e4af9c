"""What people write: cleaned of what breaks a page, and asked about where it looks private."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.game.words import clean, personal_details

# --- ordinary words stay as they are ---------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "They talk over my head.\n\nAsk me first – I’m here!",
        "Tea, then talk.\tThen tea.",
        "Mae’r tŷ’n gynnes, ac mae dŵr yn y tŵr. Gofynnwch i mi yn gyntaf, os gwelwch yn dda.",
        "उनसे पहले पूछिए। श्रीमती जी क्षमा चाहती हैं।",
        "र्‍य क्‍ष",  # ZWJ after a virama asks for the half form
        "اسألها أولاً. السَّلَامُ عَلَيْكُمْ",
        "می‌خواهم با خودش حرف بزنید",  # ZWNJ inside a word
        "שָׁלוֹם, דברו איתה",
        "မျှော်လင့်ချက် ကြောင့် မြို့",  # five marks on one letter
        "សូម\u200bសួរ\u200bគាត់\u200bជា\u200bមុន",  # ZWSP between words
        "ขอบคุณที่ถามก่อน",
        "སྒྲུབ་པ་",
        "Xin hãy hỏi bà trước. Cảm ơn nhiều ạ.",
        "请先问她。先に聞いてください。먼저 물어보세요.",
        "👨‍👩‍👧‍👦 ❤️‍🔥 1️⃣ 👩🏽‍⚕️ 🏳️‍🌈 👁️‍🗨️ 🇬🇧 🫱🏻‍🫲🏿",
        "🏴󠁧󠁢󠁷󠁬󠁳󠁿 🏴󠁧󠁢󠁳󠁣󠁴󠁿 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "<b>@everyone</b> <!channel> {{ x }} =1+1 %s & \\",  # escaped last, where it is shown
    ],
)
def test_ordinary_words_of_any_language_stay_as_they_are(text: str) -> None:
    assert clean(text) == text


# --- what is taken out -----------------------------------------------------------------


@pytest.mark.parametrize(
    "text, expected",
    [
        ("  Ask her.\n ", "Ask her."),
        ("cafe\u0301", "caf\u00e9"),
        (
            "one\r\ntwo\rthree\vfour\ffive\u2028six\u2029seven\x85eight",
            "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight",
        ),
        ("a\tb\nc", "a\tb\nc"),
        ("a\x00b\x07c\x1bd\x7fe\x9ff", "abcdef"),
        ("pay \u202eevif\u202c or \u2067five\u2069 \u202a\u202b\u202d\u2066\u2068", "pay evif or five"),
        ("a\ud800b\udfffc", "abc"),
        ("\ud83d\ude00", "😀"),  # two halves of one character, as some platforms send them
        ("\ufeffAsk\ufeff her\ufff9\ufffe\U0001ffff", "Ask her"),
        ("a\u200d\u200d\u200b\u2060\u00adb", "a\u200db"),
        ("\u200b\u200dAsk\u200b\u200b", "Ask"),
        ("क्\u200d", "क्\u200d"),
        ("hello\U000e0068\U000e0069", "hello"),  # words hidden in tag characters
        ("🏴\U000e0067\U000e0062 flag", "🏴 flag"),
        ("❤\ufe0f\ufe0f\ufe0f", "❤\ufe0f"),
        ("one\n\n\ntwo", "one\n\n\ntwo"),
        ("one\n\n\n\n\n\ntwo", "one\n\n\ntwo"),
        ("one\n \n\t\n\u200b\n\u00a0\ntwo", "one\n\n\ntwo"),
        ("\u0301\u0302Ask her", "Ask her"),  # marks that would sit on our own words
    ],
)
def test_what_could_break_a_page_is_taken_out(text: str, expected: str) -> None:
    assert clean(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "   ", "\n\t\r\n", "\u200b\u200d\u2060", "\u3164\u2800\u115f", "\x00", "\ud800", "\u0301", "\ufe0f"],
)
def test_words_that_nobody_can_see_are_no_words(text: str) -> None:
    assert clean(text) == ""


def test_a_storm_of_marks_calms_down_to_three() -> None:
    storm = "h" + "\u0335\u0321\u034e\u0301\u0302\u0303" * 20 + "i"

    marks = [char for char in unicodedata.normalize("NFD", clean(storm)) if unicodedata.combining(char)]

    assert len(marks) == 3


def test_a_storm_goes_on_behind_no_zero_width_character() -> None:
    storm = "h" + "\u0335\u0336\u0337\u200d" * 20

    assert clean(storm) == "h\u0335\u0336\u0337\u200d"


def test_a_storm_of_one_scripts_own_marks_calms_down_too() -> None:
    assert clean("ก" + "็" * 50) == "ก" + "็" * 6


NASTY = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cs", "Cc", "Cf", "Mn", "Mc", "Me", "Zs"]),
        st.sampled_from(
            "aक्ا\u0653ে\u09be"
            "\u0301\u0323\u0345\u200b\u200d\u200c\ufe0f❤🏴\U000e0067\U000e007f \n\ud83d\ude00각"
        ),
    )
)


@given(NASTY)
@example("\u0627\u0323\u0323\u0323\u0301\u0653")  # with one mark gone, another joins its letter
@example("a\u0344\u0344\u0344\u0344")  # one mark that NFC takes apart into two
@example("\u1112\u0300\u0300\u0300\u0300\u1161")
def test_cleaning_never_fails_and_cleaning_again_changes_nothing(text: str) -> None:
    cleaned = clean(text)

    assert clean(cleaned) == cleaned
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned == cleaned.strip()
    assert not set(cleaned) & set("\x00\r\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert "\n" * 4 not in cleaned


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)))
def test_the_short_way_for_plain_letters_ends_where_the_long_way_does(text: str) -> None:
    far = "\u00e9"  # a letter that is not plain

    assert clean(text) == text.strip()
    assert clean(f"{far}{text}{far}") == f"{far}{text}{far}"


# --- private details -------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "07700 900123",
        "Call 07700900123, please.",
        "07700 900 123",
        "(020) 7946 0018",
        "0161 496 0018",
        "0161-496-0018",
        "01632 960 001",
        "01632 96001",
        "0800 123 456",
        "+44 7700 900123",
        "+44 (0)20 7946 0018",
        "0044 20 7946 0018",
        "+1 415 555 2671",
        "٠٧٧٠٠٩٠٠١٢٣",
        "07700\u200b900123",
    ],
)
def test_a_phone_number_is_noticed(text: str) -> None:
    assert personal_details(text) == ("phone",)


@pytest.mark.parametrize(
    "text",
    [
        "at 10 20 30 we had tea",
        "in 2027, 150 000 people",
        "01.02.2027 10:30",
        "01.02.2027 10 people came",
        "from 01-02-2027 to 03-04-2027",
        "07/06/2027 08/06/2027",
        "1948 1956 1973",
        "call 999 or 111 or 116 123",
        "0.1234567890",
        "0 1 2 3 4 5 6 7 8 9",
        "00000000000",
        "07700 90012",  # a digit short
        "077009001234567",
        "01234567890.50",
        "01234 567890-12",
        "0123 4 5 67 8901",
        "0123456 7890",
        "010 203 1234",
        "£12,345,678,901",
        "room 0123 or 4567",
        "2027-06-07 12:00:00",
        "https://example.org/07700900123",
    ],
)
def test_other_numbers_are_no_phone_number(text: str) -> None:
    assert personal_details(text) == ()


@pytest.mark.parametrize(
    "text", ["ada@example.org", "Write to a.b+c@mail.example.co.uk.", "ａｄａ＠example.org"]
)
def test_an_email_address_is_noticed(text: str) -> None:
    assert personal_details(text) == ("email",)


@pytest.mark.parametrize("text", ["me @home", "@ada hello", "ada@home", "5@ 3.50", "a@b.1"])
def test_an_at_sign_alone_is_no_email_address(text: str) -> None:
    assert personal_details(text) == ()


@pytest.mark.parametrize(
    "text", ["943 476 5919", "9434765919", "NHS: 943-476-5919.", "401 023 2137", "400 000 0020"]
)
def test_an_nhs_number_is_noticed_by_its_check_digit(text: str) -> None:
    assert personal_details(text) == ("nhs_number",)


@pytest.mark.parametrize(
    "text",
    [
        "943 476 5918",
        "943 4765919",
        "94 34 76 59 19",
        "9434765919123",
        "1111111111",
        "x9434765919",
        "943.476.5919",
    ],
)
def test_ten_digits_alone_are_no_nhs_number(text: str) -> None:
    assert personal_details(text) == ()


def test_ten_digits_whose_check_would_be_ten_are_no_nhs_number() -> None:
    assert [last for last in range(10) if personal_details(f"400 000 008{last}")] == []


@pytest.mark.parametrize(
    "text",
    ["SW1A 1AA", "sw1a1aa", "I live in M1 1AE.", "EC1A 1BB", "W1A 0AX", "CR2 6XH", "DN55 1PT", "B12 3RD"],
)
def test_a_postcode_is_noticed(text: str) -> None:
    assert personal_details(text) == ("postcode",)


@pytest.mark.parametrize(
    "text",
    [
        "room b12 3rd floor",
        "A4 2AB",
        "ward B12",
        "M25 at 5pm",
        "level 3 4th door",
        "SW1A 1AC",
        "n1 2am",
        "XSW1A 1AA",
    ],
)
def test_rooms_roads_and_times_are_no_postcode(text: str) -> None:
    assert personal_details(text) == ()


def test_each_kind_is_named_once_and_in_a_fixed_order() -> None:
    text = "SW1A 1AA, M1 1AE; 943 476 5919; ada@example.org; 07700 900123, 07700 900456"

    assert personal_details(text) == ("phone", "email", "nhs_number", "postcode")


def test_the_tail_of_a_phone_number_is_no_nhs_number() -> None:
    assert personal_details("+1 943 476 5919") == ("phone",)


@given(NASTY)
def test_looking_for_details_never_fails(text: str) -> None:
    assert set(personal_details(text)) <= {"phone", "email", "nhs_number", "postcode"}


@given(st.integers(min_value=0, max_value=10**9 - 1))
def test_for_any_nine_digits_at_most_one_last_digit_makes_an_nhs_number(nine: int) -> None:
    first = f"9{nine:09}"[:9]

    assert sum(personal_details(f"{first}{last}") == ("nhs_number",) for last in range(10)) <= 1
