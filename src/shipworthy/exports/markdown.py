"""A decision with its assessment as Markdown, in the form MADR 4 (Markdown Any Decision Records, https://adr.github.io/madr)."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from shipworthy import _inquiry_words as inquiry_words
from shipworthy import report
from shipworthy._answer_names import Names
from shipworthy.assess import PARTS, Assessment, Finding, OptionResult
from shipworthy.considerations.base import Status
from shipworthy.decision import DO_NOTHING, Decision
from shipworthy.exports import outcome
from shipworthy.inquiries import finding_out
from shipworthy.record.answers import value_text
from shipworthy.record.moving import searched
from shipworthy.words import amount, chance_words, day, join, total

_MARKS = re.compile(r"[\\`*_\[\]<>|~&$#!^{}]")
_LINE_MARKS = re.compile(r"^(?:[-+=:](?=\s|$|[-+=:])|(\d{1,9})(?=[.)](?:\s|$)))")
_NOT_YAML = re.compile(
    "[^\x20-\x7e\xa0-\u2027\u202f-\u2065\u206a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_SIDES: dict[Status, str] = {"meets": "Good", "at_risk": "Neutral", "fails": "Bad", "unknown": "Neutral"}


def markdown(assessment: Assessment, *, made_at: datetime, flips: report.Flips) -> str:
    """The decision as one Markdown file.

    Parameters
    ----------
    assessment : Assessment
        What to write down.
    made_at : datetime
        When it is written; the date of a decision that is not decided yet.
    flips : mapping
        Flip points by option and consideration, as ``assess`` finds them.

    Examples
    --------
    >>> from datetime import datetime, date
    >>> from shipworthy.assess import assess
    >>> from shipworthy.examples import example
    >>> found = assess(example("churn"), on=date(2026, 11, 20))
    >>> markdown(found, made_at=datetime(2026, 11, 21), flips={}).splitlines()[1]
    'status: "proposed"'
    """
    decision = assessment.decision
    chapters = (
        _front_matter(decision, made_at),
        [f"# {_title(decision)}"],
        ["## Context and Problem Statement", *_context(decision)],
        ["## Decision Drivers", _items(_drivers(assessment))],
        ["## Considered Options", _items(typed(each.name) for each in decision.options)],
        ["## Decision Outcome", *_decided(assessment)],
        ["### Consequences", _items(_consequences(assessment))],
        ["### Confirmation", *_confirmation(decision)],
        ["## Pros and Cons of the Options", *_options(assessment, flips)],
        ["## More Information", *_more(assessment)],
    )
    full = (chapter for chapter in chapters if chapter[0].startswith(("---", "# ")) or any(chapter[1:]))
    blocks = (block for chapter in full for block in chapter)
    return "\n\n".join(block for block in blocks if block) + "\n"


def typed(text: str) -> str:
    r"""What somebody typed, on one line, so that it is read as it was typed: no mark of it is markup.

    >>> print(typed("<b>1. *Gap*\n# [x](y)"))
    \<b\>1. \*Gap\* \# \[x\](y)
    >>> print(typed("2. second"), typed("- dash"))
    2\. second \- dash
    """
    line = " ".join(_UNSEEN.sub("\ufffd", text.replace("\t", " ").replace("\r", " ")).split())
    line = _MARKS.sub(lambda found: "\\" + found[0], line)
    return _LINE_MARKS.sub(lambda found: f"{found[1]}\\" if found[1] else f"\\{found[0]}", line)


def paragraphs(text: str) -> Iterator[str]:
    """What somebody typed, a paragraph a block."""
    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        if part.strip():
            yield typed(part)


def _front_matter(decision: Decision, made_at: datetime) -> list[str]:
    said = decision.outcome
    makers = list(dict.fromkeys([*(each.who for each in said.signatures), *([decision.frame.decider] * bool(decision.frame.decider))]))  # fmt: skip
    lines = [f"status: {_quoted('accepted' if said.chosen else 'proposed')}"]
    lines.append(f"date: {(said.decided_at or made_at).date().isoformat()}")
    named = (
        ("decision-makers", makers),
        ("consulted", [each.who for each in said.consulted]),
        ("informed", [each.who for each in said.informed]),
    )
    lines += [f"{key}: [{', '.join(map(_quoted, who))}]" for key, who in named if who]
    return ["\n".join(["---", *lines, "---"])]


def _quoted(text: str) -> str:
    """A text in YAML, which reads JSON's strings, every sign written out that it does not print."""
    return _NOT_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def _title(decision: Decision) -> str:
    chosen = decision.outcome.chosen
    found = f": {typed(decision.option(chosen).name)}" if chosen else ""
    return typed(decision.frame.title) + found


def _context(decision: Decision) -> Iterator[str]:
    frame = decision.frame
    if frame.question:
        yield typed(frame.question)
    for label, text in (("Product", frame.product), ("Users", frame.users), ("Today", frame.baseline)):
        parts = list(paragraphs(text))
        if parts:
            yield f"**{label}.** {parts[0]}"
            yield from parts[1:]
    if frame.decide_by:
        yield f"To be decided until {day(frame.decide_by)}."


def _drivers(assessment: Assessment) -> Iterator[str]:
    """What decides: the considerations that concern an option, each with what the team asks for."""
    for key, consideration in assessment.registry.items():
        if all(each.findings[key].status == "not_applicable" for each in assessment.options.values()):
            continue
        limits = list(dict.fromkeys(_limits(assessment, key)))
        yield f"{consideration.name}: {consideration.title}" + (
            f" Asked for: {typed('; '.join(limits))}" if limits else ""
        )


def _limits(assessment: Assessment, key: str) -> Iterator[str]:
    for question in assessment.registry[key].questions.values():
        if question.kind == "requirement":
            for option in assessment.evaluations(key):
                single = not assessment.decision.option(option).phases
                value = assessment.world.value(question.key, option)[1]
                if value is not None and single and assessment.world.asked(question, option):
                    label = re.sub(r",? at (?:least|most)$", "", question.label)
                    yield f"{label}: {value_text(question, value, assessment.currency())}"


def _decided(assessment: Assessment) -> Iterator[str]:
    said, decision = assessment.decision.outcome, assessment.decision
    if said.chosen:
        reasons = list(paragraphs(said.reasons)) or ["the reasons were not written down."]
        yield f"Chosen option: “{typed(decision.option(said.chosen).name)}”, because {reasons[0]}"
        yield from reasons[1:]
    else:
        yield "Not decided yet."
    yield " ".join(typed(each) for each in report.conclusion(assessment))


def _consequences(assessment: Assessment) -> Iterator[str]:
    """What the chosen option, or the recommended one, is expected to bring and to cost."""
    result = assessment.options[assessment.decision.outcome.chosen or assessment.recommended]
    if result.key == DO_NOTHING or not assessment.comparable:
        return
    yield _payoff(assessment, result)
    share = result.meets_all_probability
    if share is not None:
        yield f"{_side(share >= 0.8, share <= 0.2)}, because it has {chance_words(share)} of meeting every requirement"
    for name, value in sorted(assessment.ledger(result.key).items(), key=lambda part: -abs(part[1])):
        if total(value) != "0":
            side = _side(value > 0, value < 0)
            yield f"{side}, because of “{PARTS[name].lower()}”: {amount(value)} {assessment.currency()}"


def _side(good: bool, bad: bool) -> str:
    return "Good" if good else "Bad" if bad else "Neutral"


def _payoff(assessment: Assessment, result: OptionResult) -> str:
    paid, currency = result.summary, assessment.currency()
    between = "" if paid.certain else f" (8 in 10: {total(paid.p10)} to {total(paid.p90)})"
    words = f"its expected payoff is {total(paid.mean)} {currency}{result.mark}{between}"
    return f"{_side(paid.mean >= 1, paid.mean <= -1)}, because {words}"


def _confirmation(decision: Decision) -> Iterator[str]:
    conditions = [typed(outcome.condition(each)) for each in decision.outcome.conditions]
    if conditions:
        yield "What must come true:"
        yield _items(conditions)
    reopens = [typed(each) for each in outcome.reopens(decision)]
    if reopens:
        yield "Reopen when:"
        yield _items(reopens)


def _options(assessment: Assessment, flips: report.Flips) -> Iterator[str]:
    said = {each.key: each for each in report.in_words(assessment, flips)}
    for key, result in assessment.options.items():
        yield f"### {typed(result.option.name)}"
        yield from paragraphs(result.option.note)
        if result.option.phases:
            names = [typed(assessment.decision.option(each).name) for each in result.option.phases]
            yield f"Phases: {', then '.join(names)}."
        if key == DO_NOTHING and key not in said:
            yield "Things stay as they are; the others are held against it."
            continue
        pros = [_payoff(assessment, result)]
        for status, head, turns in said[key].findings if key in said else ():
            pros.append(_argument(status, head))
            pros += [f"\n{typed(turn)}" for turn in turns]
        yield _items(pros)
        if key in said and said[key].remarks:
            yield " ".join(typed(each) for each in said[key].remarks)


def _argument(status: Status, head: str) -> str:
    return f"{_SIDES.get(status, 'Neutral')}, because {typed(head)}"


def _more(assessment: Assessment) -> Iterator[str]:
    decision = assessment.decision
    voices = (("Consulted", decision.outcome.consulted), ("Dissent", decision.outcome.dissent))
    for label, told in voices:
        lines = [typed(outcome.voice(each)) for each in told if each.text]
        if lines:
            yield f"{label}:"
            yield _items(lines)
    signed = [f"{typed(each.who)}{f', {typed(each.role)}' if each.role else ''} ({day(each.at)})" for each in decision.outcome.signatures]  # fmt: skip
    if signed:
        yield f"Signed by {join(signed)}."
    yield from _found_out(assessment)
    yield from _lists(assessment)
    versions = report.versions()
    yield (
        f"Computed with Shipworthy {versions['shipworthy']} as of {day(assessment.on)} from {assessment.world.size:,} draws "
        f"with seed {decision.seed}. Every answer with its evidence, every formula and its source stand in the record (HTML)."
    )


def _found_out(assessment: Assessment) -> Iterator[str]:
    """What would change the recommendation, and what was worth finding out."""
    if not assessment.comparable:
        return
    _, moved = searched(assessment, assessment.recommended)
    yield " ".join(typed(each) for each in moved.finding)
    said = inquiry_words.told(finding_out(assessment), assessment)
    yield " ".join(typed(each) for each in (said.finding, *said.more))
    names = Names(assessment.decision)
    ways = [
        f"{typed(each.name)}: {typed(inquiry_words.plainly(each, names))}" for each in assessment.decision.inquiries
    ]
    if ways:
        yield "Ways to find out:"
        yield _items(ways)


def _lists(assessment: Assessment) -> Iterator[str]:
    """Lists to follow of the chosen option, or of the recommended one: obligations, questions for counsel."""
    result = assessment.options[assessment.decision.outcome.chosen or assessment.recommended]
    for key, found in result.findings.items():
        for each in found.words.lists if _says(found) else ():
            if not each.text and each.items:
                yield f"{assessment.registry[key].name}, {typed(each.title)}:"
                yield _items(typed(item) for item in each.items)


def _says(found: Finding) -> bool:
    return found.status != "not_applicable" or bool(found.words.detail)


def _items(lines: Iterator[str] | Sequence[str]) -> str:
    """A list; a line that begins with a line break belongs under the one before."""
    return "\n".join(f"  * {each[1:]}" if each.startswith("\n") else f"* {each}" for each in lines)
