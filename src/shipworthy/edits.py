"""Edits of a decision: each takes a document and returns the next one, with its line in the log."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta

from shipworthy.decision import (
    DO_NOTHING,
    MOST_OPTIONS,
    Answer,
    Decision,
    Evidence,
    Frame,
    Inquiry,
    LogEntry,
    Option,
    Outcome,
    Scenario,
    Value,
    now,
)
from shipworthy.errors import InputError

_SAME_EDIT = timedelta(minutes=10)


def with_answer(decision: Decision, key: str, answer: Answer | None) -> Decision:
    """The document with this answer to ``consideration.question``; None takes the answer back."""
    consideration, _, name = key.partition(".")
    answers = {each: dict(named) for each, named in decision.answers.items()}
    of_this = answers.setdefault(consideration, {})
    if answer is None:
        of_this.pop(name, None)
    else:
        of_this[name] = answer
    return decision.model_copy(update={"answers": {each: named for each, named in answers.items() if named}})


def say(decision: Decision, key: str, value: Value, option: str | None = None) -> Decision:
    """Give an answer: for one option where ``option`` is named and options differ in it, else for all."""
    before = decision.answer(key) or Answer()
    kind = "estimated" if before.evidence.kind == "default" else before.evidence.kind
    evidence = before.evidence.model_copy(update={"kind": kind, "at": now()})
    if option is not None and before.differs:
        by_option = {**before.by_option, option: value}
        update = {"state": "given", "by_option": by_option, "evidence": evidence}
    else:
        update = {"state": "given", "value": value, "evidence": evidence}
    return with_answer(decision, key, before.model_copy(update=update))


def say_unknown(decision: Decision, key: str, option: str | None = None) -> Decision:
    """Say that an answer is not known yet, for one option or for all; what stood there stays in the document."""
    before = decision.answer(key) or Answer()
    if option is not None and before.differs:
        return with_answer(decision, key, before.model_copy(update={"by_option": {**before.by_option, option: None}}))
    return with_answer(decision, key, before.model_copy(update={"state": "unknown"}))


def confirm(decision: Decision, key: str, default: Value | None, source: str = "") -> Decision:
    """Take a default, or what stood there before it was unknown, as the team's own answer."""
    before = decision.answer(key)
    evidence = Evidence(kind="default", source=source, at=now())
    if before is None:
        return with_answer(decision, key, Answer(value=default, evidence=evidence))
    value = before.value if before.value is not None or before.by_option else default
    kept = (
        before.evidence.model_copy(update={"at": now()}) if before.evidence.source or before.evidence.who else evidence
    )
    return with_answer(decision, key, before.model_copy(update={"state": "given", "value": value, "evidence": kept}))


def reset(decision: Decision, key: str) -> Decision:
    """Take the answer back: the declared default stands again, or nothing."""
    return with_answer(decision, key, None)


def differ(decision: Decision, key: str, on: bool, shared: Value | None = None) -> Decision:
    """Let options differ in an answer, each starting from the shared one; or use the shared one for all again."""
    before = decision.answer(key) or Answer(
        value=shared,
        state="unknown" if shared is None else "default",
        evidence=Evidence(kind="estimated" if shared is None else "default"),
    )
    by_option = dict(before.by_option)
    if on:
        for option in decision.options:
            if option.key != DO_NOTHING and before.value is not None and before.state != "unknown":
                by_option.setdefault(option.key, before.value)
    return with_answer(decision, key, before.model_copy(update={"differs": on, "by_option": by_option}))


def copy_rows(
    decision: Decision, key: str, rows: Value, option: str | None, also: Mapping[str, tuple[Value, Value | None]]
) -> Decision:
    """Begin a list from what stands in for it, for one option or for all.

    ``also`` holds answers that are true of it and their defaults, by ``consideration.question``.
    """
    said: list[tuple[str, Value, Value | None]] = [(key, rows, None)]
    said += [(name, value, default) for name, (value, default) in also.items()]
    for name, value, default in said:
        before = decision.answer(name)
        if option is not None and not (before is not None and before.differs):
            decision = differ(decision, name, True, default)
        decision = say(decision, name, value, option)
    return decision


def with_evidence(decision: Decision, key: str, evidence: Evidence, default: Value | None = None) -> Decision:
    """Say on what an answer stands."""
    before = decision.answer(key) or Answer(state="default", value=default)
    return with_answer(decision, key, before.model_copy(update={"evidence": evidence}))


def with_frame(decision: Decision, **changes: object) -> Decision:
    """Change what the decision is about; validated as a whole."""
    frame = Frame.model_validate({**decision.frame.model_dump(), **changes})
    return decision.model_copy(update={"frame": frame})


def reframed(decision: Decision, **changes: object) -> Decision:
    """The frame changed, with a line in the log for each change; the same document where nothing changes."""
    after = with_frame(decision, **changes)
    if after.frame == decision.frame:
        return decision
    for name, value in changes.items():
        before = str(getattr(decision.frame, name) or "")
        path = f"Frame › {name.replace('_', ' ')}"
        after = logged(after, path, "changed", before[:300], str(value or "")[:300])
    return after


def as_of(decision: Decision, day: date | None) -> Decision:
    """Prices and rules read as of another day, logged; None is today, whichever day that is."""
    if day == decision.as_of:
        return decision
    after = decision.model_copy(update={"as_of": day})
    return logged(
        after, "Frame › Prices and rules as of", "changed", str(decision.as_of or "today"), str(day or "today")
    )


def with_outcome(decision: Decision, outcome: Outcome) -> Decision:
    """Change what was decided."""
    return decision.model_copy(update={"outcome": outcome})


def with_scenarios(decision: Decision, scenarios: tuple[Scenario, ...]) -> Decision:
    """Change what is tried out."""
    return decision.model_copy(update={"scenarios": scenarios})


def with_inquiries(decision: Decision, inquiries: tuple[Inquiry, ...]) -> Decision:
    """Change how what is uncertain would be found out."""
    return decision.model_copy(update={"inquiries": inquiries})


def add_option(decision: Decision, name: str, copy_of: str | None = None, phases: tuple[str, ...] = ()) -> Decision:
    """Add an option before “Do nothing”, or copy one with all its own answers, or make one of others in turn."""
    if len(decision.options) >= MOST_OPTIONS:
        raise InputError(f"Options: {MOST_OPTIONS} are there already, “Do nothing” among them; remove one first")
    name = _named(decision, name)
    key = _free_key(decision, name)
    original = next((each for each in decision.options if each.key == copy_of), None)
    if copy_of is not None and original is None:
        raise InputError("Options: the one to copy is not there any more; pick another")
    _check_phases(decision, phases)
    made = (
        Option(key=key, name=name, phases=phases)
        if original is None
        else original.model_copy(update={"key": key, "name": name})
    )
    options = list(decision.options)
    place = next((i for i, option in enumerate(options) if option.key == DO_NOTHING), len(options))
    if copy_of not in (None, DO_NOTHING):
        place = next(i for i, option in enumerate(options) if option.key == copy_of) + 1
    options.insert(place, made)
    decision = decision.model_copy(update={"options": tuple(options)})
    if copy_of is None:
        return decision
    return _each_answer(decision, lambda own: {**own, key: own[copy_of]} if copy_of in own else own)


def _check_phases(decision: Decision, phases: tuple[str, ...]) -> None:
    known = {each.key: each for each in decision.options}
    if phases and len(set(phases)) < 2:
        raise InputError("Options: one after the other needs two different options; choose two")
    for key in phases:
        if key not in known or key == DO_NOTHING or known[key].phases:
            raise InputError(
                "Options: only an option that stands for itself can be one of several in turn; choose another"
            )


def rename_option(decision: Decision, key: str, name: str) -> Decision:
    """Give an option another name; its key stays."""
    options = tuple(
        each.model_copy(update={"name": _named(decision, name, key)}) if each.key == key else each
        for each in decision.options
    )
    return decision.model_copy(update={"options": options})


def remove_option(decision: Decision, key: str) -> Decision:
    """Remove an option with its own answers, and from other options' phases, the outcome and the scenarios; a scenario that
    changes answers for it alone goes with it."""
    if key == DO_NOTHING:
        raise InputError("Options: “Do nothing” always stays, so that every option is held against it")
    options = []
    for each in decision.options:
        if each.key != key:
            options.append(each.model_copy(update={"phases": tuple(phase for phase in each.phases if phase != key)}))
    update: dict[str, object] = {"options": tuple(options)}
    update["outcome"] = _outcome_without(decision.outcome, key)
    without = ((each, _scenario_without(each, key)) for each in decision.scenarios)
    update["scenarios"] = tuple(left for each, left in without if left.changes or not each.changes)
    decision = decision.model_copy(update=update)
    return _each_answer(decision, lambda own: {option: value for option, value in own.items() if option != key})


def _outcome_without(outcome: Outcome, key: str) -> Outcome:
    """The outcome without an option: neither chosen, nor named by what would reopen it or by a forecast."""
    return outcome.model_copy(
        update={
            "chosen": None if outcome.chosen == key else outcome.chosen,
            "triggers": tuple(each for each in outcome.triggers if each.option != key),
            "forecasts": tuple(each for each in outcome.forecasts if each.option != key),
        }
    )


def _scenario_without(scenario: Scenario, key: str) -> Scenario:
    """The scenario without what it changes for one option alone."""
    return scenario.model_copy(update={"changes": tuple(each for each in scenario.changes if each.option != key)})


def logged(decision: Decision, path: str, what: str, before: str = "", after: str = "", who: str = "") -> Decision:
    """The document with one more line in its log; a change of the same thing within ten minutes goes on the same line."""
    at, log = now(), decision.log
    last = log[-1] if log else None
    if last and (last.path, last.who, last.what) == (path, who, what) and at - last.at < _SAME_EDIT:
        entry = last.model_copy(update={"at": at, "after": after})
        log = log[:-1]
    else:
        entry = LogEntry(at=at, who=who, path=path[:300], what=what, before=before, after=after)
    return decision.model_copy(update={"log": (*log[-19_999:], entry)})


def _each_answer(decision: Decision, change) -> Decision:  # type: ignore[no-untyped-def]
    answers = {
        consideration: {
            name: each.model_copy(update={"by_option": change(each.by_option)}) for name, each in named.items()
        }
        for consideration, named in decision.answers.items()
    }
    return decision.model_copy(update={"answers": answers})


def _named(decision: Decision, name: str, own: str = "") -> str:
    name = " ".join(name.split())
    if any(each.name.casefold() == name.casefold() and each.key != own for each in decision.options):
        raise InputError(f"Options: there is one called “{name[:60]}” already; type another name")
    if not name:
        raise InputError("Options: the name is empty; type what this option is, such as “Small hosted model”")
    if len(name) > 120:
        raise InputError(f"Options: the name has {len(name)} characters; 120 are enough for a name")
    return name


def _free_key(decision: Decision, name: str) -> str:
    """A key from a name that no option has, or ever had draws of its own under."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40] or "option"
    taken = {option.key for option in decision.options} | {name.partition("@")[2] for name in decision.dimensions}
    key, count = stem, 1
    while key in taken:
        count += 1
        key = f"{stem}_{count}"
    return key
