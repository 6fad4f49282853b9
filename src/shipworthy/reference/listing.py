"""The reference tables as a list: rows, dates, how far checked, and what is older than it should be."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from shipworthy.reference.loader import CHECKED, Row, Table, load, names


def tables(on: date, only: str | None = None) -> list[dict[str, Any]]:
    """What there is to say of each table on a day; of one alone with its rows, each with all that it holds.

    >>> from datetime import date
    >>> found = {each["table"]: each for each in tables(date(2026, 11, 20))}["duties"]
    >>> found["rows"], found["checked"]["seen"], found["past_shelf_life"]
    (59, 27, 0)
    >>> {each["table"]: each for each in tables(date(2028, 1, 1))}["duties"]["past_shelf_life"]
    59
    """
    if only is None:
        return [_summary(load(name), on) for name in names()]
    table = load(only)
    return [{**_summary(table, on), "listed": [_listed(row, on) for row in table]}]


def _listed(row: Row, on: date) -> dict[str, Any]:
    """A row as it stands in its table, empty cells left out."""
    values = {name: value for name, value in row.values.items() if value not in (None, "")}
    kept = {"source": row.source, "as_of": row.as_of.isoformat(), "checked": row.checked}
    return {"key": row.key, **values, **kept, "past_shelf_life": row.stale(on)}


def _summary(table: Table, on: date) -> dict[str, Any]:
    days = [row.as_of for row in table]
    counts = Counter(row.checked for row in table)
    return {
        "table": table.name,
        "title": table.title,
        "rows": len(table),
        "oldest": min(days).isoformat(),
        "newest": max(days).isoformat(),
        "shelf_life_days": table.shelf_life,
        "past_shelf_life": len(table.stale(on)),
        "checked": {word: counts[word] for word in CHECKED if counts[word]},
        "version": table.version,
    }


def lines(on: date) -> Iterator[str]:
    """A paragraph a table, and what the words on checking mean."""
    for each in tables(on):
        dates = each["oldest"] if each["oldest"] == each["newest"] else f"{each['oldest']} to {each['newest']}"
        checked = ", ".join(f"{count} {word}" for word, count in each["checked"].items())
        late = each["past_shelf_life"]
        old = f"; {late} {'is' if late == 1 else 'are'} older than that" if late else ""
        yield f"{each['table']}: {each['title']}"
        yield f"  {each['rows']} rows, as of {dates}, to be looked at again after {each['shelf_life_days']} days{old}"
        yield f"  checked: {checked}"
    yield ""
    yield from (f"{word}: {meaning}" for word, meaning in CHECKED.items())


def rows(name: str, on: date) -> Iterator[str]:
    """A line a row of one table: key, date, how far checked, source; and a second one with its note, where it has one.

    >>> from datetime import date
    >>> next(rows("gpus", date(2026, 11, 20))).startswith("H100")
    True
    """
    table = load(name)
    width = max(len(row.key) for row in table)
    for row in table:
        old = " (older than it should be)" if row.stale(on) else ""
        yield f"{row.key:{width}}  {row.as_of}  {row.checked}{old}  {row.source}"
        note = row.values.get("note")
        if note:
            yield f"{'':{width}}  note: {note}"
