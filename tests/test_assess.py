"""The joint model as a whole: what can never differ, what must, and worked cases from document to payoff."""

import math
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from decisions import ACTING, CHAT, ON, PLAIN, UNSURE, assessed, decision, own, rng, spread
from hypothesis import given, settings
from hypothesis import strategies as st
from toys import DueDate

from shipworthy import edits
from shipworthy.assess import Assessment, assess, differences
from shipworthy.considerations import registry
from shipworthy.decision import (
    DO_NOTHING,
    Answer,
    Evidence,
    Option,
    PersonalEstimate,
)
from shipworthy.examples import example, keys

SOME = 2**12


def payoffs(assessment: Assessment) -> dict[str, np.ndarray]:
    return {key: np.asarray(result.payoff, dtype=np.float64) for key, result in assessment.options.items()}


def statuses(assessment: Assessment) -> dict[str, dict[str, str]]:
    return {
        key: {name: finding.status for name, finding in result.findings.items()}
        for key, result in assessment.options.items()
    }


# Dimensions: what is one quantity is drawn once


@pytest.mark.parametrize("answers", [UNSURE, CHAT])
def test_two_identical_options_never_differ(answers: dict[str, Any]) -> None:
    found = assess(decision("a b", answers), on=ON, size=SOME)
    assert np.ptp(found.options["a"].payoff) > 0
    assert np.array_equal(found.options["a"].payoff, found.options["b"].payoff)
    assert not differences(found, "a", "b").any()
    assert statuses(found)["a"] == statuses(found)["b"]
    assert found.options["a"].meets_all_probability == found.options["b"].meets_all_probability


def test_answers_that_differ_but_say_the_same_never_differ() -> None:
    # each option its own answer, with the same range: the same dimension, so the same number in every draw
    twin = {**UNSURE}
    for key in ("value_stream.one_off", "lead_time.gap", "lead_time.precision", "lead_time.success", "cost.call_price"):
        twin[key] = own(a=UNSURE[key], b=UNSURE[key])
    found = assess(decision("a b", twin), on=ON, size=SOME)
    assert np.array_equal(found.options["a"].payoff, found.options["b"].payoff)


def test_an_independent_answer_does_differ() -> None:
    apart = Answer(value=UNSURE["value_stream.one_off"], independent=True)
    found = assess(decision("a b", {**UNSURE, "value_stream.one_off": apart}), on=ON, size=SOME)
    difference = differences(found, "a", "b")
    assert difference.std() > 1000
    # low-discrepancy draws: the same cost on average (plain ones would be off by a 64th of this deviation)
    assert abs(difference.mean()) < 1e-3 * difference.std()
    # one-off cost is paid at once: the difference is that of two independent draws of it
    costs = [np.asarray(each.runs[0].terms.values["one_off"]) for each in (found.options["a"], found.options["b"])]
    np.testing.assert_allclose(difference, costs[1] - costs[0], atol=1e-6)
    assert abs(np.corrcoef(*costs)[0, 1]) < 0.05


@pytest.mark.parametrize(
    "answers",
    [
        ACTING,
        {
            **CHAT,
            "value_stream.effect": 0.1,
            "cost.cache_hit": 0.5,
            "cost.system_tokens": 900,
            "cost.user_tokens": 50,
            "cost.answer_tokens": 200,
        },
    ],
)
@pytest.mark.parametrize("wide", [1.0, 2.0, 9.0])
def test_a_spread_carries_no_value_of_information(answers: dict[str, Any], wide: float) -> None:
    # what differs from case to case is integrated: with every answer certain, all draws are the same state of the world
    spreads = {
        key: spread(value.p50 or 20.0, (value.p50 or 20.0) * wide)
        for key, value in answers.items()
        if hasattr(value, "p50")
    }
    found = assess(decision("a b", {**answers, **spreads, "value_stream.period": 1}), on=ON, size=SOME)
    for values in payoffs(found).values():
        assert np.ptp(values) == 0
    assert all(
        finding.probability in (0.0, 1.0, None)
        for result in found.options.values()
        for finding in result.findings.values()
    )


def test_widening_a_spread_moves_the_result_but_never_its_uncertainty() -> None:
    narrow, wide = (
        assessed(decision("a", {**ACTING, "lead_time.gap": 40, "lead_time.persuasion": spread(30.0, p95)}), size=64)
        for p95 in (31.0, 200.0)
    )
    assert float(np.mean(narrow.options["a"].payoff)) != float(np.mean(wide.options["a"].payoff))
    assert np.ptp(wide.options["a"].payoff) == 0


# The ledger


@pytest.mark.parametrize("key", sorted(keys()))
def test_the_parts_of_the_ledger_add_up_to_the_expected_payoff(key: str) -> None:
    found = assess(example(key), on=ON, size=SOME)
    for option, result in found.options.items():
        assert sum(found.ledger(option).values()) == pytest.approx(result.summary.mean, rel=1e-9, abs=1e-6)


def test_the_ledger_by_hand() -> None:
    # PLAIN over 21.6 months, with 0.5 a call: value 108,000, harm −4320, running −6480, uses −10,800, to build −10,000
    ledger = assessed(decision("a", {**PLAIN, "cost.priced": "per_call", "cost.call_price": 0.5})).ledger("a")
    assert {name: part for name, part in ledger.items() if part} == pytest.approx(
        {"value": 108_000, "harm": -4320, "running": -6480, "use_cost": -10_800, "one_off": -10_000}
    )


def test_do_nothing_is_always_there_and_pays_nothing() -> None:
    for key in keys():
        found = assess(example(key), on=ON, size=64)
        nothing = found.options[DO_NOTHING]
        if key == "safety-rule":  # unless a law is missed by it
            assert np.all(np.asarray(nothing.payoff) < 0)
            continue
        assert not np.any(nothing.payoff)
        assert nothing.meets_all_probability is None
        assert {finding.status for finding in nothing.findings.values()} == {"not_applicable"}
        assert not any(found.ledger(DO_NOTHING).values())


def test_the_recommended_option_has_the_highest_mean() -> None:
    found = assessed(decision("a b c", {**PLAIN, "value_stream.effect": own(a=0.1, b=0.3, c=0.2)}))
    assert found.recommended == "b"
    assert max(found.options.values(), key=lambda each: each.summary.mean).key == "b"
    bad = assessed(decision("a b", {**PLAIN, "value_stream.effect": own(a=-0.1, b=0.001)}))
    assert bad.recommended == DO_NOTHING


def test_where_nothing_is_known_nothing_is_recommended() -> None:
    found = assessed(decision("a", {}))
    assert found.recommended == DO_NOTHING
    assert found.provisional
    assert float(np.mean(found.options["a"].payoff)) == 0
    assert "value_stream.uses" in found.missing
    assert "cost.priced" in found.missing
    assert "lead_time.depends" in found.missing
    statuses_found = {key: finding.status for key, finding in found.options["a"].findings.items()}
    assert statuses_found.pop("deadline") == "not_applicable"  # no date until somebody names one
    assert set(statuses_found.values()) == {"unknown"}


def test_unknown_answers_of_one_option_leave_the_other_known() -> None:
    found = assessed(decision("a b", {**PLAIN, "value_stream.effect": own(a=0.1, b=None)}))
    assert found.options["a"].without == ()
    assert found.options["b"].without == ("value_stream.effect",)
    assert found.missing == ("value_stream.effect",)
    assert statuses(found)["a"]["value_stream"] == "meets"
    assert statuses(found)["b"]["value_stream"] == "unknown"
    assert found.options["a"].summary.mean == pytest.approx(87_200)


# Phases


def test_an_option_made_of_two_others_by_hand() -> None:
    # a service for 100 a month at once, 50 to begin with; an own model for 300 a month after a year, 1000 to build.
    # twelve months of each: 1200 + 3600 − 1050 = 3750
    options = (
        Option(key="now", name="Now"),
        Option(key="own", name="Own"),
        Option(key="both", name="Both", phases=("now", "own")),
    )
    answers = {
        "value_stream.uses": 1000, "value_stream.value": 100, "value_stream.harm": 0, "value_stream.wrong": 0,
        "value_stream.effect": own(now=0.001, own=0.003), "value_stream.live": own(now=0, own=365),
        "value_stream.one_off": own(now=50, own=1000), "value_stream.running": 0, "value_stream.period": 2,
        "value_stream.discount_rate": 0, "lead_time.depends": "no", "cost.priced": own(now="flat", own="nothing"), "cost.flat_price": 10,
    }  # fmt: skip
    found = assessed(decision(options, answers))
    # the service's flat price of 10 is paid for the twelve months in which it is live
    assert found.options["both"].summary.mean == pytest.approx(3750 - 120)
    assert found.options["now"].summary.mean == pytest.approx(24 * 90 - 50)
    assert found.options["own"].summary.mean == pytest.approx(12 * 300 - 1000)
    assert found.recommended == "both"
    ledger = found.ledger("both")
    assert (ledger["value"], ledger["serving"], ledger["one_off"]) == pytest.approx((4800, -120, -1050))
    assert found.flips("both") == {}


def test_a_phase_that_fails_is_named_by_the_whole() -> None:
    options = (Option(key="x", name="X"), Option(key="y", name="Y"), Option(key="xy", name="XY", phases=("x", "y")))
    found = assessed(decision(options, {**PLAIN, "value_stream.effect": own(x=-0.1, y=0.2)}))
    finding = found.options["xy"].findings["cost"]
    assert (finding.status, finding.phase) == ("fails", "x")
    assert found.options["xy"].meets_all_probability == 0
    worth = found.options["xy"].findings["value_stream"]  # which speaks of both
    assert (worth.status, worth.phase) == ("fails", "")
    assert worth.headline.startswith("“X” does not pay even before its costs: −62k USD a year with “X”, then 118k USD")


# The day, several people, defaults


def test_the_day_decides_about_prices() -> None:
    chat = decision("a", {**CHAT, "cost.batch": "yes"})
    early, late = (assess(chat, on=on, size=64) for on in (date(2026, 10, 13), ON))
    assert statuses(early)["a"]["cost"] == "unknown"
    assert statuses(late)["a"]["cost"] == "meets"


def test_what_several_people_say_is_pooled_where_the_team_settled_on_nothing() -> None:
    said = tuple(
        PersonalEstimate(who=who, value=rng(*value)) for who, value in (("Ann", (8, 10, 12)), ("Ben", (88, 90, 92)))
    )
    pooled = assess(decision("a", {**PLAIN, "value_stream.value": Answer(estimates=said)}), on=ON, size=SOME)
    value = np.asarray(pooled.options["a"].runs[0].terms.values["value"])
    assert value.mean() == pytest.approx(50, rel=0.01)
    assert np.mean(value < 50) == pytest.approx(0.5, abs=0.001)
    assert np.mean((value > 30) & (value < 70)) < 0.002  # two people far apart leave a gap between them
    settled = assess(decision("a", {**PLAIN, "value_stream.value": Answer(value=50.0, estimates=said)}), on=ON, size=64)
    assert settled.options["a"].summary.mean == pytest.approx(87_200)


def test_a_default_that_the_team_keeps_is_unconfirmed_until_it_says_so() -> None:
    stands = Answer(state="default", value=0.1, evidence=Evidence(kind="default", source="a table"))
    document = decision("a", {**PLAIN, "value_stream.effect": stands})
    assert assessed(document).options["a"].findings["value_stream"].unconfirmed[0] == "value_stream.effect"
    confirmed = assessed(edits.confirm(document, "value_stream.effect", None))
    assert "value_stream.effect" not in confirmed.options["a"].findings["value_stream"].unconfirmed
    assert confirmed.options["a"].summary == assessed(document).options["a"].summary


# A date, through a consideration that judges doing nothing too


def test_doing_nothing_pays_for_a_missed_date_over_the_period_asked_for() -> None:
    # due on day 100: 7000 at once and 10 a day until live. The period is one year, not the three of the default.
    answers = {**PLAIN, "value_stream.period": 1, "value_stream.live": own(a=60, b=160)}
    found = assess(decision("a b", answers), on=ON, size=2, registry={**registry(), "due": DueDate()})
    payoff = {key: result.summary.mean for key, result in found.options.items()}
    assert payoff[DO_NOTHING] == pytest.approx(-7000 - 10 * 265)
    assert payoff["a"] == pytest.approx(4500 * 305 / (365 / 12) - 10_000)
    assert payoff["b"] == pytest.approx(4500 * 205 / (365 / 12) - 10_000 - 7000 - 10 * 60)
    assert found.ledger(DO_NOTHING)["date_cost"] == pytest.approx(-9650)
    assert [found.options[key].findings["due"].status for key in ("a", "b", DO_NOTHING)] == ["meets", "fails", "fails"]
    assert found.options[DO_NOTHING].meets_all_probability == 0


def test_doing_nothing_is_discounted_like_the_rest() -> None:
    answers = {**PLAIN, "value_stream.period": 1, "value_stream.discount_rate": 0.1}
    found = assess(decision("a", answers), on=ON, size=2, registry={**registry(), "due": DueDate()})
    days = 365 * (1.1 ** (-100 / 365) - 1.1**-1) / math.log(1.1)
    assert found.options[DO_NOTHING].summary.mean == pytest.approx(-7000 * 1.1 ** (-100 / 365) - 10 * days)


# Extremes


EXTREMES: dict[str, list[Any]] = {
    "value_stream.uses": [0.0, 1.0, 1e15, rng(0, 0, 10)], "value_stream.value": [0.0, 1e15], "value_stream.effect": [-1.0, 0.0, 5.0], "value_stream.wrong": [0.0, 1.0],
    "value_stream.live": [0.0, 1e5], "value_stream.period": [0.25, 20.0], "value_stream.discount_rate": [0.0, 1.0], "lead_time.depends": ["yes", "no"],
    "lead_time.gap": [0.0, 365.0], "lead_time.window": [1.0, 365.0], "lead_time.rhythm": [0.0, 366.0], "lead_time.events": [0.0, 1e6],
    "lead_time.precision": [0.0, 1.0], "lead_time.recall": [0.0, 1.0], "lead_time.people": [0.0, 1e4], "lead_time.contact_rate": [0.0, 1.0],
    "lead_time.success": [0.0, 1.0], "lead_time.persuasion": [spread(0.0, 0.0), spread(1.0, 1e6)], "lead_time.share_flagged": [0.0, 1.0],
    "cost.priced": ["hosted", "self_hosted", "per_call", "flat"], "cost.model": ["anthropic/claude-haiku-4-5", "nobody/nothing"], "cost.turns": [spread(0.0, 0.0), spread(1.0, 1e6)],
    "cost.system_tokens": [0.0, 1e6], "cost.answer_tokens": [0.0, 1e5], "cost.throughput": [0.0, 1e6], "cost.utilisation": [0.0, 1.0], "cost.gpus": [1.0, 1e3],
    "cost.call_price": [0.0, 1e6], "cost.flat_price": [0.0, 1e9],
}  # fmt: skip


@settings(max_examples=150)
@given(
    st.dictionaries(st.sampled_from(sorted(EXTREMES)), st.integers(0, 3), max_size=14),
    st.sampled_from([PLAIN, UNSURE, CHAT]),
)
def test_extreme_answers_give_numbers_and_sentences(picked: dict[str, int], base: dict[str, Any]) -> None:
    extreme = {key: EXTREMES[key][place % len(EXTREMES[key])] for key, place in picked.items()}
    found = assess(decision("a", {**base, **extreme}), on=ON, size=16)
    result = found.options["a"]
    assert np.all(np.isfinite(np.asarray(result.payoff)))
    assert math.isfinite(result.summary.mean)
    for finding in result.findings.values():
        said = " ".join((finding.words.headline, *finding.words.detail)).lower()
        assert "nan" not in said.split()
        assert "inf" not in said.split()
        assert finding.status in ("meets", "at_risk", "fails", "unknown", "not_applicable")
    for consideration in found.registry.values():
        _, rows = consideration.table(
            found.evaluations(consideration.key), lambda key, asked=consideration.key: found.view(asked, key)
        )
        assert all("nan" not in cell.split() for row in rows for cell in row)


def test_the_summary_is_that_of_the_draws() -> None:
    result = assess(decision("a", UNSURE), on=ON, size=SOME).options["a"]
    values = np.asarray(result.payoff)
    assert (result.summary.p10, result.summary.p50, result.summary.p90) == pytest.approx(
        tuple(np.quantile(values, [0.1, 0.5, 0.9])), rel=1e-12
    )
    assert result.summary.mean == pytest.approx(values.mean(), rel=1e-12)
    assert all(low <= high for low, high in pairwise((result.summary.p10, result.summary.p50, result.summary.p90)))
