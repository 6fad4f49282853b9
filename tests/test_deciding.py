"""What a team looks at before it commits: attitudes, and the worth of finding out, against brute force."""

import numpy as np
import pytest
from decisions import ON, PLAIN, decision, own, rng

from shipworthy.assess import Assessment, assess
from shipworthy.deciding import Deciding, deciding
from shipworthy.decision import DO_NOTHING, Answer, Row
from shipworthy.examples import example, keys

TWO = {**PLAIN, "value_stream.effect": own(a=0.1, b=0.1)}


def case(**answers: object) -> Assessment:
    """Two options, certain but for what is said here."""
    said = {key.replace("__", "."): value for key, value in answers.items()}
    return assess(decision("a b", {**TWO, **said}), on=ON)


def worths(found: Deciding) -> dict[str, float]:
    return {each.answer: each.worth.value for each in found.found}


@pytest.mark.parametrize("key", keys())
def test_knowing_everything_is_worth_the_expected_regret_of_the_recommended_option(key: str) -> None:
    assessment = assess(example(key), on=ON)
    found = deciding(assessment)
    assert found.standings[assessment.recommended].regret == pytest.approx(found.everything, rel=1e-9)
    assert found.choices["expected"] == assessment.recommended
    assert sum(each.chance_best for each in found.standings.values()) == pytest.approx(1.0)
    assert all(0.0 <= each.worth.value <= found.everything + 1e-9 for each in found.found)
    values = [each.worth.value for each in found.measurable]
    assert values == sorted(values, reverse=True)


def test_an_answer_that_decides_alone_is_worth_what_brute_force_says() -> None:
    # b's effect is uncertain, a's is 0.1: knowing it is knowing everything
    assessment = case(value_stream__effect=own(a=0.1, b=rng(0.05, 0.1, 0.15)))
    found = deciding(assessment)
    payoffs = np.array([np.broadcast_to(each.payoff, (assessment.world.size,)) for each in assessment.options.values()])
    exact = float(np.mean(np.max(payoffs, axis=0)) - np.max(np.mean(payoffs, axis=1)))
    assert list(worths(found)) == ["value_stream.effect"]
    assert worths(found)["value_stream.effect"] == pytest.approx(exact, rel=0.003)
    assert exact > 1_000


def test_what_is_certain_and_what_changes_no_choice_is_told_apart() -> None:
    assert deciding(case()).found == ()
    # both options bring more with it, a always the most: it is uncertain, and worth nothing to know
    shared = deciding(case(value_stream__effect=own(a=0.12, b=0.1), value_stream__value=rng(40, 50, 60)))
    assert [each.answer for each in shared.found] == ["value_stream.value"]
    assert shared.measurable == ()
    assert shared.everything == pytest.approx(0.0, abs=1e-6)


def test_more_doubt_is_worth_more() -> None:
    narrow, wide = (
        deciding(case(value_stream__effect=own(a=0.1, b=each))) for each in (rng(0.08, 0.1, 0.12), rng(0.02, 0.1, 0.18))
    )
    assert worths(wide)["value_stream.effect"] > worths(narrow)["value_stream.effect"] > 0


def test_options_that_share_an_answer_have_it_once_and_a_default_is_marked() -> None:
    found = deciding(case(value_stream__effect=own(a=rng(0.05, 0.1, 0.2), b=rng(0.06, 0.1, 0.15))))
    assert [each.answer for each in found.found] == ["value_stream.effect"]
    churn = {each.answer: each for each in deciding(assess(example("churn"), on=ON)).found}
    assert churn["lead_time.success"].unconfirmed
    assert churn["lead_time.success"].consideration == "Intervention lead time"


def test_a_chance_and_a_cell_of_a_list_are_worth_something_too() -> None:
    tasks = (Row(id="t1", cells={"task": "Build", "days": rng(10, 60, 400)}),)
    answers = {
        "deadline__planned": "yes", "deadline__plan": own(a=tasks, b=(Row(id="t2", cells={"task": "Buy", "days": 100.0}),)),
        "deadline__ranges": "lived", "deadline__alike": 0.0, "deadline__kind": "none",
    }  # fmt: skip
    found = deciding(case(**answers))
    assert [each.label for each in found.measurable] == ["Build: Takes"]
    assert found.found[0].answer == "deadline.plan#t1.days"
    loan = {each.label for each in deciding(assess(example("loan-decisions"), on=ON)).measurable}
    assert "Chance that a weak explanation stands up" in loan


def test_what_is_not_known_at_all_comes_without_a_figure() -> None:
    found = deciding(case(value_stream__running=Answer(state="unknown")))
    assert found.unknown == ("Running cost",)
    assert "value_stream.running" not in worths(found)


def test_attitudes_disagree_where_more_is_at_stake() -> None:
    found = deciding(case(value_stream__effect=own(a=rng(-0.3, 0.14, 0.4), b=0.1)))
    assert found.choices["expected"] in ("a", "b")
    risky = deciding(case(value_stream__effect=own(a=rng(-0.2, 0.2, 0.6), b=0.1)))
    assert risky.choices["expected"] == "a"
    assert risky.choices["risk_averse"] == "b"
    assert "risk_averse" in risky.disagreeing
    assert risky.standings[DO_NOTHING].mean == 0.0


def test_a_few_draws_say_nothing_about_worth() -> None:
    found = deciding(assess(decision("a b", {**TWO, "value_stream.value": rng(1, 50, 90)}), on=ON, size=64))
    assert found.found == ()
    assert found.choices["expected"] is not None


def test_what_is_not_known_is_not_met_as_surely_as_asked() -> None:
    unsure = {**PLAIN, "value_stream.running": Answer(state="unknown")}
    assessment = assess(decision("a", unsure), on=ON)
    assert assessment.options["a"].unknown
    assert deciding(assessment).choices["requirements_first"] == "do_nothing"
    assert deciding(assess(decision("a", PLAIN), on=ON)).choices["requirements_first"] == "a"


def test_of_equals_the_recommended_one_is_the_choice() -> None:
    empty = assess(decision("a", {}), on=ON)
    found = deciding(empty)
    assert found.choices["expected"] == empty.recommended == "do_nothing"
