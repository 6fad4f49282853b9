"""Triggers that can never come true: what a file that was written by hand, or an older decision, may hold."""

from collections.abc import Iterator

from shipworthy._answer_names import EVERY, NUMERIC, Names
from shipworthy._trigger_words import LONGEST_WAIT, words
from shipworthy.considerations.questions import Question
from shipworthy.decision import DO_NOTHING, Decision, Trigger
from shipworthy.errors import InputError
from shipworthy.words import box_text, one_line


def problems(decision: Decision) -> Iterator[str]:
    """A sentence for each trigger of a decision that no machine can judge."""
    names = Names(decision, EVERY)
    for each in decision.outcome.triggers:
        why = fault(each, names)
        if why:
            named = (
                why
                if "is not a question" in why
                else f"reopen when {words(each, decision)}: this can never be judged: {why}"
            )
            yield f"Outcome: {named}"


def fault(trigger: Trigger, names: Names) -> str:
    """Why a trigger can never come true, without the full stop at its end; empty where it can.

    >>> from shipworthy.examples import example
    >>> fault(Trigger(kind="starts", table="gpus", row="H100"), Names(example("churn"), EVERY))
    'rows of the table gpus have no day on which they start, only duties do'
    """
    if trigger.kind == "answer":
        return _answer(trigger, names)
    if trigger.kind == "starts" and trigger.table != "duties":
        return f"rows of the table {one_line(trigger.table, 60)} have no day on which they start, only duties do"
    if trigger.kind == "changes" and not trigger.stood:
        return "what the row said then (“stood”) was not kept, so no change of it can be seen; write it anew"
    if trigger.kind == "older" and not 0 <= (trigger.value or 0.0) <= LONGEST_WAIT:
        return f"{box_text(trigger.value or 0.0)} days is no age to wait for"
    return ""


def _answer(trigger: Trigger, names: Names) -> str:
    try:
        question = names.question(trigger.answer)
    except InputError as problem:
        return str(problem)
    if question.kind not in NUMERIC:
        return "this answer is no number"
    if trigger.option == DO_NOTHING:
        return f"nothing is asked of “{names.option_name(DO_NOTHING)}”; name another option, or none"
    stored = names.decision.answer(trigger.answer.partition("#")[0])
    if stored is not None and stored.differs and trigger.option is None and names.decision.outcome.chosen == DO_NOTHING:
        return f"options differ in it and “{names.option_name(DO_NOTHING)}” was chosen; say for which option"
    if "#" in trigger.answer and trigger.answer not in names.labels:
        return "there is no such row in the list any more"
    return _beyond(trigger, question, names)


def _beyond(trigger: Trigger, question: Question, names: Names) -> str:
    """Whether the value lies beyond what the answer can be."""
    value, low, high = trigger.value, question.lower, question.upper
    if value is None or question.kind == "requirement":
        return ""
    if high is not None and (value > high or (value == high and trigger.side == "above")):
        return f"it is never more than {names.said(question, high)}" if trigger.side in ("above", "at_least") else ""
    if low is not None and (value < low or (value == low and trigger.side == "below")):
        return f"it is never less than {names.said(question, low)}" if trigger.side in ("below", "at_most") else ""
    return ""
