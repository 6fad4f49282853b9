"""What is said otherwise to the questions of two decisions, in words: by option, row by row, with its evidence."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from shipworthy.assess import Assessment
from shipworthy.considerations.questions import Question
from shipworthy.decision import DO_NOTHING, Answer, Decision, Evidence, Row
from shipworthy.estimate import Pool
from shipworthy.exports.leaves import leaves, row_name
from shipworthy.record.answers import value_text
from shipworthy.words import join

What = Literal["added", "removed", "changed"]

_STATES = {"default": " (default, not confirmed)", "given": ""}


@dataclass(frozen=True)
class Change:
    """One thing that was added, removed or changed, in words."""

    what: What
    label: str
    before: str = ""
    after: str = ""
    answer: str = ""
    """The answer that it is about (``consideration.question``); none for the frame and the outcome."""
    option: str = ""
    """The names of the options that it is about, where it is not all of them."""


def change(label: str, before: str, after: str, answer: str = "", option: str = "") -> Change:
    """A change from its two sides: added where there is none before, removed where there is none after."""
    what: What = "changed" if before and after else "added" if after else "removed"
    return Change(what, label, before, after, answer, option)


def answers_changed(before: Assessment, after: Assessment) -> Iterator[Change]:
    """Every answer that was added, removed or changed, in the order in which the questions are asked."""
    for consideration in after.registry.values():
        for question in consideration.questions.values():
            sides = before.decision.answer(question.key), after.decision.answer(question.key)
            if sides[0] != sides[1]:
                yield from _answer(before, after, f"{consideration.name} › {question.label}", question)


def _answer(before: Assessment, after: Assessment, label: str, question: Question) -> Iterator[Change]:
    """What is said otherwise to one question: its values by option, its evidence, what single people said."""
    old, new = before.decision.answer(question.key), after.decision.answer(question.key)
    found: dict[tuple[Change, ...], list[str]] = {}
    shared = _shared(before.decision, after.decision)
    for key in shared:
        changes = tuple(_values(before, after, label, question, key))
        found.setdefault(changes, []).append(after.decision.option(key).name)
    for changes, names in found.items():
        for each in changes:
            yield (
                each
                if len(found) == 1
                else Change(each.what, each.label, each.before, each.after, each.answer, join(names))
            )
    yield from _own(before, after, label, question)
    if old and new and old.differs and new.differs and old.value != new.value and not any(found):
        texts = [_cell_text(question, each.value, side.currency()) for each, side in ((old, before), (new, after))]
        yield change(f"{label}, shared by options without their own", texts[0], texts[1], question.key)
    evidence = [_evidence(each.evidence) if each else "" for each in (old, new)]
    if old and new and evidence[0] != evidence[1]:
        yield change(f"{label}, on what it stands", evidence[0], evidence[1], question.key)
    if old and new and old.independent != new.independent:
        said = ["its own" if each.independent else "the same" for each in (old, new)]
        yield change(f"{label}, draws of each option", said[0], said[1], question.key)
    people = [_people(each, question, side.currency()) for each, side in ((old, before), (new, after))]
    for who in dict.fromkeys((*people[0], *people[1])):
        texts = [each.get(who, "") for each in people]
        if texts[0] != texts[1]:
            yield change(f"{label}, what {who or 'one person'} said", texts[0], texts[1], question.key)


def _shared(a: Decision, b: Decision) -> list[str]:
    """Options of both that act; doing nothing where there is no other."""
    both = [option.key for option in b.options if option.key in {each.key for each in a.options} and not option.phases]
    return [key for key in both if key != DO_NOTHING] or [DO_NOTHING]


def _values(before: Assessment, after: Assessment, label: str, question: Question, key: str) -> Iterator[Change]:
    """The change of what is said for one option; of a list row by row."""
    old, new = before.world.value(question.key, key), after.world.value(question.key, key)
    if old == new or (isinstance(old[1], Pool) and isinstance(new[1], Pool)):
        return  # whose estimate in a pool is another is said below
    lists = [value for _, value in (old, new) if _is_list(value)]
    if question.kind == "rows" and lists and all(_is_list(value) or value is None for _, value in (old, new)):
        yield from _rows(before, after, label, question, (old[1] or (), new[1] or ()))
    else:
        texts = [_said(question, each, side.currency()) for each, side in ((old, before), (new, after))]
        stored = [side.decision.answer(question.key) is not None for side in (before, after)]
        what: What = "changed" if stored[0] == stored[1] else "added" if stored[1] else "removed"
        if (what == "added" and old[1] is not None) or (what == "removed" and new[1] is not None):
            what = "changed"  # a default stood there, or stands there now
        yield Change(what, label, texts[0], texts[1], question.key)


def _is_list(value: Any) -> bool:
    return isinstance(value, tuple) and all(isinstance(each, Row) for each in value)


def _said(question: Question, said: tuple[str, Any], currency: str) -> str:
    state, value = said
    return value_text(question, value, currency) + ("" if value is None else _STATES.get(state, ""))


def _rows(
    before: Assessment, after: Assessment, label: str, question: Question, values: tuple[Any, Any]
) -> Iterator[Change]:
    """Rows that came, went or changed, each known by its id wherever it stands."""
    old, new = ({row.id: (place, row) for place, row in enumerate(rows, start=1)} for rows in values)
    sides = tuple({leaf.place: leaf for leaf in leaves(question, rows)} for rows in values)
    currency = (before.currency(), after.currency())
    for name, (number, row) in new.items():
        if name not in old:
            yield Change(
                "added",
                f"{label} › {row_name(number, row)}",
                after=_cells(question, row, currency[1]),
                answer=question.key,
            )
    for name, (number, row) in old.items():
        if name not in new:
            yield Change(
                "removed",
                f"{label} › {row_name(number, row)}",
                before=_cells(question, row, currency[0]),
                answer=question.key,
            )
    for place in dict.fromkeys((*sides[0], *sides[1])):
        if place.partition(".")[0] in old.keys() & new.keys():
            found = [side.get(place) for side in sides]
            pair = [
                value_text(leaf.question, leaf.value, unit) if leaf else ""
                for leaf, unit in zip(found, currency, strict=True)
            ]
            leaf = found[1] or found[0]
            if leaf is not None and pair[0] != pair[1]:
                yield change(f"{label} › {leaf.label}", pair[0], pair[1], question.key)
    kept = [[name for name in each if name in old and name in new] for each in (old, new)]
    if kept[0] != kept[1]:
        names = [join([row_name(*each[name]) for name in order]) for each, order in zip((old, new), kept, strict=True)]
        yield Change("changed", f"{label}, order", names[0], names[1], question.key)


def _cells(question: Question, row: Row, currency: str) -> str:
    return "; ".join(
        f"{question.column(name).label} {value_text(question.column(name), cell, currency)}"
        for name, cell in row.cells.items()
        if cell not in ("", (), None)
    )


def _own(before: Assessment, after: Assessment, label: str, question: Question) -> Iterator[Change]:
    """What is said for an option that only one of the two has."""
    for side, other, what in ((before, after, "removed"), (after, before, "added")):
        answer = side.decision.answer(question.key)
        keys = {option.key for option in other.decision.options}
        for key, value in answer.by_option.items() if answer is not None and answer.differs else ():
            if key not in keys:
                text = _cell_text(question, value, side.currency())
                name = side.decision.option(key).name
                texts = (text, "") if what == "removed" else ("", text)
                yield Change("removed" if what == "removed" else "added", label, *texts, question.key, name)


def _cell_text(question: Question, value: Any, currency: str) -> str:
    if _is_list(value):
        return f"{len(value)} row{'' if len(value) == 1 else 's'}"
    return value_text(question, value, currency)


def _evidence(found: Evidence) -> str:
    parts = [found.kind, f"by {found.who}" if found.who else "", found.source, found.note]
    return ", ".join(part for part in parts if part)


def _people(answer: Answer | None, question: Question, currency: str) -> dict[str, str]:
    said = answer.estimates if answer is not None else ()
    return {each.who: _cell_text(question, each.value, currency) for each in said}
