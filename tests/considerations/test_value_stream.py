"""Value stream: worth a year worked by hand, its requirement, what is missing, and which way every answer moves it."""

import math
from typing import Any

import numpy as np
import pytest
from decisions import ACTING, PLAIN, assessed, decision, own, rng
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.assess import Assessment
from shipworthy.decision import Answer, RequirementValue


def paid(answers: Any, option: str = "a") -> float:
    return float(np.mean(assessed(decision("a", answers)).options[option].payoff))


def worth(answers: Any, limit: float = 0.0, confidence: float = 0.8) -> Assessment:
    requirement = RequirementValue(limit=limit, confidence=confidence)
    return assessed(decision("a", {**answers, "value_stream.worth": requirement}), size=2**12)


def test_payoff_by_hand() -> None:
    # decisions.PLAIN: 4500 a month over 21.6 months is 97,200; less 10,000 to build
    assert paid(PLAIN) == pytest.approx(87_200, rel=1e-12)


def test_payoff_by_hand_with_a_discount() -> None:
    # at 10 % a year a day t from now counts 1.1^(−t/365): over the days 73 to 730, in years 0.2 to 2,
    # (1.1^−0.2 − 1.1^−2) / ln 1.1 = (0.98111846 − 0.82644628) / 0.09531018 = 1.62282995 years = 19.473959 months
    months = 12 * (1.1**-0.2 - 1.1**-2) / math.log(1.1)
    assert months == pytest.approx(19.473959, abs=1e-5)
    assert paid({**PLAIN, "value_stream.discount_rate": 0.1}) == pytest.approx(4500 * months - 10_000, rel=1e-12)


def test_worth_a_year_by_hand() -> None:
    # 12 × (5000 − 200); running and one-off cost are not in it
    evaluation = assessed(decision("a", PLAIN)).evaluations("value_stream")["a"]
    assert float(np.mean(evaluation.figures["worth"])) == pytest.approx(57_600)
    assert float(np.mean(evaluation.figures["gross"])) == pytest.approx(60_000)


def test_a_negative_effect_is_a_loss() -> None:
    # 1000 × −0.1 × 50 = −5000 a month, less 500: −5500 over 21.6 months, less 10,000
    assert paid({**PLAIN, "value_stream.effect": -0.1}) == pytest.approx(-5500 * 21.6 - 10_000)
    found = worth({**PLAIN, "value_stream.effect": -0.1}).options["a"].findings["value_stream"]
    assert found.status == "fails"
    assert found.headline.startswith("It does not pay even before its costs: −62k USD a year")


@pytest.mark.parametrize(
    ("limit", "status"), [(57_599.0, "meets"), (57_600.0, "meets"), (57_601.0, "fails"), (-1e6, "meets")]
)
def test_a_certain_worth_meets_its_limit_or_fails(limit: float, status: str) -> None:
    assert worth(PLAIN, limit).options["a"].findings["value_stream"].status == status


def test_the_confidence_decides_between_meets_at_risk_and_fails() -> None:
    # worth = 12 × (1000 × 0.1 × v − 200); with v at p50 = 40 a limit of 45,600 is met in half of the draws,
    # the limit at v's p10 (20: 21,600) in nine of ten and at its p90 (70: 81,600) in one of ten
    answers = {**PLAIN, "value_stream.value": rng(20, 40, 70)}
    half, nine, one = (
        worth(answers, limit).options["a"].findings["value_stream"] for limit in (45_600, 21_600, 81_600)
    )
    assert [half.status, nine.status, one.status] == ["at_risk", "meets", "fails"]
    assert half.probability == pytest.approx(0.5, abs=0.002)
    assert nine.probability == pytest.approx(0.9, abs=0.002)
    assert one.probability == pytest.approx(0.1, abs=0.002)
    strict, lenient = (
        worth(answers, limit, confidence).options["a"].findings["value_stream"]
        for limit, confidence in ((21_600, 0.95), (45_600, 0.5))
    )
    assert [strict.status, lenient.status] == ["at_risk", "meets"]
    assert worth(answers, 81_600, 0.95).options["a"].findings["value_stream"].status == "at_risk"


def test_words_and_table() -> None:
    found = worth(PLAIN)
    finding = found.options["a"].findings["value_stream"]
    assert finding.headline == "Worth 58k USD a year once it is live, before its costs."
    assert finding.words.detail == (
        "Wrong outputs cost 2.4k USD a year, 4 % of what it brings.",
        "Live after 73 days; counted over 2 years.",
    )
    columns, rows = found.registry["value_stream"].table(
        found.evaluations("value_stream"), lambda key: found.view("value_stream", key)
    )
    assert rows == [("a", "58k USD", "58k USD to 58k USD", "10k USD", "300 USD")]
    assert len(columns) == len(rows[0]) - 1


def test_the_currency_is_said() -> None:
    found = worth({**PLAIN, "value_stream.currency": "SEK"})
    assert found.currency() == "SEK"
    assert "58k SEK a year" in found.options["a"].findings["value_stream"].headline


UNKNOWN = ["uses", "effect", "value", "running", "one_off", "live"]


@pytest.mark.parametrize("name", UNKNOWN)
def test_an_unknown_answer_contributes_nothing_and_is_named(name: str) -> None:
    key = f"value_stream.{name}"
    without = {question: answer for question, answer in PLAIN.items() if question != key}
    for answers in (without, {**PLAIN, key: Answer(state="unknown", value=12.0)}):
        found = assessed(decision("a", answers))
        finding = found.options["a"].findings["value_stream"]
        assert finding.status == "unknown"
        assert finding.missing == (key,)
        assert key in found.missing
        assert found.provisional
        assert found.world.question(key).label in finding.headline
        # 5000 brought, 200 of harm, 300 of running cost a month; 10,000 once; 21.6 months of 24
        expected = {
            "uses": -300 * 21.6 - 10_000, "effect": -500 * 21.6 - 10_000, "value": -500 * 21.6 - 10_000,
            "running": 4800 * 21.6 - 10_000, "one_off": 4500 * 21.6, "live": 4500 * 24 - 10_000,
        }  # fmt: skip
        assert float(np.mean(found.options["a"].payoff)) == pytest.approx(expected[name])


def test_a_default_is_used_and_said_to_be_one() -> None:
    without = {
        key: answer
        for key, answer in PLAIN.items()
        if key not in ("value_stream.wrong", "value_stream.harm", "value_stream.period")
    }
    found = assessed(decision("a", without))
    # no harm, three years: 4700 a month over 36 − 2.4 months
    assert float(np.mean(found.options["a"].payoff)) == pytest.approx(4700 * 33.6 - 10_000)
    finding = found.options["a"].findings["value_stream"]
    assert finding.status == "meets"
    assert {"value_stream.wrong", "value_stream.harm", "value_stream.period"} <= set(finding.unconfirmed)
    assert not found.provisional


def test_the_effect_is_not_asked_where_acting_in_time_decides_it() -> None:
    found = assessed(decision("a", ACTING))
    assert "value_stream.effect" not in found.missing
    assert found.options["a"].findings["value_stream"].status == "meets"


amounts = st.floats(0, 1e6)


@given(amounts, amounts, st.floats(0, 700), st.floats(0, 700), st.floats(0, 0.5))
def test_costs_and_delays_never_raise_payoff(cost: float, more: float, live: float, later: float, rate: float) -> None:
    base = {**PLAIN, "value_stream.one_off": cost, "value_stream.live": live, "value_stream.discount_rate": rate}
    here = paid(base)
    assert paid({**base, "value_stream.one_off": cost + more}) == pytest.approx(here - more, abs=1e-6)
    assert paid({**base, "value_stream.live": live + later}) <= here + 1e-6
    assert paid({**base, "value_stream.running": 300 + more}) <= here + 1e-6
    assert paid({**base, "value_stream.harm": 10 + more}) <= here + 1e-6


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1e4), st.floats(0, 1e4))
def test_effect_and_value_never_lower_payoff(effect: float, more: float, value: float, dearer: float) -> None:
    base = {**PLAIN, "value_stream.effect": effect, "value_stream.value": value}
    here = paid(base)
    assert paid({**base, "value_stream.effect": effect + more}) >= here - 1e-6
    assert paid({**base, "value_stream.value": value + dearer}) >= here - 1e-6


MONEY = ("value", "harm", "running", "one_off")


def test_doubling_all_money_doubles_payoff() -> None:
    uncertain = {
        **PLAIN,
        "value_stream.value": rng(20, 40, 70),
        "value_stream.one_off": rng(5_000, 9_000, 20_000),
        "value_stream.uses": rng(500, 900, 2000),
    }
    for answers in (PLAIN, uncertain):
        twice = dict(answers.items())
        for name in MONEY:
            answer = answers[f"value_stream.{name}"]
            twice[f"value_stream.{name}"] = (
                2 * answer if not hasattr(answer, "low") else rng(2 * answer.low, 2 * answer.likely, 2 * answer.high)
            )
        once, doubled = (assessed(decision("a", each), size=2**12).options["a"].payoff for each in (answers, twice))
        np.testing.assert_allclose(doubled, 2 * np.asarray(once), rtol=1e-9, atol=1e-6)


def test_options_differ_where_they_say_so() -> None:
    found = assessed(decision("a b", {**PLAIN, "value_stream.effect": own(a=0.1, b=0.2)}))
    # b: 10,000 − 500 = 9500 a month
    assert float(np.mean(found.options["b"].payoff)) == pytest.approx(9500 * 21.6 - 10_000)
    assert float(np.mean(found.options["a"].payoff)) == pytest.approx(87_200)
    assert found.recommended == "b"


@pytest.mark.parametrize(("value", "small"), [(1e-7, True), (0.0, True), (0.01, False)])
def test_what_is_too_small_to_matter_is_said_so(value: float, small: bool) -> None:
    # 1000 × 0.1 × value a month: a tenth of a thousandth of a euro a year, nothing, or 12
    answers = {**PLAIN, "value_stream.wrong": 0, "value_stream.value": value, "value_stream.currency": "EUR"}
    found = assessed(decision("a", answers)).options["a"].findings
    worth, use = found["value_stream"].headline, found["cost"].headline
    if small:
        assert worth == "It brings nothing to speak of: less than 1 EUR a year, before its costs."
        assert use == "A use costs nothing and brings nothing to speak of."
    else:
        assert worth.startswith("Worth 12 EUR a year")
        assert use == "A use costs nothing and brings 0.001 EUR: 0.001 EUR is left."


def test_what_is_too_large_to_print_is_said_in_words() -> None:
    found = assessed(decision("a", {**PLAIN, "value_stream.value": 1e14})).options["a"].findings["value_stream"]
    assert found.headline.startswith("Worth more than 1,000bn USD a year")
