"""Lists as they are answered: rows that stood in become the team's own, and names follow the rows that they name."""

from collections.abc import Iterator, Mapping
from typing import Any

from shipworthy import edits
from shipworthy.considerations import registry
from shipworthy.considerations.questions import Question
from shipworthy.considerations.row_names import follow, only_once, row_names
from shipworthy.considerations.world import World
from shipworthy.decision import DO_NOTHING, Answer, Decision, Row
from shipworthy.ui import fields

Rows = tuple[Row, ...]


class Lists:
    """What a session remembers of its lists while they are typed.

    A name is typed letter by letter, and what the browser sends may still hold the name of a moment ago elsewhere: what
    rows were called before is remembered, and leads to what they are called now.
    """

    def __init__(self) -> None:
        self._former: dict[tuple[str, str], dict[str, str]] = {}

    def say(
        self, world: World, question: Question, value: tuple[Any, ...], option: str | None, view: str
    ) -> tuple[Decision, str | None]:
        """The document with an answer given, and for which option: a list from the rows that stood in for it, names along."""
        decision, key = world.decision, question.key
        rows = _rows(value)
        answer = decision.answer(key)
        if option is None and answer is not None and answer.differs and view != DO_NOTHING:
            option = view  # it was typed before the form heard that options differ
        stood = fields.stand_in(world, question, option or view)
        before = stood or _rows(world.value(key, option or view)[1])
        rows = self._with_names(world, question, before, rows, option or view)
        if stood and {row.id for row in stood} & {row.id for row in rows}:
            decision, option = begin(world, question, rows, option, view)
        else:
            decision = edits.say(decision, key, rows, option)
        return self._elsewhere(decision, question, rows, option, option or view), option

    def _with_names(self, world: World, question: Question, before: Rows, after: Rows, option: str) -> Rows:
        """The rows with names in them that follow what the rows that they mean are called now."""
        mine = _columns(question, question)
        for column, holds in mine.items():
            if holds and self._learn(question, column, before, after, option):
                for cell in holds:
                    after = follow(after, cell, *self._now(question, column, after, option))
        for target, column, cell in _named_by(question):
            if target is not question:
                named = _rows(world.value(target.key, option)[1])
                after = follow(after, cell, *self._now(target, column, named, option))
        return after

    def _learn(self, question: Question, column: str, before: Rows, after: Rows, option: str) -> bool:
        """Remember what rows were called; nothing where several are called anew at once: then the list is another one."""
        then, now = row_names(before, column), row_names(after, column)
        known = self._former.setdefault((question.key, option), {})
        if sum(key in now and now[key] != name for key, name in then.items()) > 1:
            known.clear()
            return False
        known.update(only_once(then))
        return True

    def _now(self, question: Question, column: str, rows: Rows, option: str) -> tuple[set[str], dict[str, str]]:
        """Names that rows have, and what those are called now that had others."""
        now = row_names(rows, column)
        known, once = {name.casefold() for name in now.values()}, only_once(now)
        former = self._former.get((question.key, option), {})
        new = {
            name: now[key]
            for name, key in former.items()
            if name not in known and key in now and once.get(now[key].casefold()) == key
        }
        return known, new

    def _elsewhere(self, decision: Decision, question: Question, rows: Rows, option: str | None, view: str) -> Decision:
        """Names in other lists that follow the rows of this one."""
        for other in registry()[question.consideration].questions.values():
            answer = decision.answer(other.key)
            if other is question or answer is None:
                continue
            for column, holds in _columns(question, other).items():
                known, new = self._now(question, column, rows, view)
                for cell in holds if new else ():
                    answer = _renamed(answer, cell, known, new, option, _others(decision, question, column, option))
            if answer is not decision.answer(other.key):
                decision = edits.with_answer(decision, other.key, answer)
        return decision


def begin(world: World, question: Question, rows: Rows, option: str | None, view: str) -> tuple[Decision, str | None]:
    """Begin a list from what stands in for it: for all options, or for the one in view where those differ."""
    options = [each.key for each in world.decision.options if each.key != DO_NOTHING and not each.phases]
    found = {each: fields.stand_in(world, question, each) for each in options}
    own = view if any(each != found.get(view) for each in found.values()) else option
    asked, also = registry()[question.consideration], dict[str, Any]()
    for name, value in asked.stands_with.get(question.name, {}).items():
        default = asked.questions[name].declared_default()
        also[f"{asked.key}.{name}"] = (value, default.value if default else None)
    return edits.copy_rows(world.decision, question.key, rows, own, also), own


def _columns(target: Question, question: Question) -> dict[str, list[str]]:
    """Columns of a list that are named elsewhere, each with the columns of a question that hold such names."""
    found: dict[str, list[str]] = {}
    for here, column, cell in _named_by(question):
        if here is target:
            found.setdefault(column, []).append(cell)
    if target is question:
        for each in target.columns:
            found.setdefault(str(each["key"]), [])
    return found


def _named_by(question: Question) -> Iterator[tuple[Question, str, str]]:
    """The list and its column whose names a question's own columns hold."""
    for column in question.columns:
        name, _, cell = str(column.get("names", "")).partition(".")
        if cell:
            yield registry()[question.consideration].questions[name], cell, str(column["key"])


def _others(decision: Decision, question: Question, column: str, option: str | None) -> set[str]:
    """Names in the lists of other options: what is said for all of them means those as well."""
    answer = decision.answer(question.key)
    if option is None or answer is None:
        return set()
    lists = [answer.value, *(value for each, value in answer.by_option.items() if each != option)]
    return {name.casefold() for each in lists for name in row_names(_rows(each), column).values()}


def _renamed(
    answer: Answer, cell: str, known: set[str], new: Mapping[str, str], option: str | None, others: set[str]
) -> Answer:
    """An answer with names replaced, for the option that was meant; what is shared keeps names that others use."""
    by_option = {
        key: follow(_rows(value), cell, known, new) if isinstance(value, tuple) and option in (None, key) else value
        for key, value in answer.by_option.items()
    }
    value = answer.value
    if isinstance(value, tuple) and not (option in by_option and answer.differs):
        value = follow(_rows(value), cell, known, {name: to for name, to in new.items() if name not in others})
    same = value == answer.value and by_option == answer.by_option
    return answer if same else answer.model_copy(update={"value": value, "by_option": by_option})


def _rows(value: Any) -> Rows:
    return tuple(row for row in value if isinstance(row, Row)) if isinstance(value, tuple) else ()
