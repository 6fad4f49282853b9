"""The duties of the reference table ``duties``, read into objects; every code is checked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from shipworthy.calculators._duties_words import BESIDES, DOMAINS, GIVES, LEVELS, PEOPLE, PLACES, STATUS, TRIGGERS
from shipworthy.errors import InputError, ShipworthyError
from shipworthy.reference.loader import CHECKED, Row, load


@dataclass(frozen=True)
class Duty:
    """A duty to explain, as the table has it: what the codes mean is in ``_duties_words``."""

    key: str
    instrument: str
    places: frozenset[str]
    follows_operator: bool
    """Whether it may follow an operator in its place to people elsewhere."""
    domains: frozenset[str]
    """Empty: any."""
    people: frozenset[str]
    triggers: frozenset[str]
    solely: bool
    """Whether it binds only where no person decides."""
    level: str
    besides: tuple[str, ...]
    gives: tuple[str, ...]
    most_reasons: int | None
    to_whom: str
    timing: str
    citation: str
    status: str
    starts: date | None
    """Day from which it binds; None where it has for long, or the day is not known."""
    certain: date | None
    """Day from which it binds beyond dispute, where that is later."""
    fact: str
    """A fact that decides and that nobody is asked; empty where there is none."""
    unless: str
    """What takes a case out that is rare, and that nobody is asked: it is taken to apply; empty where there is none."""
    checklist: str
    note: str
    source: str
    as_of: date
    checked: str
    row: Row = field(repr=False, compare=False)

    @property
    def empty(self) -> bool:
        """True where the law was looked at and asks for nothing."""
        return self.level == "none" and not self.besides and not self.gives

    @property
    def how_checked(self) -> str:
        """How far it was checked, in words; that a part was not, where its note says so."""
        partly = self.checked != "memory" and (
            "not verified" in self.note.lower() or "from memory" in self.note.lower()
        )
        return f"{CHECKED[self.checked]}{', not all of it verified' if partly else ''}"

    def stale(self, on: date) -> bool:
        """True when the row is older on that day than the table's shelf life."""
        return self.row.stale(on)


def duty(key: str) -> Duty:
    """The duty of that key.

    Raises
    ------
    InputError
        If there is none; the message names near ones.

    Examples
    --------
    >>> found = duty("US-ECOA-AA")
    >>> found.level, found.most_reasons, found.checked
    ('reasons', 4, 'seen')
    """
    return read(load("duties")[key])


@cache
def duties() -> tuple[Duty, ...]:
    """All duties in the table's order.

    >>> len(duties())
    59
    """
    return tuple(read(row) for row in load("duties"))


def read(row: Row) -> Duty:
    """One row of the table as a duty; a code that does not exist is refused."""
    domains = _codes(row, "domains", (*DOMAINS, "any"))
    most = row.get("most_reasons")
    return Duty(
        key=row.key,
        instrument=row.text("instrument"),
        places=frozenset(_codes(row, "jurisdictions", PLACES)),
        follows_operator=_one(row, "follows", ("people", "both")) == "both",
        domains=frozenset() if domains == ("any",) else frozenset(domains),
        people=frozenset(_codes(row, "people", PEOPLE)),
        triggers=frozenset(_codes(row, "triggers", TRIGGERS)),
        solely=_one(row, "solely", ("yes", "no")) == "yes",
        level=_one(row, "level", LEVELS),
        besides=_codes(row, "besides", BESIDES),
        gives=_codes(row, "gives", GIVES),
        most_reasons=None if most is None else int(most),
        to_whom=row.text("to_whom"),
        timing=row.text("timing"),
        citation=row.text("citation"),
        status=_one(row, "status", STATUS),
        starts=_date(row, "from_date"),
        certain=_date(row, "planning_date"),
        fact=row.text("fact"),
        unless=row.text("unless"),
        checklist=row.text("checklist"),
        note=row.text("note"),
        source=row.source,
        as_of=row.as_of,
        checked=row.checked,
        row=row,
    )


def need_codes(label: str, found: Iterable[str], known: Iterable[str]) -> None:
    """Refuse codes that are not in a list."""
    wrong = sorted(set(found) - set(known))
    if wrong:
        raise InputError(f"{label}: {wrong[0]!r} is not known; one of {', '.join(known)} would do.")


def _codes(row: Row, column: str, known: Iterable[str]) -> tuple[str, ...]:
    text = row.text(column)
    found = tuple(text.split(";")) if text else ()
    wrong = [code for code in found if code not in set(known)]
    if wrong or len(set(found)) < len(found):
        raise ShipworthyError(
            f"Table {row.table}, row {row.key}: {column} says {text!r}; it has codes unknown or twice."
        )
    return found


def _one(row: Row, column: str, known: Iterable[str]) -> str:
    found = _codes(row, column, known)
    if len(found) != 1:
        raise ShipworthyError(
            f"Table {row.table}, row {row.key}: {column} says {row.text(column)!r}; one code is needed."
        )
    return found[0]


def _date(row: Row, column: str) -> date | None:
    text = row.text(column)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ShipworthyError(f"Table {row.table}, row {row.key}: {column} says {text!r}; no such date.") from None
