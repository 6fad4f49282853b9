"""The cases that ship: they open, are whole, say on what every answer stands, and can be taken as a start."""

import json

import pytest
from decisions import ON

from shipworthy import edits
from shipworthy.assess import assess
from shipworthy.considerations import check, open_text, registry, with_dimensions
from shipworthy.decision import DO_NOTHING, Decision
from shipworthy.documents import write
from shipworthy.errors import InputError
from shipworthy.examples import example, keys, text

ALL = sorted(keys())


def test_the_cases_of_this_version() -> None:
    assert ALL == [
        "churn", "loan-decisions", "object-recognition", "recommender", "safety-rule", "sharegpt-assistant", "shopping-assistant",
    ]  # fmt: skip


def test_an_unknown_case_is_refused_with_those_that_there_are() -> None:
    for wrong in ("chrun", "", "../churn", "churn.json"):
        with pytest.raises(InputError, match=f"choose one of {', '.join(ALL)}"):
            text(wrong)


@pytest.mark.parametrize("key", ALL)
def test_a_case_opens_as_it_stands(key: str) -> None:
    document = example(key)
    check(document)
    assert open_text(write(document)) == document
    assert document.options[-1].key == DO_NOTHING
    assert document.frame.title
    assert document.frame.question
    assert document.frame.decider


@pytest.mark.parametrize("key", ALL)
def test_a_case_has_its_dimensions_in_the_file(key: str) -> None:
    # so that a later version with more questions gives the same numbers
    stored = json.loads(text(key))["dimensions"]
    assert stored == example(key).dimensions == with_dimensions(example(key)).dimensions
    asked = {question.key for each in registry().values() for question in each.questions.values()}
    assert asked <= set(stored)


@pytest.mark.parametrize("key", ALL)
def test_every_answer_says_on_what_it_stands(key: str) -> None:
    for named in example(key).answers.values():
        for name, answer in named.items():
            assert answer.evidence.source, name
            assert (answer.state == "default") == (answer.evidence.kind == "default"), name


@pytest.mark.parametrize("key", ALL)
def test_a_case_lacks_nothing_and_every_option_is_judged(key: str) -> None:
    found = assess(example(key), on=ON, size=2**12)
    assert not found.provisional
    for option, result in found.options.items():
        assert all(finding.status != "unknown" for finding in result.findings.values())
        if option != DO_NOTHING:
            assert any(finding.status in ("meets", "at_risk", "fails") for finding in result.findings.values())
            assert result.summary.p10 < result.summary.p50 < result.summary.p90
            assert result.meets_all_probability is not None
            assert any(finding.unconfirmed for finding in result.findings.values())


@pytest.mark.parametrize("key", ALL)
def test_models_of_a_case_are_on_the_price_list(key: str) -> None:
    answer = example(key).answer("cost.model")
    for model in answer.by_option.values() if answer is not None else ():
        registry()["cost"].check("model", model or "", ON)


def test_a_case_can_be_changed_without_changing_the_case() -> None:
    before = example("churn")
    changed = edits.say(before, "lead_time.rhythm", 7.0)
    assert isinstance(changed, Decision)
    assert example("churn") is before
    rhythm = before.answer("lead_time.rhythm")
    assert rhythm is not None
    assert rhythm.value == 30.0


@pytest.mark.parametrize(
    ("key", "recommended"),
    [
        ("churn", "three_month_gap"),
        ("loan-decisions", "boosted"),
        ("object-recognition", "small"),
        ("recommender", "overnight"),
        ("safety-rule", "service_then_own"),
        ("sharegpt-assistant", "hosted"),
        ("shopping-assistant", "small_hosted"),
    ],
)
def test_the_conclusion_does_not_hang_on_the_number_of_draws(key: str, recommended: str) -> None:
    for size in (2**10, 2**12, 2**14):
        assert assess(example(key), on=ON, size=size).recommended == recommended
