"""The conditions of a duty against the facts of a case, one function each; :mod:`duties` puts them together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from shipworthy.calculators._duties_table import Duty, need_codes
from shipworthy.calculators._duties_words import (
    AUTOMATION,
    CONSUMERS,
    DOMAINS,
    EFFECTS,
    KNOWN,
    PEOPLE,
    PLACES,
    PRIVATE,
    SERIOUS,
    TRIGGERS,
    chain,
    named,
)

YES, MIGHT, NO = "yes", "might", "no"
_REAL = "whether the person who decides has the authority, the time and the knowledge to decide otherwise"
_DECIDING: Mapping[str, str] = {
    "significant": "whether the outcome has a legal or similarly serious effect on the person",
    "adverse": "whether a person can be refused or get worse terms through it",
    "supports": "whether a decision about a person rests on it",
    "recommends": "whether it recommends or ranks what people are shown",
    "bureau": "whether a consumer report or data of a credit bureau are used",
    "special": "whether traits such as origin, sex, age, disability or health are among the data",
    "public_body": "whether a public body decides",
}


@dataclass(frozen=True, kw_only=True)
class Case:
    """What a team knows of its automated decision. Empty sets and ``unknown`` are answers not known yet."""

    on: date
    """Day on which the duties are judged."""
    affected: frozenset[str] = frozenset()
    """Places of the people affected (codes of ``PLACES``); a country alone stands for any part of it, with a part beside
    it for that part."""
    operator: frozenset[str] = frozenset()
    """Places of the operator."""
    domains: frozenset[str] = frozenset()
    """What it decides about (codes of ``DOMAINS``)."""
    effect: str = "unknown"
    """significant, adverse, ranking, recommendation, support, none or unknown."""
    automation: str = "unknown"
    """Who decides: solely (the system), between, human (with real authority) or unknown."""
    people: frozenset[str] = frozenset()
    """Who is affected: consumers (also citizens, patients), staff, businesses."""
    bureau: str = "unknown"
    """Whether a consumer report or data of a credit bureau are used: yes, no, unknown."""
    special: str = "unknown"
    """Whether special categories of data or protected traits are used: yes, no, unknown."""
    public: str = "unknown"
    """Whether a public body decides: yes, no, unknown: then it is taken from the domain."""

    def __post_init__(self) -> None:
        need_codes("Where the people affected live", self.affected, PLACES)
        need_codes("Where the operator is", self.operator, PLACES)
        need_codes("What it decides about", self.domains, DOMAINS)
        need_codes("What kind of decision", {self.effect}, EFFECTS)
        need_codes("How automated", {self.automation}, AUTOMATION)
        need_codes("Who is affected", self.people, (*PEOPLE, *CONSUMERS))
        for label, value in (("Bureau data", self.bureau), ("Special data", self.special), ("Public", self.public)):
            need_codes(label, {value}, KNOWN)

    @property
    def serious(self) -> bool:
        """Whether a refusal is taken to be a serious effect; so it is where the domain is not known."""
        return not self.domains or bool(self.domains & SERIOUS)

    @property
    def public_body(self) -> str:
        """Whether a public body decides; taken from the domain and the people where it is not said."""
        if self.public != "unknown":
            return self.public
        if "public" in self.domains or "citizens" in self.people:
            return "yes"
        return "no" if self.domains and self.domains <= PRIVATE else "unknown"

    @property
    def protected(self) -> frozenset[str]:
        """Who is affected, in the words of the table: citizens and patients are private persons."""
        return frozenset("consumers" if code in CONSUMERS else code for code in self.people)

    @property
    def whole(self) -> frozenset[str]:
        """Places named without a part of them: any part may be meant."""
        return frozenset(
            code
            for code in self.affected
            if not any(other != code and code in chain(other, PLACES) for other in self.affected)
        )


@dataclass(frozen=True)
class Answer:
    """How a condition stands: yes, might or no; the fact that decides it, or the sentence why not."""

    state: str
    words: str = ""


def place(duty: Duty, case: Case) -> Answer:
    """Whether the duty binds where the people are, or where the operator is."""
    if not case.affected:
        return Answer(MIGHT, "where the people affected live")
    open_ended = {code for code in duty.places if code.endswith("-OTHER")}
    lived_in = frozenset[str]().union(*(chain(code, PLACES) for code in case.affected))
    if lived_in & (duty.places - open_ended):
        return Answer(YES)
    if case.affected & open_ended:
        return Answer(MIGHT, "which state it is, since only some have such a rule")
    within = {code for code in duty.places if chain(code, PLACES) & case.whole}
    if within:
        return Answer(MIGHT, f"whether people in {named(within, PLACES)} are affected")
    at_home = frozenset[str]().union(*(chain(code, PLACES) for code in case.operator))
    if duty.follows_operator and at_home & duty.places:
        return Answer(MIGHT, f"whether it follows an operator in {named(duty.places, PLACES)} to people elsewhere")
    return Answer(NO, f"It binds in {named(duty.places, PLACES)}, and nobody there is affected.")


def domain(duty: Duty, case: Case) -> Answer:
    """Whether it concerns what is decided about."""
    if not duty.domains:
        return Answer(YES)
    if not case.domains:
        return Answer(MIGHT, "what the decision is about")
    lies_in = frozenset[str]().union(*(chain(code, DOMAINS) for code in case.domains))
    if lies_in & duty.domains:
        return Answer(YES)
    within = {code for code in duty.domains if chain(code, DOMAINS) & case.domains}
    if within:
        return Answer(MIGHT, f"whether it is {named(within, DOMAINS)}")
    return Answer(NO, f"It concerns {named(duty.domains, DOMAINS)}.")


def people(duty: Duty, case: Case) -> Answer:
    """Whether it protects those who are affected."""
    if case.people:
        if case.protected & duty.people:
            return Answer(YES)
        kept = " and ".join(words for code, words in PEOPLE.items() if code in duty.people)
        return Answer(NO, f"It protects {kept}, and none are affected.")
    likely = {"staff"} if case.domains and case.domains <= {"hiring", "work"} else {"consumers", "businesses"}
    if not case.domains or "general" in case.domains:
        likely = set(PEOPLE)
    if likely <= duty.people:
        return Answer(YES)
    kept = " or ".join(words for code, words in PEOPLE.items() if code in duty.people)
    return Answer(MIGHT, f"whether {kept} are affected")


def automation(duty: Duty, case: Case) -> Answer:
    """Whether it binds although, or because, a person or the system decides."""
    if not duty.solely or case.automation == "solely":
        return Answer(YES)
    if case.automation == "human":
        return Answer(NO, "It binds only where no person decides, and here a person decides with real authority.")
    return Answer(MIGHT, _REAL)


def trigger(code: str, case: Case) -> str:
    """Whether one of the triggers that set a duty off is met: yes, might, no."""
    effect, serious = case.effect, case.serious
    if code == "any_use":
        return YES
    if effect == "unknown":
        return MIGHT
    if code == "recommends":
        return YES if effect in ("recommendation", "ranking") else NO
    if effect == "none":
        return NO
    if code == "supports":
        return YES if serious or effect in ("significant", "adverse", "support") else MIGHT
    if effect in ("significant", "adverse"):
        return YES if serious or effect == code else MIGHT
    return MIGHT if serious or effect == "support" else NO


def triggers(duty: Duty, case: Case) -> Answer:
    """Whether any of its triggers is met, the surest counting."""
    found = {code: trigger(code, case) for code in TRIGGERS if code in duty.triggers and code in _SET_OFF}
    if YES in found.values():
        return Answer(YES)
    open_ones = [code for code, state in found.items() if state == MIGHT]
    if open_ones:
        return Answer(MIGHT, " or ".join(_DECIDING[code] for code in open_ones))
    needed = " or ".join(TRIGGERS[code] for code in found)
    return Answer(NO, f"It is set off by {needed}; here the output is {EFFECTS[case.effect]}.")


def conditions(duty: Duty, case: Case) -> list[Answer]:
    """Its conditions beside the trigger: bureau data, special data, a public body."""
    known = {"bureau": case.bureau, "special": case.special, "public_body": case.public_body}
    found = []
    for code, value in known.items():
        if code not in duty.triggers or value == "yes":
            continue
        needed = f"It binds only with {TRIGGERS[code]}."
        found.append(Answer(NO, needed) if value == "no" else Answer(MIGHT, _DECIDING[code]))
    return found


def level(duty: Duty, case: Case) -> tuple[str, str]:
    """The level that is sure to be asked where the duty applies, and the highest that may be.

    Recommending or ranking alone asks for no more than a general description.
    """
    others = [trigger(code, case) for code in duty.triggers & _SET_OFF if code != "recommends"]
    if "recommends" not in duty.triggers or YES in others or duty.level in ("none", "notice"):
        return duty.level, duty.level
    if trigger("recommends", case) == YES:
        return "notice", duty.level if MIGHT in others else "notice"
    return duty.level, duty.level


_SET_OFF = frozenset({"any_use", "recommends", "supports", "significant", "adverse"})
