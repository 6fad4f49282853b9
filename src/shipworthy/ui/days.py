"""Days as people type them."""

import re
from datetime import date

from shipworthy._trigger_words import parse as parse_trigger
from shipworthy.decision import Decision
from shipworthy.errors import InputError
from shipworthy.words import one_line

_DOTTED = re.compile(r"(?P<day>\d{1,2})\.\s*(?P<month>\d{1,2})\.\s*(?P<year>\d{4})?")


def typed_day(text: object) -> date | None:
    """A date as a box for dates gives it; none where nothing was typed."""
    if not text:
        return None
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise InputError(_NOT.format(one_line(str(text), 20))) from None


def any_day(text: str, decision: Decision, on: date) -> date:
    """A day in words or numbers: ``2027-03-01``, ``1 March 2027``, ``1.3.2027``, or ``1 March``, which is the next after a day.

    Raises
    ------
    InputError
        Where it is none.

    Examples
    --------
    >>> from shipworthy.examples import example
    >>> [any_day(each, example("churn"), date(2026, 11, 20)).isoformat() for each in ("1 March", "1.3.2028", "24.12.")]
    ['2027-03-01', '2028-03-01', '2026-12-24']
    """
    plain = " ".join(text.split())
    dotted = _DOTTED.fullmatch(plain)
    if dotted is not None:
        found = _on(dotted, on)
    else:
        try:
            trigger = parse_trigger(f"on {plain}", decision, on=on)
        except InputError:
            found = None
        else:
            found = trigger.day if trigger.kind == "on" else None
    if found is None:
        raise InputError(_NOT.format(one_line(text, 60)))
    return found


def _on(dotted: re.Match[str], on: date) -> date | None:
    """The day of a month with dots, the next one where no year is said; None where there is no such day."""
    day, month = int(dotted["day"]), int(dotted["month"])
    years = [int(dotted["year"])] if dotted["year"] else range(on.year, on.year + 9)
    for year in years:
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if dotted["year"] or found > on:
            return found
    return None


_NOT = "“{}” is not a date: type one like 2026-11-20"
