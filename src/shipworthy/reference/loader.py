"""One loader for the reference tables.

A table is a CSV file beside this module: a row per thing, a column per property, its unit in square brackets in the
header (``price_low [USD/h]``; ``low [unit]`` where a column named ``unit`` says it row by row), and the columns
``source``, ``as_of`` (``2026-11-20``, or ``2026-05`` where only the month is known) and ``checked``. The file
``tables.csv`` lists the tables: the key column and the shelf life in days of each.

>>> table = load("gpus")
>>> row = table["H100"]
>>> row.number("price_low"), table.units["price_low"]
(1.49, 'USD/h')
>>> row.checked, row.as_of.isoformat()
('seen-secondary', '2026-05-20')
"""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from shipworthy.errors import InputError, ShipworthyError

CHECKED: Mapping[str, str] = {
    "seen": "the primary text or data was read",
    "seen-secondary": "a law-firm, tracker, news or vendor page was read",
    "derived": "arithmetic on other rows",
    "judgement": "a planning default",
    "memory": "not checked: verify it",
}
"""How far a row was checked, and what each word means. No other word is accepted in a ``checked`` column."""

_PROVENANCE = ("source", "as_of", "checked")
_HEADER = re.compile(r"^(?P<name>[a-z][a-z0-9_]*)(?: \[(?P<unit>[^\[\]]+)\])?$")
_FOLDER = Path(__file__).parent
_INDEX = "tables"

Value = float | str | None


@dataclass(frozen=True)
class Row:
    """One row of a table. Numbers are floats, an empty number is ``None``."""

    table: str
    key: str
    values: Mapping[str, Value]
    source: str
    as_of: date
    checked: str
    shelf_life: int

    def __getitem__(self, column: str) -> Value:
        try:
            return self.values[column]
        except KeyError:
            raise InputError(
                f"Table {self.table} has no column {column!r}. {_near(column, list(self.values))}"
            ) from None

    def number(self, column: str) -> float:
        """The number in a column; an empty cell or a text is refused (``get`` gives ``None`` for it)."""
        value = self[column]
        if not isinstance(value, float):
            raise InputError(f"Table {self.table}, row {self.key}: {column} holds {value!r}, a number was asked for.")
        return value

    def text(self, column: str) -> str:
        """The text in a column; empty where there is none."""
        value = self[column]
        if isinstance(value, float):
            raise InputError(f"Table {self.table}, row {self.key}: {column} holds a number, a text was asked for.")
        return value or ""

    def get(self, column: str) -> float | None:
        """The number in a column, or ``None`` where the cell is empty."""
        return None if self[column] is None else self.number(column)

    @property
    def unit(self) -> str:
        """What the row's ``unit`` column says, empty where the table has none."""
        return self.text("unit") if "unit" in self.values else ""

    def age(self, on: date) -> int:
        """Days from the row's date to ``on``."""
        return (on - self.as_of).days

    def stale(self, on: date) -> bool:
        """True when the row is older on that date than its table's shelf life."""
        return on > self.as_of + timedelta(days=self.shelf_life)


@dataclass(frozen=True)
class Table:
    """A reference table: rows by key, in the file's order."""

    name: str
    title: str
    key: str
    shelf_life: int
    units: Mapping[str, str]
    rows: Mapping[str, Row]
    version: str
    """First twelve digits of the file's SHA-256: a document stores it to say which table it was computed with."""

    def __getitem__(self, key: str) -> Row:
        try:
            return self.rows[key]
        except KeyError:
            raise InputError(f"Table {self.name} has no row {key!r}. {_near(key, list(self.rows))}") from None

    def __contains__(self, key: object) -> bool:
        return key in self.rows

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows.values())

    def __len__(self) -> int:
        return len(self.rows)

    def stale(self, on: date) -> tuple[Row, ...]:
        """Rows that are older on that date than the table's shelf life."""
        return tuple(row for row in self if row.stale(on))


def names() -> tuple[str, ...]:
    """Names of all tables.

    >>> "gpus" in names()
    True
    """
    return tuple(_index())


@cache
def load(name: str) -> Table:
    """The table of that name, read and checked once, on first use.

    >>> load("gpus") is load("gpus")
    True

    Raises
    ------
    InputError
        If there is no such table; the message names near ones.
    ShipworthyError
        If the file breaks a rule: a row without source, date or ``checked``, a key twice, a number that is none.
    """
    index = _index()
    if name not in index:
        raise InputError(f"There is no reference table {name!r}. {_near(name, list(index))}")
    entry = index[name]
    return parse(
        _read(name), name=name, key=entry["key"], shelf_life=int(entry["shelf_life [day]"]), title=entry["title"]
    )


def parse(text: str, *, name: str, key: str, shelf_life: int, title: str = "") -> Table:
    """Turn the text of a CSV file into a table; every rule of the module's docstring is checked here."""
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        header, *lines = [line for line in reader if line]
    except (ValueError, csv.Error) as error:
        raise ShipworthyError(f"Reference table {name} cannot be read: {error}.") from error
    columns, units = _columns(name, header)
    for needed in (key, *_PROVENANCE):
        if needed not in columns:
            raise ShipworthyError(
                f"Reference table {name} has no column {needed!r}; it needs {key}, source, as_of, checked."
            )
    rows: dict[str, Row] = {}
    for number, line in enumerate(lines, start=2):
        where = f"Reference table {name}, row {number}"
        if len(line) != len(columns):
            raise ShipworthyError(f"{where}: {len(line)} cells found, {len(columns)} are needed.")
        row = _row(where, dict(zip(columns, line, strict=True)), units, (name, key, shelf_life))
        if row.key in rows:
            raise ShipworthyError(f"{where}: the key {row.key!r} is there twice.")
        rows[row.key] = row
    version = hashlib.sha256(text.encode()).hexdigest()[:12]
    return Table(name, title, key, shelf_life, units, rows, version)


def near(wanted: str, known: Sequence[str], count: int = 4) -> list[str]:
    """Names that look like the wanted one, nearest first.

    >>> near("h10", ["A100 80GB", "H100", "T4"])
    ['H100']
    """
    folded: dict[str, str] = {}
    for name in known:
        folded.setdefault(name.casefold(), name)
    found = difflib.get_close_matches(wanted.casefold(), list(folded), n=count, cutoff=0.5)
    return [folded[name] for name in found]


def _near(wanted: str, known: Sequence[str]) -> str:
    close = near(wanted, known)
    if close:
        return f"Did you mean {' or '.join(close)}?"
    some = ", ".join(known[:6])
    return f"It has {some}{' …' if len(known) > 6 else ''}."


def _read(name: str) -> str:
    return (_FOLDER / f"{name}.csv").read_text(encoding="utf-8")


@cache
def _index() -> dict[str, dict[str, str]]:
    return {entry["table"]: entry for entry in csv.DictReader(io.StringIO(_read(_INDEX)))}


def _columns(name: str, header: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    columns: list[str] = []
    units: dict[str, str] = {}
    for cell in header:
        match = _HEADER.match(cell)
        if match is None:
            raise ShipworthyError(
                f"Reference table {name}: the header {cell!r} is no lower-case name with its unit in square brackets."
            )
        if match["name"] in columns:
            raise ShipworthyError(f"Reference table {name}: the column {match['name']!r} is there twice.")
        columns.append(match["name"])
        if match["unit"]:
            units[match["name"]] = match["unit"]
    return columns, units


def _row(where: str, cells: Mapping[str, str], units: Mapping[str, str], table: tuple[str, str, int]) -> Row:
    name, key, shelf_life = table
    for column in (key, *_PROVENANCE):
        if not cells[column].strip():
            raise ShipworthyError(f"{where}: {column} is empty; no row goes without it.")
    checked = cells["checked"]
    if checked not in CHECKED:
        raise ShipworthyError(f"{where}: checked says {checked!r}; one of {', '.join(CHECKED)} would do.")
    values: dict[str, Value] = {}
    for column, cell in cells.items():
        if column not in _PROVENANCE:
            values[column] = _number(where, column, cell) if column in units else cell
    return Row(name, cells[key], values, cells["source"], _date(where, cells["as_of"]), checked, shelf_life)


def _number(where: str, column: str, cell: str) -> float | None:
    if not cell.strip():
        return None
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ShipworthyError(f"{where}: {column} holds {cell!r}; its header has a unit, so a number is needed.")
    return value


def _date(where: str, cell: str) -> date:
    text = cell if len(cell) > 7 else f"{cell}-01"
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ShipworthyError(f"{where}: as_of says {cell!r}; a date such as 2026-11-20 or 2026-11 would do.") from None
