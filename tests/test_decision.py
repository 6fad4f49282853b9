"""The document: what hangs together, what an answer says for an option, and what cannot be changed in place."""

from typing import Any

import pytest
from decisions import decision, own, rng
from pydantic import ValidationError

from shipworthy.decision import (
    DO_NOTHING,
    MAX_BYTES,
    Answer,
    Decision,
    Evidence,
    Frame,
    Option,
    Outcome,
    RangeValue,
    Row,
    SpreadValue,
    WeightsValue,
    new_decision,
    now,
)

NOTHING = Option(key=DO_NOTHING, name="Do nothing")


def made(**parts: Any) -> Decision:
    return Decision(**{"frame": Frame(title="T"), "options": (Option(key="a", name="A"), NOTHING), **parts})


def test_a_new_decision_has_do_nothing_last() -> None:
    fresh = new_decision("Churn", (Option(key="a", name="A"),), question="Which?")
    assert [each.key for each in fresh.options] == ["a", DO_NOTHING]
    assert (fresh.frame.title, fresh.frame.question, fresh.schema_version) == ("Churn", "Which?", 1)


def test_the_size_limit_is_eight_megabytes() -> None:
    assert MAX_BYTES == 8_000_000


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"options": (NOTHING, NOTHING)}, "two have the key “do_nothing”"),
        ({"options": (Option(key="a", name="A"),)}, "“Do nothing” is missing"),
        ({"options": ()}, "at least 1 item"),
        ({"options": (*(Option(key=f"o{i}", name="O") for i in range(6)), NOTHING)}, "at most 6 items"),
        ({"options": (Option(key="a", name="A", phases=("b",)), NOTHING)}, "“A” has a phase “b”, which is not among them"),
        ({"options": (Option(key="a", name="A", phases=("a",)), NOTHING)}, "a phase is another option without phases"),
        ({"options": (Option(key="a", name="A", phases=(DO_NOTHING,)), NOTHING)}, "a phase is another option"),
        (
            {"options": (Option(key="a", name="A", phases=("b",)), Option(key="b", name="B", phases=("c",)), Option(key="c", name="C"), NOTHING)},
            "“A” has a phase “b”: a phase is another option without phases",
        ),
        ({"answers": {"cost": {"priced": Answer(by_option={"b": "flat"})}}}, "names the option “b”, which is not there"),
        ({"outcome": Outcome(chosen="b")}, "names the option “b”, which is not there"),
        ({"dimensions": {"x.y": 3, "x.z": 3}}, "two answers share one dimension"),
        ({"dimensions": {"x.y": 5_000}}, "less than 5000"),
        ({"dimensions": {"x.y": -1}}, "greater than or equal to 0"),
        ({"seed": 2**31}, "less than 2147483648"),
        ({"schema_version": 2}, "Input should be 1"),
        ({"more": 1}, "Extra inputs are not permitted"),
        ({"answers": {"Cost": {}}}, "should match pattern"),
    ],
)  # fmt: skip
def test_parts_that_do_not_hang_together_are_refused(parts: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        made(**parts)


def test_an_option_may_be_a_sequence_of_others() -> None:
    options = (
        Option(key="now", name="Service"),
        Option(key="own", name="Own"),
        Option(key="both", name="Both", phases=("now", "own")),
        NOTHING,
    )
    assert made(options=options).option("both").phases == ("now", "own")
    with pytest.raises(KeyError):
        made(options=options).option("none")


def test_documents_are_never_changed_in_place() -> None:
    document = made()
    with pytest.raises(ValidationError, match="frozen"):
        document.seed = 8
    with pytest.raises(ValidationError, match="frozen"):
        document.frame.title = "Other"


@pytest.mark.parametrize("value", [True, "1", None])
def test_numbers_are_not_read_from_other_types(value: Any) -> None:
    with pytest.raises(ValidationError):
        RangeValue(low=value, likely=1.0, high=2.0)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_numbers_are_finite(value: float) -> None:
    for wrong in (
        {"value": value},
        {"value": {"low": 0.0, "likely": 1.0, "high": value}},
        {"value": {"p50": value, "p95": 2.0}},
    ):
        with pytest.raises(ValidationError):
            Answer.model_validate(wrong)


@pytest.mark.parametrize(
    "value",
    [
        1.5, -3, "text", "", rng(1, 2, 3), SpreadValue(p50=1.0, p95=rng(2, 3, 4)), WeightsValue(weights={"a": 1.0}), ("a", "b"), (),
        (Row(id="r1", cells={"days": rng(1, 2, 3), "name": "x", "n": 4.0}),),
    ],
)  # fmt: skip
def test_every_kind_of_value_stays_what_it_is(value: Any) -> None:
    # also as Python objects, not only from JSON
    answer = Answer(value=value)
    assert answer.value == value
    assert type(answer.value) is (float if isinstance(value, int) else type(value)) or isinstance(value, int)
    assert Answer.model_validate_json(answer.model_dump_json()) == answer


@pytest.mark.parametrize("value", [True, {"low": 1.0}, {}, object(), (1, 2)])
def test_what_no_kind_of_answer_looks_like_is_refused(value: Any) -> None:
    with pytest.raises(ValidationError):
        Answer(value=value)


def test_an_option_has_its_own_value_only_where_options_differ() -> None:
    shared = Answer(value=1.0, by_option={"a": 2.0})
    assert shared.own("a") == 1.0
    apart = Answer(value=1.0, differs=True, by_option={"a": 2.0, "b": None})
    assert (apart.own("a"), apart.own("b"), apart.own("c")) == (2.0, None, 1.0)


def test_answers_are_found_by_their_whole_name() -> None:
    document = decision("a b", {"cost.priced": own(a="flat", b="nothing"), "cost.flat_price": 3})
    assert document.answer("cost.flat_price") == Answer(value=3.0)
    assert document.answer("cost.priced.x") is None
    assert document.answer("cost") is None
    assert document.answer("lead_time.gap") is None


def test_evidence_is_estimated_unless_said() -> None:
    assert Answer(value=1.0).evidence == Evidence(kind="estimated")


def test_now_has_a_time_zone_and_whole_seconds() -> None:
    assert now().tzinfo is not None
    assert now().microsecond == 0
