"""Answers and options by the names that people use for them: labels of questions, cells of lists, names of options."""

import difflib
import re
from collections.abc import Collection, Iterator
from functools import cached_property

from shipworthy.considerations import registry
from shipworthy.considerations.questions import Question
from shipworthy.considerations.world import cell_name
from shipworthy.decision import Decision, RequirementValue, Row, SpreadValue, Value
from shipworthy.errors import InputError
from shipworthy.words import box_text, join, one_line, parse_number

NUMERIC = ("estimate", "share", "money", "spread", "number", "chance", "requirement")
EVERY = (*NUMERIC, "choice", "choices", "date", "text", "rows")


class Names:
    """What the answers of one decision are called, both ways: those that are numbers, or those of the kinds asked for."""

    def __init__(self, decision: Decision, kinds: Collection[str] = NUMERIC) -> None:
        self.decision, self.registry, self.kinds = decision, registry(), kinds

    @cached_property
    def labels(self) -> dict[str, str]:
        """Every answer and its name: ``Intervention lead time › Persuasion``; cells of lists last."""
        found = {
            question.key: f"{consideration.name} › {question.label}"
            for consideration in self.registry.values()
            for question in consideration.questions.values()
            if question.kind in self.kinds
        }
        return {**found, **dict(self._cells())}

    def _cells(self) -> Iterator[tuple[str, str]]:
        for consideration in self.registry.values():
            for question in consideration.questions.values():
                for row in self._rows(question):
                    for column in question.columns:
                        if column.get("kind", "text") in self.kinds:
                            key = cell_name(question.key, row, str(column["key"]))
                            label = question.cell_label(row, str(column["key"]))
                            yield key, f"{consideration.name} › {label}"

    def _rows(self, question: Question) -> tuple[Row, ...]:
        if question.kind != "rows":
            return ()
        answer, default = self.decision.answer(question.key), question.declared_default()
        values = [] if answer is None else [answer.value, *answer.by_option.values()]
        values += [default.value] if default else []
        rows = [row for value in values if isinstance(value, tuple) for row in value if isinstance(row, Row)]
        return tuple({row.id: row for row in reversed(rows)}.values())[::-1]

    def question(self, answer: str) -> Question:
        """The declaration behind an answer or a cell of a list; InputError where there is none."""
        key, _, cell = answer.partition("#")
        consideration, _, name = key.partition(".")
        found = self.registry[consideration].questions.get(name) if consideration in self.registry else None
        column = cell.rpartition(".")[2]
        if found is not None and cell:
            known = found.kind == "rows" and column in {str(each["key"]) for each in found.columns}
            found = found.column(column) if known else None
        if found is None:
            raise InputError(f"“{one_line(answer, 60)}” is not a question; name one like lead_time.persuasion")
        return found

    def declared(self, answer: str, unit: str = "") -> Question:
        """The declaration behind an answer, or one made up where it is not asked any more: for telling of it alone."""
        try:
            return self.question(answer)
        except InputError:
            return Question("", answer, "", "estimate", one_line(answer, 80), unit=unit)

    def label(self, answer: str) -> str:
        """The name of an answer; its key where a list has no such row any more."""
        return self.labels.get(answer) or one_line(answer, 80)

    def find(self, text: str) -> str:
        """The answer that is meant by its key, its whole name, or a label that only one has.

        Raises
        ------
        InputError
            Where none or several are meant, with names that are near.
        """
        several = self.meant(text)
        if len(several) == 1:
            return several[0]
        shown = one_line(text.strip(), 60)
        if several:
            raise InputError(
                f"“{shown}” may be {join([f'“{self.labels[key]}”' for key in several[:3]], 'or')}: type it whole"
            )
        folded = {name: key for key, name in self._called.items()} | {tail: key for key, tail in self._tails.items()}
        folded |= self._by_name
        near = [folded[each] for each in difflib.get_close_matches(_folded(text), folded, n=1)]
        meant = f": did you mean “{self.labels[near[0]]}”?" if near else "; type a label like Persuasion"
        raise InputError(f"“{shown}” is not an answer{' that is a number' if self.kinds is NUMERIC else ''}{meant}")

    def meant(self, text: str) -> list[str]:
        """The answers that may be meant by a text: one, several, or none."""
        wanted = _folded(text)
        if text.strip() in self.labels or wanted in self._by_name:
            return [text.strip() if text.strip() in self.labels else self._by_name[wanted]]
        return (
            [key for key, tail in self._tails.items() if tail == wanted]
            or [key for key, name in self._called.items() if name == wanted]
            or [key for key, tail in self._tails.items() if wanted and re.match(rf"{re.escape(wanted)}\b", tail)]
        )

    def near(self, text: str, most: int = 3) -> list[str]:
        """Answers whose names share most words with a text."""
        wanted, close = _stems(text), dict[str, tuple[int, float]]()
        for key, tail in self._tails.items():
            shared = len(wanted & _stems(tail))
            if shared and "#" not in key:
                close[key] = (-shared, -difflib.SequenceMatcher(None, _folded(text), tail).ratio())
        return sorted(close, key=lambda key: close[key])[:most]

    @cached_property
    def _by_name(self) -> dict[str, str]:
        return {_folded(name): key for key, name in self.labels.items()}

    @cached_property
    def _tails(self) -> dict[str, str]:
        """What answers are called without their consideration."""
        return {key: _folded(name.partition(" › ")[2]) for key, name in self.labels.items()}

    @cached_property
    def _called(self) -> dict[str, str]:
        return {key: _folded(key.partition(".")[2].replace("_", " ")) for key in self.labels if "#" not in key}

    def option(self, text: str) -> str:
        """The option that is meant, by its key or its name."""
        wanted = _folded(text)
        for option in self.decision.options:
            if option.key == text.strip() or _folded(option.name) == wanted:
                return option.key
        names = ", ".join(f"“{each.name}”" for each in self.decision.options)
        raise InputError(f"“{one_line(text.strip(), 60)}” is not an option; there are {names}")

    def option_name(self, key: str) -> str:
        """The name of an option."""
        return next((each.name for each in self.decision.options if each.key == key), key)

    @cached_property
    def currency(self) -> str:
        """The currency of all amounts."""
        answer = self.decision.answer("value_stream.currency")
        return answer.value if answer is not None and isinstance(answer.value, str) else "USD"

    def unit(self, question: Question) -> str:
        """A question's unit as it stands behind a number; shares carry their sign."""
        if question.unit == "share":
            return ""
        money = question.unit.startswith("money")
        return self.currency + question.unit.removeprefix("money") if money else question.unit

    def said(self, question: Question, value: float) -> str:
        """A number with its unit, with every digit that it has."""
        unit = self.unit(question)
        return f"{box_text(value, unit=question.unit)} {'day' if unit == 'days' and value == 1 else unit}".strip()

    def number(self, question: Question, text: str) -> float:
        """A number as people type it, with or without the unit, within what the question can have; InputError else."""
        plain, unit = text.strip(), self.unit(question)
        if unit and plain.casefold().endswith(unit.casefold()) and unit != "days":
            plain = plain[: -len(unit)].strip()
        value = float(f"{parse_number(plain, unit=question.unit):.12g}")  # 6.18 % is 0.0618
        if question.unit == "share" and "%" not in plain and value > 1:
            raise InputError(f"{box_text(value)} is more than all: type it with its %, or as a share like 0.3")
        checked: dict[str, Value] = {
            "spread": SpreadValue(p50=value, p95=value),
            "requirement": RequirementValue(limit=value),
        }
        question.check(checked.get(question.kind, value))
        return value


def _folded(text: str) -> str:
    return " ".join(text.replace(">", "›").strip(" “”\"'").casefold().split())


def _stems(text: str) -> set[str]:
    return {each.rstrip("s") for each in re.findall(r"\w{4,}", text.casefold())}
