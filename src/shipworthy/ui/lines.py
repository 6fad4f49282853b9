"""Lines of a list as they are typed: what can be read counts; of what cannot, what the document said of it before does."""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from shipworthy.decision import Row, Value
from shipworthy.errors import InputError

Cells = Mapping[str, str]
T = TypeVar("T")


@dataclass(frozen=True)
class Taken(Generic[T]):
    """A list as it was typed, and what counts of it."""

    rows: tuple[Row, ...]
    """The lines as they were typed."""
    things: tuple[T, ...] = ()
    """What the lines say that count."""
    by_row: Mapping[str, T] | None = None
    """The same by the lines' ids."""
    problem: str = ""
    """A sentence on the first line that could not be read, or none."""


class Lines(Generic[T]):
    """Reads the lines of one kind of list."""

    most: int
    """Lines that are taken."""
    beside: Collection[str] = ()
    """Columns that say nothing by themselves."""

    def read(self, cells: Cells, before: T | None) -> T:
        """What a line says, and what it said before; InputError where it cannot be read."""
        raise NotImplementedError

    def check(self, thing: T, found: Sequence[T]) -> None:
        """Refuse what does not go with the lines before; InputError."""

    def same(self, thing: T) -> Hashable:
        """What no two lines may have in common; None where nothing is."""
        return None

    def twice(self, thing: T, row: int) -> str:
        """Why a line cannot say what the one in ``row`` says."""
        return f"it says what row {row} says: remove one of them"

    def again(self, before: T) -> Iterable[T]:
        """What stays of a line that cannot be read, the best first."""
        return (before,)


def rows_of(value: Value | None) -> tuple[Row, ...]:
    """The lines of a list."""
    return tuple(each for each in value if isinstance(each, Row)) if isinstance(value, tuple) else ()


def take(value: Value | None, lines: Lines[T], stood: Mapping[str, T]) -> Taken[T]:
    """Every line that can be read, and of each that cannot what it said before, by ``stood``; one that never was whole is
    left out.

    Two lines that say the same are refused, unless the document had them both already.

    Raises
    ------
    InputError
        Where there are too many.
    """
    rows = rows_of(value)
    said = [(number, row, cells) for number, row in enumerate(rows, start=1) if (cells := _said(row, lines.beside))]
    if len(said) > lines.most:
        raise InputError(f"{len(said)} lines are too many: keep the {lines.most} that matter")
    seen, problem = _Seen(lines), ""
    things, by_row = list[T](), dict[str, T]()
    for number, row, cells in said:
        before = None if row.id in by_row else stood.get(row.id)
        found: T | None
        try:
            found = lines.read(cells, before)
            seen.check(found, before)
            lines.check(found, things)
        except InputError as wrong:
            found = (
                None if before is None else next((each for each in lines.again(before) if seen.new(each, before)), None)
            )
            problem = problem or f"row {number} {counting(found is not None)}: {wrong}"
        if found is not None:
            seen.add(found, before, number)
            things.append(found)
            by_row[row.id] = found
    return Taken(rows, tuple(things), by_row, problem)


def _said(row: Row, beside: Collection[str]) -> Cells:
    """What stands in a line; nothing where only columns do that say nothing by themselves."""
    cells = {name: text for name, cell in row.cells.items() if (text := str(cell).strip())}
    return cells if cells.keys() - set(beside) else {}


def counting(before: bool) -> str:
    """What becomes of a line that cannot be read."""
    return "counts as it was before" if before else "is not counted yet"


class _Seen(Generic[T]):
    """What the lines so far have that no two may have, by the row, and whether the document said so already."""

    def __init__(self, lines: Lines[T]) -> None:
        self.lines, self.rows = lines, dict[Hashable, tuple[int, bool]]()

    def new(self, thing: T, before: T | None) -> bool:
        """Whether no other line has it; two that the document had already are let be."""
        key = self.lines.same(thing)
        return key is None or key not in self.rows or (self.rows[key][1] and self._stood(key, before))

    def check(self, thing: T, before: T | None) -> None:
        """InputError where another line has it."""
        if not self.new(thing, before):
            raise InputError(self.lines.twice(thing, self.rows[self.lines.same(thing)][0]))

    def add(self, thing: T, before: T | None, number: int) -> None:
        """One more line."""
        key = self.lines.same(thing)
        self.rows.setdefault(key, (number, self._stood(key, before)))

    def _stood(self, key: Hashable, before: T | None) -> bool:
        return before is not None and self.lines.same(before) == key


@dataclass(frozen=True)
class Stated:
    """A list as the document has it: its lines, and what each of them says."""

    rows: tuple[Row, ...]
    things: tuple[Any, ...]

    def after(self, typed: "Typed") -> "Typed | None":
        """The list as it was typed, where the document says still what was meant by it, with what was added to it since at
        its end; None where it says something else."""
        count = len(typed.meant)
        if self.things[:count] != typed.meant:
            return None
        used, more = {row.id for row in typed.taken.rows}, list[Row]()
        for row in self.rows[count:]:
            name = next(each for each in (row.id, *(f"{row.id}_{n}" for n in range(len(used) + 1))) if each not in used)
            used.add(name)
            more.append(row.model_copy(update={"id": name}))
        added = dict(zip((row.id for row in more), self.things[count:], strict=True))
        taken = Taken((*typed.taken.rows, *more), (), {**(typed.taken.by_row or {}), **added}, typed.taken.problem)
        return Typed(taken, self.things)


@dataclass(frozen=True)
class Typed:
    """A list as it was typed, and what the document says of it then."""

    taken: Taken[Any]
    meant: tuple[Any, ...]
