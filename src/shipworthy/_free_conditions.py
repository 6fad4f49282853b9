"""Conditions on a number in free words, whatever the number is: “tokens a conversation exceed 9,000”.

No answer carries it, so nobody watches it until something of that name is measured.
"""

import re
from dataclasses import dataclass

from shipworthy._answer_names import Names
from shipworthy._trigger_words import OPENING, SIDES, VERB
from shipworthy.decision import Decision
from shipworthy.errors import InputError
from shipworthy.words import box_text, join, one_line, parse_number

_NUMBER = re.compile(
    r"^(?P<number>[-+−]?[\d.,'’_\s]*\d(?:\s?(?:k|bn|m|million|thousand)(?!\w))?)\s*(?P<unit>[^\d“”\"]{0,40})$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class FreeCondition:
    """A number that is called by no answer's name, and the value that it reaches."""

    name: str
    side: str
    value: float
    unit: str

    @property
    def key(self) -> str:
        """The name by which measurements find it."""
        return folded(self.name)

    def number(self, text: str) -> float:
        """A number that was measured of it, as people type it, with or without the unit."""
        unit, plain = self.unit, text.strip()
        if unit and plain.casefold().endswith(unit.casefold()):
            plain = plain[: -len(unit)].strip()
        elif unit == "%":
            raise InputError("type it with its %")
        return parse_number(f"{plain} %", unit="share") if unit == "%" else parse_number(plain)

    def said(self, value: float) -> str:
        """A number of it with its unit."""
        return f"{box_text(value, unit='share' if self.unit == '%' else '')} {'' if self.unit == '%' else self.unit}".strip()

    def unwatched(self, names: Names) -> str:
        """That nobody watches it, and what would do."""
        near = [f"“{names.labels[key]}”" for key in names.near(self.name)]
        name = one_line(self.name, 60)
        answers = f", or name an answer instead: {join(near, 'or')}" if near else ""
        return (
            f"Nobody watches this: no answer is called “{name}”, and nothing of this name was measured. "
            f"Give a line “{name}” with the measurements (--answers){answers}."
        )


def folded(name: str) -> str:
    """A name as it is compared: “The tokens a conversation” and “tokens a conversation” are one."""
    return re.sub(r"^(?:the|our|measured:?)\s+", "", " ".join(name.strip(" “”\"'").casefold().split()))


def condition(text: str, names: Names) -> FreeCondition | None:
    """The condition on a number that a sentence says, of what is no answer; None where it says none.

    >>> from shipworthy.examples import example
    >>> condition("when tokens a conversation exceed 9,000", Names(example("churn")))
    FreeCondition(name='tokens a conversation', side='above', value=9000.0, unit='')
    """
    plain = " ".join(OPENING.sub("", text.strip()).rstrip(".").split())
    for verb in VERB.finditer(plain):
        name, number = plain[: verb.start()].strip(" “”\"'"), _NUMBER.match(plain[verb.end() :].strip())
        if not folded(name) or number is None or names.meant(name):
            continue
        unit = number["unit"].strip()
        share = unit.startswith("%")
        try:
            value = parse_number(number["number"] + ("%" if share else ""), unit="share" if share else "")
        except InputError:
            continue
        assert verb.lastgroup in SIDES
        return FreeCondition(name, verb.lastgroup, value, "%" if share else unit)
    return None


def names_an_answer(text: str, names: Names) -> bool:
    """Whether a sentence compares an answer, or one of several, with something."""
    plain = OPENING.sub("", text.strip())
    return any(names.meant(plain[: verb.start()]) for verb in VERB.finditer(plain))


def conditions(decision: Decision, names: Names) -> dict[str, FreeCondition]:
    """Every such condition among the sentences that would reopen a decision, by the name that is measured."""
    found = (condition(text, names) for text in decision.outcome.reopen)
    return {each.key: each for each in found if each is not None}
