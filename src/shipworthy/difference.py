"""Two decisions compared: what they are about, options, answers, scenarios, the outcome, and what follows from that."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from shipworthy._answer_names import Names
from shipworthy._answers_changed import Change, answers_changed, change
from shipworthy._inquiry_words import plainly
from shipworthy.assess import Assessment
from shipworthy.decision import Condition, Decision, Forecast, Signature, Trigger, Voice
from shipworthy.exports import outcome
from shipworthy.moves import Moves, in_words, moves
from shipworthy.moves import data as moves_data
from shipworthy.record.printed import Printed, printed
from shipworthy.record.what_if import changes_text
from shipworthy.words import day, join

_FRAME = {
    "title": "Title", "question": "Question", "product": "Product", "kind": "Kind", "users": "Users", "baseline": "Today",
    "decider": "Who decides", "decide_by": "By when",
}  # fmt: skip
_OUTCOME = {
    "chosen": "Chosen", "reasons": "Reasons", "conditions": "Condition", "signatures": "Signed", "consulted": "Consulted",
    "informed": "Informed", "dissent": "Dissent", "reopen": "Reopen when", "triggers": "Reopen when",
    "forecasts": "Forecast", "decided_at": "Decided",
}  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """All that differs between two decisions and what follows from it."""

    titles: tuple[str, str]
    on: tuple[date, date]
    currency: tuple[str, str]
    about: tuple[Change, ...]
    options: tuple[Change, ...]
    answers: tuple[Change, ...]
    scenarios: tuple[Change, ...]
    inquiries: tuple[Change, ...]
    outcome: tuple[Change, ...]
    printed: tuple[Printed, Printed]
    moves: Moves

    def __bool__(self) -> bool:
        said = (self.about, self.options, self.answers, self.scenarios, self.inquiries, self.outcome)
        return any(said) or bool(self.moves)


def compare(before: Assessment, after: Assessment) -> Difference:
    """What differs between two assessed decisions.

    Options are the same where their keys are. The log, and when an answer was given, are left out.

    >>> from datetime import date
    >>> from shipworthy import edits
    >>> from shipworthy.assess import assess
    >>> from shipworthy.examples import example
    >>> old, on = example("churn"), date(2026, 11, 20)
    >>> new = edits.say(old, "lead_time.events", 30.0)
    >>> found = compare(assess(old, on=on, size=2**8), assess(new, on=on, size=2**8))
    >>> found.answers[0].label, found.answers[0].after
    ('Intervention lead time › Events a month', '30 events a month')
    """
    a, b = before.decision, after.decision
    both = (printed(before), printed(after))
    return Difference(
        (a.frame.title, b.frame.title),
        (before.on, after.on),
        (before.currency(), after.currency()),
        tuple(_about(before, after)),
        tuple(_options(a, b)),
        tuple(answers_changed(before, after)),
        tuple(_scenarios(a, b)),
        tuple(_inquiries(a, b)),
        tuple(_outcomes(a, b)),
        both,
        moves(*both),
    )


def lines(found: Difference) -> list[str]:
    """The difference in words, a line each; one line where there is none."""
    if not found:
        return ["No difference."]
    said: list[str] = []
    for head, changes in (
        ("What it is about", found.about),
        ("Options", found.options),
        ("Answers", found.answers),
        ("Scenarios", found.scenarios),
        ("To find out", found.inquiries),
        ("Outcome", found.outcome),
    ):
        if changes:
            said += [head, *(f"  {_line(each)}" for each in changes)]
    if found.moves:
        told = list(in_words(found.moves, *found.printed, found.currency[1]))
        said += ["What follows", *(f"  {line}" for line in told)]
    elif found.answers or found.options:
        said.append("Neither a finding nor a payoff moves.")
    return said


def data(found: Difference) -> dict[str, Any]:
    """The difference as texts, numbers, lists and dictionaries."""
    sides = [
        {"title": found.titles[side], "on": found.on[side].isoformat(), "currency": found.currency[side]}
        for side in (0, 1)
    ]
    groups: Mapping[str, Sequence[Change]] = {
        "about": found.about,
        "options": found.options,
        "answers": found.answers,
        "scenarios": found.scenarios,
        "inquiries": found.inquiries,
        "outcome": found.outcome,
    }
    return {
        "same": not found,
        "before": sides[0],
        "after": sides[1],
        **{name: [asdict(each) for each in changes] for name, changes in groups.items()},
        "moved": moves_data(found.moves),
    }


def _line(change: Change) -> str:
    """A change on one line, whatever paragraphs were typed."""
    return " ".join(_worded(change).split())


def _worded(change: Change) -> str:
    where = change.label + (f" (for {change.option})" if change.option else "")
    if change.what == "added":
        return f"+ {where}" + (f": {change.after}" if change.after else "")
    if change.what == "removed":
        return f"− {where}" + (f": {change.before}" if change.before else "")
    return f"{where}: {change.before or 'none'} → {change.after or 'none'}"


# ---- what it is about, options, outcome


def _about(before: Assessment, after: Assessment) -> Iterator[Change]:
    a, b = before.decision, after.decision
    for name, label in _FRAME.items():
        yield from _field(label, _text(getattr(a.frame, name), a), _text(getattr(b.frame, name), b))
    yield from _field("Assessed as of", day(before.on), day(after.on))
    yield from _field("Seed of the draws", str(a.seed), str(b.seed))
    pairs = [{frozenset((pair.first, pair.second)): pair for pair in each.correlations} for each in (a, b)]
    for both in dict.fromkeys((*pairs[0], *pairs[1])):
        labels = [" › ".join(_labels(after, name)) for name in sorted(both)]
        ranks = [f"{pair[both].rank:+.3g}" if both in pair else "" for pair in pairs]
        yield from _field(f"{join(labels)} move together", *ranks)


def _field(label: str, before: str, after: str) -> Iterator[Change]:
    if before != after:
        yield change(label, before, after)


def _labels(assessment: Assessment, name: str) -> tuple[str, ...]:
    key = name.partition("@")[0].partition("#")[0]
    consideration = assessment.registry.get(key.partition(".")[0])
    question = consideration.questions.get(key.partition(".")[2]) if consideration else None
    return (consideration.name, question.label) if consideration and question else (name,)


def _options(a: Decision, b: Decision) -> Iterator[Change]:
    old, new = ({option.key: option for option in each.options} for each in (a, b))
    for key, option in new.items():
        if key not in old:
            yield Change("added", f"“{option.name}”")
    for key, option in old.items():
        if key not in new:
            yield Change("removed", f"“{option.name}”")
            continue
        other = new[key]
        if option.name != other.name:
            yield Change("changed", "Name", f"“{option.name}”", f"“{other.name}”")
        yield from _field(f"Note of “{other.name}”", option.note, other.note)
        yield from _field(f"Phases of “{other.name}”", _phases(a, key), _phases(b, key))
    kept = [[key for key in each if key in old and key in new] for each in (old, new)]
    if kept[0] != kept[1]:
        names = [join([f"“{each[key].name}”" for key in order]) for each, order in zip((old, new), kept, strict=True)]
        yield Change("changed", "Order", *names)


def _phases(decision: Decision, key: str) -> str:
    return ", then ".join(f"“{decision.option(phase).name}”" for phase in decision.option(key).phases)


def _scenarios(a: Decision, b: Decision) -> Iterator[Change]:
    """Scenarios by their names, with what they change."""
    yield from _named_fields(
        *(_by_name((each.name, changes_text(side, each) or "nothing") for each in side.scenarios) for side in (a, b))
    )


def _inquiries(a: Decision, b: Decision) -> Iterator[Change]:
    """Ways to find out by their names, with what they tell and take."""
    yield from _named_fields(
        *(_by_name((each.name, plainly(each, Names(side))) for each in side.inquiries) for side in (a, b))
    )


def _by_name(told: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Texts by name; where several have one name, the later ones by their number too."""
    found: dict[str, str] = {}
    for name, text in told:
        label, count = f"“{name}”", 1
        while label in found:
            count += 1
            label = f"“{name}” ({count})"
        found[label] = text
    return found


def _named_fields(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for label in dict.fromkeys((*old, *new)):
        yield from _field(label, old.get(label, ""), new.get(label, ""))


def _outcomes(a: Decision, b: Decision) -> Iterator[Change]:
    for name in type(a.outcome).model_fields:
        label = _OUTCOME.get(name, name.replace("_", " ").capitalize())
        old, new = getattr(a.outcome, name), getattr(b.outcome, name)
        if not isinstance(old, tuple):
            yield from _field(label, _text(old, a, name), _text(new, b, name))
            continue
        olds, news = [_text(each, a) for each in old], [_text(each, b) for each in new]
        yield from (Change("removed", label, before=each) for each in olds if each not in news)
        yield from (Change("added", label, after=each) for each in news if each not in olds)


def _text(value: Any, decision: Decision, field: str = "") -> str:
    """A field of the frame or the outcome, or one of its entries, in words."""
    if value is None:
        return ""
    if field == "chosen":
        return f"“{decision.option(value).name}”"
    if isinstance(value, date | datetime):
        return day(value)
    if isinstance(value, Condition):
        return outcome.condition(value)
    if isinstance(value, Trigger):
        return outcome.trigger(value, decision)
    if isinstance(value, Forecast):
        return outcome.forecast(value)
    if isinstance(value, Voice):
        return outcome.voice(value)
    if isinstance(value, Signature):
        return f"{value.who}{f', {value.role}' if value.role else ''} ({day(value.at)})"
    return str(value)
