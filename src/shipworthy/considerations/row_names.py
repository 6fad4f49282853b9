"""Names of a list's rows in other cells: which rows “After: Label 10,000 photographs; Train” means, and renaming them.

Names stand with commas, semicolons or line ends between them, and may hold commas themselves: the longest run that is a
name that is known wins.
"""

import re
from collections.abc import Collection, Iterable, Mapping

from shipworthy.decision import Cell, Row

_BETWEEN = re.compile(r"([;,\n])")
_MOST_MARKS = 20
"""Commas, semicolons and line ends that one name may hold."""


def parts(text: str, known: Collection[str]) -> list[str]:
    """The names in a text and what stands between them, in turn; a run that nobody knows stays whole.

    Parameters
    ----------
    text : str
        What was typed.
    known : collection of str
        Names in small letters, as by ``casefold``.

    Examples
    --------
    >>> parts("Label 10,000 photos, Train", {"train", "label 10,000 photos"})
    ['Label 10,000 photos', ',', ' Train']
    >>> parts("Label 10,000 photos; Train", {"train"})
    ['Label 10,000 photos', ';', ' Train']
    """
    tokens = _BETWEEN.split(text)
    found: list[str] = []
    here, loose = 0, False
    while here < len(tokens):
        ends = range(min(here + 2 * _MOST_MARKS, len(tokens) - 1), here - 1, -2)
        end = next((each for each in ends if _plain("".join(tokens[here : each + 1])) in known), None)
        name = "".join(tokens[here : (here if end is None else end) + 1])
        if end is None and loose and found[-1] == ",":
            found[-2:] = [f"{found[-2]},{name}"]
        else:
            found.append(name)
        loose = end is None and bool(name.strip())
        here = (here if end is None else end) + 1
        found += tokens[here : here + 1]
        here += 1
    return found


def named(text: str, known: Collection[str]) -> list[str]:
    """The names in a text, as they were typed.

    >>> named("Label 10,000 photos; Train, Test", {"train", "test"})
    ['Label 10,000 photos', 'Train', 'Test']
    """
    return [each.strip() for each in parts(text, known)[::2] if each.strip()]


def renamed(text: str, known: Collection[str], names: Mapping[str, str]) -> str:
    """The text with some names replaced; ``known`` are those that stay.

    >>> renamed("label 10,000 photos; Train", {"train"}, {"label 10,000 photos": "Label them"})
    'Label them; Train'
    """
    found = parts(text, {*known, *names})
    for place in range(0, len(found), 2):
        new = names.get(_plain(found[place])) if _plain(found[place]) not in known else None
        if new is not None:
            found[place] = found[place].replace(found[place].strip(), new)
    return "".join(found)


def row_names(rows: Iterable[Row], column: str) -> dict[str, str]:
    """What rows are called, by their ids."""
    found = {row.id: _text(row.cells.get(column)) for row in rows}
    return {key: name for key, name in found.items() if name}


def only_once(names: Mapping[str, str]) -> dict[str, str]:
    """Ids by name in small letters, of names that only one row has."""
    plain = [_plain(name) for name in names.values()]
    return {_plain(name): key for key, name in names.items() if plain.count(_plain(name)) == 1}


def follow(rows: tuple[Row, ...], column: str, known: Collection[str], names: Mapping[str, str]) -> tuple[Row, ...]:
    """Rows whose cells of one column hold names, with those names replaced; the same rows where nothing changes."""
    made = []
    for row in rows:
        text = _text(row.cells.get(column))
        new = renamed(text, known, names) if text else text
        made.append(row if new == text else row.model_copy(update={"cells": {**row.cells, column: new}}))
    return tuple(made) if any(new is not old for new, old in zip(made, rows, strict=True)) else rows


def _text(cell: Cell | None) -> str:
    return cell.strip() if isinstance(cell, str) else ""


def _plain(text: str) -> str:
    return text.strip().casefold()
