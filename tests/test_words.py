"""Numbers as people type them and as people read them: both directions, and one through the other."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.errors import InputError
from shipworthy.words import amount, box_text, join, parse_number, percent, plain, split_range, total, with_unit

finite = st.floats(-1e15, 1e15, allow_nan=False)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12", 12), ("12k", 12_000), ("12 K", 12_000), ("1.5M", 1.5e6), ("2bn", 2e9), ("0,5", 0.5), (",5", 0.5), (".5", 0.5),
        ("1,200", 1200), ("1.200", 1.2), ("0,500", 0.5), ("1,234,567", 1_234_567), ("1.234.567", 1_234_567),
        ("1.234.567,8", 1_234_567.8), ("1,234,567.8", 1_234_567.8), ("1 200", 1200), ("1'200", 1200), ("1_200", 1200),
        ("-5", -5), ("−5", -5), ("+3", 3), ("5e3", 5000), ("1e-3", 0.001), ("€ 12", 12), ("12 EUR", 12), ("USD 1.5k", 1500),
        ("1 000 000", 1e6), ("€ 12 500,5", 12_500.5), ("12 500 k", 12.5e6), ("100\u202f200", 100_200), ("1\u00a0000 USD", 1000),
        ("12 SEK", 12), ("¥ 900", 900), ("１２", 12), ("  7  ", 7), ("10,", 10),
    ],
)  # fmt: skip
def test_numbers_as_people_type_them(typed: str, number: float) -> None:
    assert parse_number(typed) == pytest.approx(number, rel=1e-15)


@pytest.mark.parametrize(
    ("typed", "days"),
    [("2 weeks", 14), ("1w", 7), ("3 months", 91.25), ("1 month", 365 / 12), ("1y", 365), ("2 years", 730), ("9 d", 9), ("1 day", 1), ("2k", 2000)],
)  # fmt: skip
def test_days_take_weeks_months_and_years(typed: str, days: float) -> None:
    assert parse_number(typed, unit="days") == pytest.approx(days, rel=1e-15)


@pytest.mark.parametrize(
    ("typed", "share"), [("30 %", 0.3), ("30%", 0.3), ("0.3", 0.3), ("2,5 %", 0.025), ("-10 %", -0.1)]
)
def test_shares_take_a_percent_sign_or_a_fraction(typed: str, share: float) -> None:
    assert parse_number(typed, unit="share") == pytest.approx(share, rel=1e-15)


@pytest.mark.parametrize(
    "typed",
    ["", " ", "k", "abc", "1.5.2", "1,2,3", "12,34.5,6", "1.2,3.4", "--5", "5-", "nan", "inf", "1e400", "12 weeks", "1usd2", "½", "12 kg",
     "<script>", "0x10", "1e", "9" * 400, "12 %", "10 20", "10 20 30", "1 0000", "1000 000", "1  000", "100 20 k"],
)  # fmt: skip
def test_what_is_no_number_is_refused_in_one_sentence(typed: str) -> None:
    with pytest.raises(InputError) as told:
        parse_number(typed)
    message = str(told.value)
    assert "\n" not in message
    assert len(message) < 160
    assert typed.strip()[:20] in message


def test_two_m_is_no_number_of_days() -> None:
    # months, minutes or two million: a guess would be silently wrong
    with pytest.raises(InputError, match="“m” is not understood"):
        parse_number("2m", unit="days")
    assert parse_number("2m") == 2e6


def test_the_hint_speaks_the_unit() -> None:
    with pytest.raises(InputError, match="or 30 %"):
        parse_number("many", unit="share")
    with pytest.raises(InputError, match="or 2 weeks"):
        parse_number("many", unit="days")
    for typed in ("many", "1.5M"):  # what is offered is understood
        with pytest.raises(InputError) as told:
            parse_number(typed, unit="days")
        offered = str(told.value).rpartition("like ")[2].replace(" or ", ", ").split(", ")
        assert [parse_number(each, unit="days") for each in offered] == [12, 90, 14]
    with pytest.raises(InputError, match=r"a plain number is needed here \[days\]"):
        parse_number("30 %", unit="days")


@given(finite)
def test_what_stands_in_a_box_reads_back(number: float) -> None:
    for unit in ("", "days", "money a month", "share"):
        assert parse_number(box_text(number, unit=unit), unit=unit) == pytest.approx(number, rel=1e-11, abs=1e-300)


@given(st.integers(-(10**11), 10**11))
def test_whole_numbers_read_back_exactly(number: int) -> None:
    assert parse_number(box_text(float(number))) == number


@given(st.text(max_size=30), st.sampled_from(["", "days", "share", "money"]))
def test_any_text_gives_a_finite_number_or_an_input_error(typed: str, unit: str) -> None:
    try:
        number = parse_number(typed, unit=unit)
    except InputError:
        return
    assert math.isfinite(number)


@given(finite, st.integers(1, 3))
def test_a_number_typed_as_k_is_a_thousand_times_itself(number: float, digits: int) -> None:
    shown = f"{number:.{digits}f}"
    assert parse_number(shown + "k") == pytest.approx(1000 * parse_number(shown), rel=1e-12)


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("2 - 4 - 9", ["2", "4", "9"]), ("2 to 4 to 9", ["2", "4", "9"]), ("2; 4; 9", ["2", "4", "9"]), ("2..4..9", ["2", "4", "9"]),
        ("2–4–9", ["2", "4", "9"]), ("40 52 60", ["40", "52", "60"]), ("12k", ["12k"]), ("-5 to -2 to 3", ["-5", "-2", "3"]),
        ("2 / 4 / 9", ["2", "4", "9"]), ("2 weeks", ["2 weeks"]), ("1 200", ["1 200"]), ("", []),
        ("30 % to 40 % to 50 %", ["30 %", "40 %", "50 %"]), ("40-52-60", ["40", "52", "60"]), ("10-20 k", ["10", "20 k"]),
        ("100-300", ["100", "300"]), ("10-20", ["10", "20"]), ("-10--5", ["-10", "-5"]), ("1e-5", ["1e-5"]), ("1e-5-2e-5", ["1e-5", "2e-5"]),
        ("-5", ["-5"]), ("1 000 000", ["1 000 000"]), ("1 000", ["1 000"]), ("12 500", ["12 500"]), ("100 000", ["100 000"]),
        ("100 200", ["100", "200"]), ("100 200 300", ["100", "200", "300"]), ("10 20", ["10", "20"]), ("40 52 60 days", ["40", "52", "60 days"]),
        ("1 000 - 2 000 - 3 000", ["1 000", "2 000", "3 000"]), ("1 000  2 000  3 000", ["1 000", "2 000", "3 000"]),
        ("€ 1 000", ["€ 1 000"]), ("1 234 567 890", ["1 234 567 890"]), ("9 800 700", ["9 800 700"]), ("100\u00a0200", ["100'200"]),
    ],
)  # fmt: skip
def test_a_range_typed_into_one_box(typed: str, parts: list[str]) -> None:
    assert split_range(typed) == parts


def test_what_may_be_one_number_or_three_is_asked_about() -> None:
    with pytest.raises(InputError) as told:
        split_range("10 200 300")
    assert str(told.value) == "“10 200 300” may be one number or three: type 10,200,300, or 10; 200; 300"
    assert split_range("10; 200; 300") == ["10", "200", "300"]
    assert parse_number("10,200,300") == 10_200_300


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0"), (941_000, "941k"), (9_410_000, "9.4M"), (31_200, "31k"), (-8_730, "−8.7k"), (0.00423, "0.0042"), (1.2e9, "1.2bn"), (-1.2e9, "−1.2bn"),
        (499_999, "500k"), (500_000, "500k"), (1_000_000, "1M"), (999, "1k"), (994, "994"), (1e-9, "0"), (-1e-9, "0"), (math.inf, "–"), (math.nan, "–"),
        (9.99e11, "999bn"), (1.84624213e17, "more than 1,000bn"), (-1.8e17, "less than −1,000bn"),
    ],
)  # fmt: skip
def test_amounts_in_a_sentence(number: float, shown: str) -> None:
    assert amount(number) == shown


@given(finite)
def test_an_amount_is_within_its_two_digits(number: float) -> None:
    number = math.fmod(number, 1e12)
    shown = amount(number).replace("−", "-").replace(",", "")
    read = parse_number(shown)
    assert read == pytest.approx(number, rel=0.051, abs=1e-6)


def test_a_total_below_one_is_nothing() -> None:
    assert [total(each) for each in (0.00018, -0.9, 1.0, -1.0, 31_200)] == ["0", "0", "1", "−1", "31k"]


@given(finite)
def test_plain_numbers_have_no_exponent_and_keep_the_sign(number: float) -> None:
    shown = plain(number)
    assert "e" not in shown
    assert "-" not in shown
    assert float(shown.replace("−", "-").replace(",", "")) == pytest.approx(number, rel=0.051, abs=1e-9)


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0, "0 %"), (1, "100 %"), (0.5, "50 %"), (0.0001, "under 1 %"), (0.005, "under 1 %"), (0.0051, "1 %"), (0.9949, "99 %"), (0.995, "over 99 %"),
     (0.9999, "over 99 %"), (math.nan, "–")],
)  # fmt: skip
def test_a_share_never_promises_what_is_not_certain(share: float, shown: str) -> None:
    assert percent(share) == shown


@given(st.floats(1e-12, 1 - 1e-12))
def test_no_share_between_is_shown_as_nothing_or_all(share: float) -> None:
    assert percent(share) not in ("0 %", "100 %", "−0 %")


def test_units_and_lists() -> None:
    assert with_unit(0.125, "share") == "12 %"
    assert with_unit(1.0, "days") == "1 day"
    assert with_unit(2.0, "days") == "2 days"
    assert with_unit(12_400, "money a month", currency="EUR") == "12k EUR a month"
    assert with_unit(250_000, "tokens") == "250k tokens"
    assert join([]) == ""
    assert join(["a"]) == "a"
    assert join(["a", "b", "c"], "or") == "a, b or c"
