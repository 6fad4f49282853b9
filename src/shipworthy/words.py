"""Numbers as people type them and as people read them: the one place for both directions."""

import math
import re
import unicodedata
from datetime import date, datetime

from shipworthy.errors import InputError

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

DAYS_A_MONTH = 365 / 12
DAYS_A_YEAR = 365.0

_SUFFIXES = {"": 1.0, "k": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "bn": 1e9, "b": 1e9, "g": 1e9}
_DAYS = {
    "d": 1.0, "day": 1.0, "days": 1.0, "w": 7.0, "week": 7.0, "weeks": 7.0,
    "month": DAYS_A_MONTH, "months": DAYS_A_MONTH, "y": DAYS_A_YEAR, "year": DAYS_A_YEAR, "years": DAYS_A_YEAR,
}  # fmt: skip
_CODES = "usd|eur|gbp|chf|sek|nok|dkk|pln|cad|aud|jpy|inr|brl"
_WORKED = {"d": 1.0, "day": 1.0, "days": 1.0, "w": 5.0, "week": 5.0, "weeks": 5.0}
"""Working days, a week of five."""
_CURRENCY = re.compile(rf"^(?:{_CODES})|(?:{_CODES})$")
_TYPED = re.compile(r"^([+-]?)([0-9][0-9.,]*|[.,][0-9]+)(e[+-]?[0-9]{1,3})?(%|[a-z]*)$")
_TRIPLE = re.compile(r"\s*(?:\.\.+|;|/|\bto\b|–|\s-\s)\s*")
_GROUPED = re.compile(r"[^\d]*?(\d{1,3}(?:\s\d{3})+)(?:[.,]\d+)?[^\d]*")
"""A number whose digits stand in groups of three, with a blank between the groups."""

_HARD_BLANK = re.compile(r"(?<=\d)[\u00a0\u2007\u2009\u202f](?=\d{3}(?!\d))")
_NUMBER = r"[$€£¥₹]?[+-]?\d[\d.,'’_]*(?:e[+-]?\d{1,3})?(?:\s*(?:%|(?!e[-+\d])[^\W\d_]+))?"
_HYPHENS = re.compile(rf"({_NUMBER})-({_NUMBER})(?:-({_NUMBER}))?", re.IGNORECASE)
_LARGEST_SAID = 1e12


def parse_number(text: str, *, unit: str = "") -> float:
    """Read one number as people type it: ``12``, ``12k``, ``1.5M``, ``30 %``, ``1,200``, ``2 weeks``.

    Parameters
    ----------
    text : str
        What was typed. A currency sign is ignored.
    unit : str
        Unit of the question. ``share`` takes ``30 %`` and ``0.3``; ``days`` also takes weeks, months and years.

    Raises
    ------
    InputError
        Where no single finite number can be read.

    Examples
    --------
    >>> parse_number("1.5M"), parse_number("30 %", unit="share"), parse_number("2 weeks", unit="days")
    (1500000.0, 0.3, 14.0)
    >>> parse_number("2 weeks", unit="working days")
    10.0
    >>> parse_number("1,200"), parse_number("0,5")
    (1200.0, 0.5)
    """
    shown = text.strip()
    compact = unicodedata.normalize("NFKC", _HARD_BLANK.sub("'", shown)).replace("\u2212", "-").lower()
    if re.search(r"\d\s+\d", compact) and not _GROUPED.fullmatch(compact):
        raise InputError(f"“{one_line(shown)}” is more than one number: type one like {_likes(unit)}")
    compact = _CURRENCY.sub("", re.sub(r"[\s_'’$€£¥₹]", "", compact))
    compact = re.sub(r"working(?=days?$)", "", compact) if unit == "working days" else compact
    match = _TYPED.match(compact)
    if not match:
        raise InputError(f"“{one_line(shown)}” is not a number: type one like {_likes(unit)}")
    sign, digits, exponent, suffix = match.groups()
    number = float(_plain(digits, shown) + (exponent or "")) * (-1 if sign == "-" else 1)
    if suffix == "%":
        if unit != "share":
            raise InputError(f"“{one_line(shown)}” is a share, but a plain number is needed here{_needed(unit)}")
        number /= 100
    elif unit == "days" and suffix in _DAYS:
        number *= _DAYS[suffix]
    elif unit == "working days" and suffix in _WORKED:
        number *= _WORKED[suffix]
    elif suffix in _SUFFIXES and not (
        unit.endswith("days") and suffix == "m"
    ):  # “2m” could be months, minutes or millions
        number *= _SUFFIXES[suffix]
    else:
        raise InputError(f"“{one_line(shown)}”: “{suffix}” is not understood; type a number like {_likes(unit)}")
    if not math.isfinite(number):
        raise InputError(f"“{one_line(shown)}” is too large to be a number here")
    return number


def split_range(text: str) -> list[str]:
    """Split what was typed into one box into its numbers: ``2 - 4 - 9``, ``2 to 4 to 9``, ``2; 4; 9`` or ``2 4 9``.

    Raises
    ------
    InputError
        Where it may be one number as well as three.

    >>> split_range("2 - 4 - 9"), split_range("12k"), split_range("40 52 60"), split_range("40-52-60")
    (['2', '4', '9'], ['12k'], ['40', '52', '60'], ['40', '52', '60'])
    >>> split_range("1 000 000"), split_range("100 200"), split_range("10-20")
    (['1 000 000'], ['100', '200'], ['10', '20'])
    """
    parts = [part for part in _TRIPLE.split(_HARD_BLANK.sub("'", text.strip())) if part]
    if len(parts) != 1:
        return parts
    if hyphens := _HYPHENS.fullmatch(parts[0].replace("\u2212", "-")):
        return [part for part in hyphens.groups() if part]
    return _split_at_blanks(parts[0])


def _split_at_blanks(text: str) -> list[str]:
    """Numbers with a blank between them, unless they are the groups of three of one; two blanks always divide."""
    wide = re.split(r"\s{2,}", text)
    if len(wide) > 1 and all(re.search(r"\d", part) for part in wide):
        return wide
    found, before = list[str](), ""
    for word in text.split():
        if re.search(r"\d", word):
            found.append(before + word)
            before = ""
        elif found:
            found[-1] += " " + word
        else:
            before += word + " "
    grouped = _GROUPED.fullmatch(text)
    if len(found) < 2 or (grouped and _is_one(grouped[1].split())):
        return [text]
    return found


def _is_one(groups: list[str]) -> bool:
    """Whether groups of three digits are one number: one begins with 0, or they could not be a range."""
    if any(group.startswith("0") for group in groups[1:]) or len(groups) > 3:
        return True
    if len(groups[0]) == 3:
        return False
    if len(groups) == 3 and int(groups[0]) < int(groups[1]) < int(groups[2]):
        shown = " ".join(groups)
        raise InputError(
            f"“{shown}” may be one number or three: type {shown.replace(' ', ',')}, or {shown.replace(' ', '; ')}"
        )
    return True


def _plain(digits: str, shown: str) -> str:
    """Digits with their separators, to a plain decimal. A lone comma before exactly three digits groups thousands."""
    if "," in digits and "." in digits:
        decimal = max(digits.rfind(","), digits.rfind("."))
        group = "," if digits[decimal] == "." else "."
        whole, fraction = digits[:decimal], digits[decimal + 1 :]
        if group in fraction or digits[decimal] in whole or not _grouped(whole, group):
            raise InputError(f"“{one_line(shown)}” mixes commas and points: type it without thousands separators")
        return whole.replace(group, "") + "." + fraction
    for mark in ",.":
        if digits.count(mark) > 1:
            if not _grouped(digits, mark):
                raise InputError(
                    f"“{one_line(shown)}” has more than one “{mark}”: type it without thousands separators"
                )
            return digits.replace(mark, "")
    if "," in digits:
        whole, fraction = digits.split(",")
        grouping = len(fraction) == 3 and whole not in ("", "0")
        return whole + ("" if grouping else ".") + fraction
    return digits


def _grouped(digits: str, mark: str) -> bool:
    parts = digits.split(mark)
    return 1 <= len(parts[0]) <= 3 and all(len(part) == 3 for part in parts[1:])


def _likes(unit: str) -> str:
    """Numbers as they may be typed for a unit."""
    return {"share": "0.3 or 30 %", "days": "12, 90 or 2 weeks", "working days": "12 or 2 weeks"}.get(
        unit, "12, 12k, 1.5M"
    )


def _needed(unit: str) -> str:
    return f" [{unit}]" if unit else ""


def one_line(text: str, length: int = 40) -> str:
    """What somebody typed as it can stand inside a sentence: on one line, cut where it is long.

    >>> one_line("two\\nlines"), one_line("x" * 50, 5)
    ('two lines', 'xxxx…')
    """
    shown = "".join(mark if mark.isprintable() else " " for mark in text[: length + 1])
    return shown if len(shown) <= length else shown[: length - 1] + "…"


def box_text(number: float, *, unit: str = "") -> str:
    """A number as it stands in a box: exact to twelve digits and readable back by :func:`parse_number`.

    >>> box_text(12000), box_text(0.3, unit="share"), box_text(2.5), box_text(7_500_000)
    ('12,000', '30 %', '2.5', '7.5M')
    """
    if unit == "share":
        return f"{number * 100:.12g} %"
    text = f"{number:.12g}"
    if "e" in text:
        return text
    for size, letters in () if unit == "days" else ((1e9, "bn"), (1e6, "M")):  # “M” is no number of days
        short = f"{number / size:.12g}"
        if abs(number) >= size and len(short.lstrip("-")) <= 5:
            return short + letters
    whole, _, fraction = text.partition(".")
    grouped = f"{int(whole):,}" if abs(float(whole)) >= 10_000 else whole
    return grouped + (f".{fraction}" if fraction else "")


def amount(number: float, *, digits: int = 2) -> str:
    """A number as it stands in a sentence, short: ``9.4M``, ``31k``, ``−9k``, ``0.0042``.

    >>> amount(9_410_000), amount(31_200), amount(-8_730), amount(0.00423), amount(0), amount(1.8e17)
    ('9.4M', '31k', '−8.7k', '0.0042', '0', 'more than 1,000bn')
    """
    if not math.isfinite(number):
        return "–"
    if abs(number) > _LARGEST_SAID:
        return "more than 1,000bn" if number > 0 else "less than −1,000bn"
    size = abs(number) if abs(number) >= 1e-6 else 0.0
    for limit, factor, suffix in ((9.95e8, 1e9, "bn"), (9.95e5, 1e6, "M"), (9.95e2, 1e3, "k"), (0, 1.0, "")):
        if size >= limit:
            text = plain(size / factor, digits=digits) + suffix
            break
    return ("−" if number < 0 and size > 0 and text.strip("0.") else "") + text


def total(number: float) -> str:
    """An amount of money over a year or more: less than one unit of it is nothing.

    >>> total(0.00018), total(-0.4), total(31_200)
    ('0', '0', '31k')
    """
    return "0" if abs(number) < 1 else amount(number)


def plain(number: float, *, digits: int = 2) -> str:
    """Digits that matter, never an exponent: at least the whole part, at most ``digits`` significant after it.

    >>> plain(1234.5), plain(12.34), plain(0.012345), plain(7.0), plain(-3.21)
    ('1,234', '12', '0.012', '7', '−3.2')
    """
    if not math.isfinite(number):
        return "–"
    size = abs(number)
    if size < 1e-9:
        return "0"
    decimals = max(0, digits - 1 - math.floor(math.log10(size)))
    text = f"{size:,.{min(decimals, 12)}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return ("−" if number < 0 and text.strip("0.,") else "") + text


def percent(share: float) -> str:
    """A share in words that do not promise certainty.

    >>> percent(0.5), percent(0.012), percent(0.999), percent(0.0001), percent(1.0)
    ('50 %', '1 %', 'over 99 %', 'under 1 %', '100 %')
    """
    if not math.isfinite(share):
        return "–"
    if share in (0.0, 1.0):
        return f"{share * 100:.0f} %"
    if 0 < share <= 0.005:
        return "under 1 %"
    if 0.995 <= share < 1:
        return "over 99 %"
    return f"{share * 100:.0f} %".replace("-", "−")


def chance_words(share: float) -> str:
    """How likely something is: ``a 13 % chance``.

    >>> chance_words(0.13), chance_words(0.81), chance_words(0.001), chance_words(0.0)
    ('a 13 % chance', 'an 81 % chance', 'a chance of under 1 %', 'no chance')
    """
    said = percent(share)
    if share == 0:
        return "no chance"
    if not said[0].isdigit():
        return f"a chance of {said}"
    return f"{'an' if said.startswith(('8', '11', '18')) else 'a'} {said} chance"


def with_unit(number: float, unit: str, *, currency: str = "", beside: float | None = None) -> str:
    """A number with its unit, as a finding prints it.

    Parameters
    ----------
    number : float
        What is printed.
    unit : str
        Its unit; ``share`` is printed in per cent, with the digits that tell it from 100 %.
    currency : str
        Of an amount of money.
    beside : float, optional
        Another number that stands beside it: it gets as many digits as tell the two apart.

    Examples
    --------
    >>> with_unit(0.25, "share"), with_unit(52.4, "days"), with_unit(1, "days"), with_unit(12_400, "money", currency="EUR")
    ('25 %', '52 days', '1 day', '12k EUR')
    >>> with_unit(0.9969, "share"), with_unit(0.9992, "share", beside=0.9969), with_unit(61.4, "days", beside=61)
    ('99.7 %', '99.92 %', '61.4 days')
    >>> with_unit(2.4e12, "money", currency="EUR", beside=2e9)
    '2,400bn EUR'
    """
    if beside is not None and abs(number) > _LARGEST_SAID:  # “at least more than” would tell nothing
        money = unit.startswith("money")
        return f"{plain(number / 1e9)}bn {currency + unit.removeprefix('money') if money else unit}".strip()
    tried = (_figures(number, unit, digits) for digits in range(2, 11))
    text = next((each for each in tried if _tells(each, number, unit, beside)), _figures(number, unit, 10))
    if unit == "share":
        return f"{text} %"
    if unit.startswith("money"):
        return f"{text} {currency}{unit.removeprefix('money')}".strip()
    if unit == "days" and text == "1":
        return "1 day"
    return f"{text} {unit}".strip()


def _figures(number: float, unit: str, digits: int) -> str:
    """The digits of a number as they stand before its unit."""
    if unit == "share":
        return plain(number * 100, digits=digits)
    if unit.startswith("money") or abs(number) >= 1e5:
        return amount(number, digits=digits)
    return plain(number, digits=digits)


def _tells(text: str, number: float, unit: str, beside: float | None) -> bool:
    """Whether digits say enough: off by little of what is between a number and another, or a share and all."""
    room = math.inf if beside is None or beside == number else abs(number - beside)
    if unit == "share" and 0.5 < number < 1:
        room = min(room, 1 - number)
    if not math.isfinite(room) or len(text.strip("−")) > 10 or not text.strip("−")[:1].isdigit():
        return True
    shown = parse_number(text) / (100 if unit == "share" else 1)
    return abs(shown - number) <= 0.2 * room


def join(parts: list[str], last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def day(when: date | datetime) -> str:
    """A day as people read it, whatever the locale: ``20 November 2026``."""
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def file_name(title: str, ending: str) -> str:
    """A file name from a title: letters and digits of any language, in small letters.

    >>> file_name("Calls: churn, 2027?", ".json")
    'calls-churn-2027.json'
    """
    kept = "".join(each if each.isalnum() else "-" for each in title.lower())
    return ("-".join(part for part in kept.split("-") if part)[:60] or "decision") + ending
