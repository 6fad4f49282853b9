"""Assessing is a pure function: the same in every process, and whatever is kept between edits changes nothing."""

import hashlib
import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from decisions import CHAT, ON, UNSURE, decision, own, rng, spread
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy import draws, edits
from shipworthy.assess import MOST_KEPT, Assessment, assess
from shipworthy.considerations import registry, with_dimensions
from shipworthy.considerations.base import World
from shipworthy.considerations.questions import Question
from shipworthy.decision import Correlation, Decision, RequirementValue, Row
from shipworthy.documents import write
from shipworthy.errors import InputError
from shipworthy.examples import example

SOME = 2**12
SCRIPT = """
import hashlib, sys
from datetime import date
from shipworthy.assess import assess
from shipworthy.examples import example
found = assess(example("churn"), on=date(2026, 11, 20))
digest = hashlib.sha256()
for key, result in found.options.items():
    digest.update(key.encode() + result.payoff.tobytes() if hasattr(result.payoff, "tobytes") else key.encode())
    for finding in result.findings.values():
        digest.update(repr((finding.status, finding.probability, finding.words)).encode())
digest.update(repr(found.flips("no_gap")).encode())
print(digest.hexdigest())
print(",".join(name for name in sys.argv[1].split(",") if name in sys.modules) or "-")
"""
HEAVY = "scipy.stats,pandas,plotly,matplotlib"


def in_a_process(code: str, *arguments: str, seed: str = "0") -> list[str]:
    made = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True, text=True, check=True, timeout=120, env={**os.environ, "PYTHONHASHSEED": seed},
    )  # fmt: skip
    return made.stdout.split()


def test_two_processes_agree_to_the_byte_and_load_nothing_heavy() -> None:
    draws.prepare()  # the file is there, as in a kernel that was started before
    one, two = (in_a_process(SCRIPT, HEAVY, seed=seed) for seed in ("1", "2"))
    assert one == two
    assert one[1] == "-"
    digest = hashlib.sha256()
    found = assess(example("churn"), on=ON)
    for key, result in found.options.items():
        digest.update(key.encode() + (result.payoff.tobytes() if isinstance(result.payoff, np.ndarray) else b""))
        for finding in result.findings.values():
            digest.update(repr((finding.status, finding.probability, finding.words)).encode())
    digest.update(repr(found.flips("no_gap")).encode())
    assert digest.hexdigest() == one[0]


def test_the_calculators_load_numpy_and_nothing_heavier() -> None:
    code = (
        "import sys, shipworthy.calculators; print(*[n for n in sys.argv[1].split(',') if n in sys.modules] or ['-'])"
    )
    assert in_a_process(code, "scipy,pydantic,pandas,plotly,sqlalchemy,jinja2,genai_prices,ipywidgets") == ["-"]


def same(one: Assessment, two: Assessment) -> None:
    """Two assessments agree to the bit."""
    assert list(one.options) == list(two.options)
    assert (one.recommended, one.missing) == (two.recommended, two.missing)
    for key, result in one.options.items():
        other = two.options[key]
        assert np.array_equal(np.asarray(result.payoff), np.asarray(other.payoff)), key
        assert np.array_equal(np.asarray(result.meets_all, dtype=object), np.asarray(other.meets_all, dtype=object))
        for name, finding in result.findings.items():
            assert (finding.status, finding.probability, finding.missing, finding.unconfirmed) == (
                other.findings[name].status, other.findings[name].probability, other.findings[name].missing, other.findings[name].unconfirmed,
            )  # fmt: skip
            assert finding.words == other.findings[name].words
    assert {key: one.ledger(key) for key in one.options} == {key: two.ledger(key) for key in two.options}


QUESTIONS = [
    "lead_time.gap",
    "lead_time.precision",
    "value_stream.uses",
    "value_stream.one_off",
    "lead_time.persuasion",
    "cost.call_price",
    "lead_time.people",
]
VALUES = {
    "lead_time.gap": [0.0, rng(10, 20, 40), rng(50, 61, 70)], "lead_time.precision": [0.5, rng(0.1, 0.2, 0.3)], "value_stream.uses": [1e4, rng(1e3, 1e4, 2e4)],
    "value_stream.one_off": [0.0, rng(1e4, 2e4, 4e4)], "lead_time.persuasion": [spread(14.0, 21.0), spread(rng(5, 10, 20), 40.0)],
    "lead_time.share_flagged": [0.02, rng(0.01, 0.02, 0.03)], "cost.priced": ["hosted", "flat"], "cost.input_price": [1.0, rng(1, 2, 3)],
    "cost.output_price": [4.0, rng(8, 9, 10)], "cost.cache_hit": [0.0, rng(0.2, 0.3, 0.4)], "value_stream.currency": ["EUR", "USD"], "lead_time.depends": ["yes", "no"],
    "cost.call_price": [0.0, rng(0.1, 0.2, 0.3)], "lead_time.people": [1.0, rng(2, 3, 5)],
}  # fmt: skip
STEPS = st.one_of(
    st.sampled_from(QUESTIONS).flatmap(lambda key: st.tuples(st.just("say"), st.just(key), st.sampled_from(VALUES[key]), st.sampled_from([None, "a"]))),
    st.tuples(st.just("say_unknown"), st.sampled_from(QUESTIONS), st.sampled_from([None, "a"])),
    st.tuples(st.just("reset"), st.sampled_from(QUESTIONS)),
    st.tuples(st.just("differ"), st.sampled_from(["lead_time.gap", "lead_time.precision", "value_stream.one_off"]), st.booleans()),
    st.tuples(st.just("add_option"), st.sampled_from(["New", "Other"]), st.sampled_from([None, "a", "b"])),
    st.tuples(st.just("remove_option"), st.sampled_from(["a", "new"])),
    st.tuples(st.just("independent"), st.sampled_from(["lead_time.gap", "value_stream.one_off"])),
    st.tuples(st.just("correlate"), st.sampled_from([-0.5, 0.0, 0.8])),
    st.tuples(st.just("seed"), st.just(7)),
    st.just(("undo",)),
)  # fmt: skip


def stepped(document: Decision, past: list[Decision], name: str, *arguments: Any) -> Decision:
    """The document after one random edit."""
    if name == "undo":
        return past.pop() if past else document
    if name == "independent":
        answer = document.answer(arguments[0])
        return (
            document
            if answer is None
            else edits.with_answer(
                document, arguments[0], answer.model_copy(update={"independent": not answer.independent})
            )
        )
    if name == "correlate":
        pair = Correlation(first="lead_time.gap", second="value_stream.one_off", rank=arguments[0])
        return document.model_copy(update={"correlations": (pair,) if arguments[0] else ()})
    if name == "seed":
        return document
    try:
        made: Decision = getattr(edits, name)(document, *arguments)
    except (InputError, KeyError):
        return document  # no room for another option, or none to copy
    return made


@settings(max_examples=25)
@given(st.lists(STEPS, min_size=1, max_size=6))
def test_what_is_kept_between_edits_changes_nothing(steps: list[tuple[Any, ...]]) -> None:
    document = decision("a b", {**UNSURE, "lead_time.gap": own(a=rng(20, 40, 60), b=61.0)})
    kept: dict[Any, Any] = {}
    past: list[Decision] = []
    first = assess(document, on=ON, size=256, kept=kept)
    start = document
    for step in steps:
        before = document
        document = with_dimensions(stepped(document, past, *step))
        if step[0] != "undo":
            past.append(before)
        text = write(document)
        same(assess(document, on=ON, size=256, kept=kept), assess(document, on=ON, size=256))
        assert write(document) == text
    same(assess(start, on=ON, size=256, kept=kept), first)


BY_KIND: dict[str, list[Any]] = {
    "estimate": [2.0, rng(3, 4, 6)], "share": [0.2, rng(0.3, 0.4, 0.6)], "money": [2.0, rng(3, 4, 6)], "number": [2.0], "spread": [spread(5.0, 9.0)],
    "requirement": [RequirementValue(limit=0.4, confidence=0.9)], "text": ["openai/gpt-4o"],
    "date": ["2027-05-01"], "chance": [0.3],
}  # fmt: skip


def a_value(question: Question) -> Any:
    """An answer of the question's kind; of a list two rows with a cell of every kind."""
    if question.kind == "choices":
        return tuple(question.choices or ())[:2]
    if question.kind != "rows":
        return (BY_KIND.get(question.kind) or list(question.choices or {}))[-1]
    columns = [question.column(str(each["key"])) for each in question.columns]
    cells = {each.name: 0.5 if each.kind == "chance" else a_value(each) for each in columns}
    return tuple(Row(id=key, cells=cells) for key in ("one", "two"))


@pytest.mark.parametrize("base", [UNSURE, CHAT, {**UNSURE, "cost.priced": "self_hosted"}])
def test_what_is_kept_changes_nothing_whichever_answer_comes_and_goes(base: dict[str, Any]) -> None:
    # also one that was only looked at: whether a price was typed in, whether precision is known
    for consideration in registry().values():
        for question in consideration.questions.values():
            value = a_value(question)
            without = edits.reset(decision("a", base), question.key)
            kept: dict[Any, Any] = {}
            for document in (
                without,
                edits.say(without, question.key, value),
                edits.say_unknown(without, question.key),
            ):
                same(assess(document, on=ON, size=4, kept=kept), assess(document, on=ON, size=4))


def test_what_is_kept_does_not_grow_without_end() -> None:
    kept: dict[Any, Any] = {}
    document = decision("a", UNSURE)
    for number in range(MOST_KEPT + 20):
        document = edits.say(document, "value_stream.value", rng(700, 1000 + number, 1400))
        assess(document, on=ON, size=16, kept=kept)
    assert len(kept) <= MOST_KEPT + 2


def test_an_edit_recomputes_one_answer_only(monkeypatch: pytest.MonkeyPatch) -> None:
    computed: list[str] = []
    compute = World._compute

    def counted(self: World, key: str, name: str, value: Any) -> Any:
        computed.append(key)
        return compute(self, key, name, value)

    monkeypatch.setattr(World, "_compute", counted)
    kept: dict[Any, Any] = {}
    document = decision("a b", UNSURE)
    assess(document, on=ON, size=64, kept=kept)
    assert len(computed) == len(set(computed)) + 1  # one for each answer and for all options; a spread has two numbers
    computed.clear()
    changed = edits.say(document, "value_stream.value", rng(700, 1100, 1400))
    assess(changed, on=ON, size=64, kept=kept)
    assert computed == ["value_stream.value"]
    computed.clear()
    assess(document, on=ON, size=64, kept=kept)
    assert computed == []  # undone: it is still there


def test_looking_closer_changes_nothing() -> None:
    kept: dict[Any, Any] = {}
    document = decision("a b", UNSURE)
    found = assess(document, on=ON, size=SOME, kept=kept)
    untouched = assess(document, on=ON, size=SOME)
    for option in found.options:
        found.flips(option)
    for consideration in found.registry.values():
        list(consideration.figures(found.view(consideration.key, "a"), found.evaluations(consideration.key)))
        consideration.table(
            found.evaluations(consideration.key), lambda key, asked=consideration.key: found.view(asked, key)
        )
    same(found, untouched)
    same(assess(document, on=ON, size=SOME, kept=kept), untouched)
