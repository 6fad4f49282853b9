"""What a sample of real answers is worth, against simulating it on 2^16 draws; and samples that tell of several answers."""

from collections import deque
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from decisions import ACTING, ON, PLAIN, decision, own, rng
from scipy.stats import betabinom

from shipworthy import _inquiry_worth as worths
from shipworthy import edits
from shipworthy._inquiry_worth import Telling, Told, sampled
from shipworthy.assess import Assessment, assess
from shipworthy.calculators.sample_information import pilot
from shipworthy.calculators.value_of_information import ranks
from shipworthy.deciding import uncertain
from shipworthy.decision import Decision, Inquiry, RangeValue
from shipworthy.estimate import Range
from shipworthy.examples import example
from shipworthy.inquiries import finding_out

Floats = npt.NDArray[np.float64]
MANY = 2**16


def payoffs(assessment: Assessment) -> Floats:
    size = assessment.world.size
    return np.array([np.broadcast_to(each.payoff, (size,)) for each in assessment.options.values()], dtype=np.float64)


def drawn(assessment: Assessment, key: str, option: str) -> Floats:
    value, question = assessment.world.value(key, option)[1], assessment.world.question(key)
    assert isinstance(value, RangeValue)
    curve = Range(value.low, value.likely, value.high, question.lower, question.upper)
    return np.asarray(curve.from_scores(assessment.world.scores(key)), dtype=np.float64)


def told_apart(paid: Floats, shown: Floats, bins: int = 128) -> float:
    """What choosing after it brings, by the means of as many draws each."""
    means = paid[:, np.argsort(shown, kind="stable")].reshape(len(paid), bins, -1).mean(axis=2)
    return float(means.max(axis=0).mean() - paid.mean(axis=1).max())


def counted(document: Decision, **made: Any) -> Telling:
    inquiry = Inquiry(name="Sample", **made)
    (found,) = finding_out(assess(edits.with_inquiries(document, (inquiry,)), on=ON)).asked
    return found.telling


@pytest.mark.parametrize(
    ("key", "answer", "option", "strays", "sizes"),
    [
        ("object-recognition", "deployment.round_trip", "", 25.0, (1, 2, 5, 20, 378)),
        ("object-recognition", "deployment.round_trip", "", 60.0, (20, 100)),
        ("sharegpt-assistant", "cost.call_price", "hosted", 0.05, (1, 3, 30)),
    ],
)
def test_measurements_against_simulating_them(key: str, answer: str, option: str, strays: float, sizes: Any) -> None:
    document = edits.with_inquiries(example(key), ())
    many = assess(document, on=ON, size=MANY)
    values, paid = drawn(many, answer, option or many.recommended), payoffs(many)
    noise = np.random.default_rng(3).standard_normal(MANY)
    knowing = told_apart(paid, values)
    for cases in sizes:
        got = counted(document, answers=(answer,), kind="measure", strays=strays, cases=cases)
        brute = told_apart(paid, values + strays / np.sqrt(cases) * noise)
        assert got.worth == pytest.approx(brute, abs=0.03 * knowing)
        assert got.limit == pytest.approx(knowing, rel=0.03)


@pytest.mark.parametrize("cases", [5, 40, 100, 306])
def test_a_pilot_against_simulating_it(cases: int) -> None:
    document = edits.with_inquiries(example("churn"), ())
    many = assess(document, on=ON, size=MANY)
    share, paid = drawn(many, "lead_time.success", many.recommended), payoffs(many)
    dice = np.random.default_rng(4)
    brute = []
    for _ in range(4):
        _, place, sizes = np.unique(dice.binomial(cases, share), return_inverse=True, return_counts=True)
        means = np.stack([np.bincount(place, row) / sizes for row in paid])
        brute.append(means.max(axis=0) @ sizes / MANY - paid.mean(axis=1).max())
    got = counted(document, answers=("lead_time.success",), kind="pilot", cases=cases)
    assert got.worth == pytest.approx(np.mean(brute), abs=0.03 * got.limit)


def test_the_number_that_pays_best_of_a_skewed_answer() -> None:
    """One option against nothing, its value 50 to 100 to 180, and cases that stray by 200."""
    answers = {
        **PLAIN, "value_stream.uses": rng(9_000, 10_000, 12_000), "value_stream.effect": rng(0.005, 0.01, 0.02),
        "value_stream.value": rng(50, 100, 180), "value_stream.running": rng(1_000, 3_000, 6_000),
        "value_stream.one_off": rng(50_000, 90_000, 150_000),
    }  # fmt: skip
    document = decision("a", answers)
    paid = payoffs(assess(document, on=ON, size=MANY))
    values = drawn(assess(document, on=ON, size=MANY), "value_stream.value", "a")
    telling = counted(document, answers=("value_stream.value",), kind="measure", strays=200.0, each=10.0)
    assert telling.cases is not None
    slope, start = np.polyfit(values, paid[0] - paid[1], 1)

    def net(cases: int) -> float:
        places = np.sort(values)[8::16]
        deviation = 200.0 / np.sqrt(cases)
        seen = np.arange(places[0] - 6 * deviation, places[-1] + 6 * deviation, deviation / 8)
        bells = np.exp(-0.5 * ((seen[:, None] - places) / deviation) ** 2) / np.sqrt(2 * np.pi)
        gains = np.maximum(bells @ (slope * places + start) / places.size, 0).sum() / 8
        return float(gains - max(slope * values.mean() + start, 0.0) - 10.0 * cases)

    sizes = range(20, 400, 20)
    exact = max(sizes, key=net)
    assert telling.cases == pytest.approx(exact, abs=30)
    assert telling.worth - 10 * telling.cases == pytest.approx(net(exact), abs=0.03 * telling.limit)
    assert net(telling.cases) == pytest.approx(net(exact), rel=0.01)


def told_of(assessment: Assessment, *answers: str) -> tuple[Told, ...]:
    found = (Told(said, known) for said, known in uncertain(assessment))
    return tuple(each for each in found if each.said.answer in answers)


def test_a_curve_goes_on_until_nearly_all_is_told() -> None:
    document = edits.with_inquiries(example("object-recognition"), ())
    telling = counted(document, answers=("deployment.round_trip",), kind="measure", strays=60.0)
    assert telling.curve is not None
    assert telling.curve.worths[-1] >= 0.98 * telling.limit
    assert list(telling.curve.worths) == sorted(telling.curve.worths)


def by_likelihood(paid: Floats, shares: list[Floats], cases: int, outcomes: int = 2**12) -> float:
    """Pilots simulated in the first draws; after each, all draws are weighed by how likely they make its counts."""
    dice, gained = np.random.default_rng(2), []
    counts = [dice.binomial(cases, share[:outcomes]) for share in shares]
    for part in np.array_split(np.arange(outcomes), outcomes // 128):
        logs = sum(
            np.outer(yes[part], np.log(share)) + np.outer(cases - yes[part], np.log1p(-share))
            for yes, share in zip(counts, shares, strict=True)
        )
        weights = np.exp(logs - logs.max(axis=1, keepdims=True))
        gained.append((weights @ paid.T) / weights.sum(axis=1, keepdims=True))
    after = np.concatenate(gained)
    return float(after.max(axis=1).mean() - after.mean(axis=0).max())


@pytest.mark.parametrize("cases", [5, 60, 300])
def test_a_pilot_that_tells_of_two_shares_against_weighing_all_draws(cases: int) -> None:
    answers = {
        **ACTING, "value_stream.one_off": own(a=120_000, b=95_000), "lead_time.success": rng(0.2, 0.5, 0.8),
        "lead_time.contact_rate": rng(0.3, 0.6, 0.9), "lead_time.gap": own(a=40, b=20),
    }  # fmt: skip
    names = ("lead_time.success", "lead_time.contact_rate")
    assessment = assess(decision("a b", answers), on=ON)
    inquiry = Inquiry(name="Pilot", answers=names, kind="pilot", cases=cases)
    steps = sampled(payoffs(assessment), assessment.world, told_of(assessment, *names), inquiry)
    telling = deque(steps, maxlen=1).pop()
    assert telling is not None
    exact = by_likelihood(payoffs(assessment), [drawn(assessment, name, "a") for name in names], cases)
    assert telling.worth == pytest.approx(exact, abs=0.03 * telling.limit)
    assert 0.05 * telling.limit < telling.worth < telling.limit
    assert telling.curve is not None
    assert list(telling.curve.worths) == sorted(telling.curve.worths)
    assert telling.curve.worths[-1] <= telling.limit


def test_what_a_sample_would_show_is_the_same_again_and_another_for_each_answer() -> None:
    z = np.random.default_rng(1).standard_normal(2**12)
    plan = pilot(1 / (1 + np.exp(-z)))
    first, again, other = (plan.shown(20, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    yes = np.floor(first)
    assert 0 <= yes.min() <= yes.max() <= 20
    assert yes.mean() == pytest.approx(20 * plan.values.mean(), rel=0.02)
    ranks(first)  # ties are broken: two in three draws would else have one of 21 counts
    assert np.array_equal(plan.shown(np.inf, np.random.default_rng(1)), plan.values)
    chances = betabinom.pmf(np.arange(21), 20, 1, 1)
    assert np.bincount(yes.astype(int), minlength=21) / yes.size == pytest.approx(chances, abs=0.06)


def test_joint_sizes_hold_the_one_that_was_asked_for() -> None:
    assert 77 in worths.places_of(20.0, 77)
    assert worths.places_of(20.0, None) == [2, 9, 36]
