"""Requirements together, correlations, and draws that stay where they are."""

import numpy as np
import pytest
from decisions import ON, PLAIN, UNSURE, decision, own, rng
from toys import Opposites

from shipworthy import edits
from shipworthy.assess import assess
from shipworthy.considerations import registry, with_dimensions
from shipworthy.decision import (
    Answer,
    Correlation,
)
from shipworthy.errors import InputError

SOME = 2**12


# Requirements together


def test_meeting_all_is_a_joint_probability() -> None:
    # of two requirements one is met exactly where the other is not: each has probability one half, both together none
    found = assess(decision("a", PLAIN), on=ON, size=SOME, registry={"opposites": Opposites()})
    finding = found.options["a"].findings["opposites"]
    assert [
        float(np.mean(np.asarray(margin) >= 0)) for margin in found.evaluations("opposites")["a"].margins.values()
    ] == [0.5, 0.5]
    assert finding.probability == 0
    assert found.options["a"].meets_all_probability == 0
    assert finding.status == "at_risk"  # each requirement by itself is met in half of the draws


@pytest.mark.parametrize(("rank", "low", "high"), [(-0.99, 0.0, 0.05), (0.0, 0.245, 0.255), (0.99, 0.45, 0.5)])
def test_correlations_change_the_joint_result(rank: float, low: float, high: float) -> None:
    # worth falls with wrong outputs, the margin falls with the price: each requirement is met in half of the draws
    answers = {
        **PLAIN, "value_stream.wrong": rng(0.1, 0.2, 0.3), "cost.priced": "per_call", "cost.call_price": rng(3, 5, 7),
        "value_stream.worth": {"limit": 12 * (5000 - 2000)}, "cost.margin": {"limit": 0},
    }  # fmt: skip
    pair = (Correlation(first="value_stream.wrong", second="cost.call_price", rank=rank),) if rank else ()
    found = assess(decision("a", answers, correlations=pair), on=ON, size=2**14)
    findings = found.options["a"].findings
    assert findings["value_stream"].probability == pytest.approx(0.5, abs=0.003)
    assert findings["cost"].probability == pytest.approx(0.5, abs=0.003)
    together = found.options["a"].meets_all_probability
    assert together is not None
    assert low <= together <= high


def test_a_positive_correlation_of_value_and_effect_raises_the_mean_and_keeps_the_margins() -> None:
    answers = {**PLAIN, "value_stream.effect": rng(0.05, 0.1, 0.2), "value_stream.value": rng(20, 50, 90)}
    means, ranks = [], []
    for rank in (-0.7, 0.0, 0.7):
        pair = (Correlation(first="value_stream.effect", second="value_stream.value", rank=rank),) if rank else ()
        found = assess(decision("a", answers, correlations=pair), on=ON, size=2**14)
        terms = found.options["a"].runs[0].terms.values
        effect, value = np.asarray(terms["effect"]), np.asarray(terms["value"])
        means.append(found.options["a"].summary.mean)
        orders = [np.argsort(np.argsort(each)) for each in (effect, value)]
        ranks.append(float(np.corrcoef(*orders)[0, 1]))
        assert (np.quantile(value, 0.1), np.quantile(value, 0.9)) == pytest.approx((20, 90), rel=0.01)
    assert means[0] < means[1] < means[2]
    assert ranks == pytest.approx([-0.7, 0.0, 0.7], abs=0.01)


def test_correlations_that_cannot_all_hold_are_refused_in_words() -> None:
    names = ("value_stream.value", "value_stream.uses", "value_stream.live")
    pairs = zip((names[0], names[0], names[1]), (names[1], names[2], names[2]), (0.9, 0.9, -0.9), strict=True)
    answers = {**PLAIN, "value_stream.value": rng(20, 50, 90)}
    wrong = decision(
        "a", answers, correlations=tuple(Correlation(first=a, second=b, rank=rank) for a, b, rank in pairs)
    )
    with pytest.raises(InputError) as told:
        assess(wrong, on=ON, size=64)
    message = str(told.value)
    assert "cannot all hold at once" in message
    assert "“Value of one effect” and “Days until live” 0." in message  # by label, with what would be possible
    assert "instead of 0.9" in message


# Draws that stay where they are


def test_adding_an_answer_moves_no_other_answers_draws() -> None:
    before = with_dimensions(decision("a", {key: value for key, value in UNSURE.items() if key != "lead_time.success"}))
    after = with_dimensions(edits.say(before, "lead_time.success", rng(0.2, 0.3, 0.4)))
    one, two = (assess(each, on=ON, size=SOME).options["a"].runs[0].terms.values for each in (before, after))
    for name in ("uses", "value", "one_off", "launch", "volume", "reach", "cost_per_use"):
        assert np.array_equal(one[name], two[name]), name
    assert not np.array_equal(one["effect"], two["effect"])


def test_adding_a_consideration_moves_no_other_answers_draws() -> None:
    document = decision("a", UNSURE)
    known = registry()
    for place in ({"opposites": Opposites(), **known}, {**known, "opposites": Opposites()}):
        more = assess(document, on=ON, size=SOME, registry=place)
        assert np.array_equal(more.options["a"].payoff, assess(document, on=ON, size=SOME).options["a"].payoff)


def test_removing_and_adding_options_moves_no_draws() -> None:
    document = decision(
        "a b", {**UNSURE, "value_stream.one_off": Answer(value=UNSURE["value_stream.one_off"], independent=True)}
    )
    first = assess(document, on=ON, size=SOME).options["b"].payoff
    changed = with_dimensions(edits.add_option(edits.remove_option(document, "a"), "New"))
    assert np.array_equal(assess(changed, on=ON, size=SOME).options["b"].payoff, first)


def test_fewer_draws_are_the_first_of_more() -> None:
    document = decision("a b", {**UNSURE, "lead_time.gap": own(a=rng(20, 40, 60), b=rng(40, 60, 90))})
    few, many = (assess(document, on=ON, size=size) for size in (2**12, 2**14))
    for key in ("a", "b"):
        assert np.array_equal(np.asarray(many.options[key].payoff)[: 2**12], few.options[key].payoff)


def test_another_seed_gives_other_draws_and_nearly_the_same_result() -> None:
    document = decision("a", UNSURE)
    one, two = (assess(document.model_copy(update={"seed": seed}), on=ON).options["a"] for seed in (7, 11))
    assert not np.array_equal(one.payoff, two.payoff)
    # closer than plain random draws would be: their error is a 128th of the standard deviation
    assert abs(one.summary.mean - two.summary.mean) < np.std(one.payoff) / 128
