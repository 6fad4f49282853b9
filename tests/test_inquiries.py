"""Finding out first: worth, cost and waiting against brute force, closed forms and hand-worked sums."""

from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from decisions import ACTING, ON, PLAIN, decision, edited, own, rng, spread

from shipworthy import edits
from shipworthy.assess import Assessment, assess
from shipworthy.calculators.value_of_information import evppi_together
from shipworthy.decision import Answer, Decision, Inquiry, Row
from shipworthy.errors import InputError
from shipworthy.estimate import Range
from shipworthy.examples import example, keys
from shipworthy.inquiries import FindingOut, Inquired, begun, finding_out, step_by_step

EFFECT = "value_stream.effect"
UNSURE = {**PLAIN, EFFECT: own(a=0.1, b=rng(0.04, 0.1, 0.16))}
"""A brings 0.1 for certain, b as much or more or less: knowing b's effect is knowing everything."""


def asked(answers: dict[str, Any], *inquiries: Inquiry, size: int = 2**14) -> Assessment:
    return assess(decision("a b", answers, inquiries=inquiries), on=ON, size=size)


def found(answers: dict[str, Any], *inquiries: Inquiry) -> FindingOut:
    return finding_out(asked(answers, *inquiries))


def inquiry(*answers: str, name: str = "Call", **rest: Any) -> Inquiry:
    return Inquiry(name=name, answers=answers or (EFFECT,), **rest)


def one(answers: dict[str, Any], made: Inquiry, *others: Inquiry) -> Inquired:
    return next(each for each in found(answers, made, *others).asked if each.inquiry.name == made.name)


def payoffs(assessment: Assessment) -> np.ndarray:
    size = assessment.world.size
    return np.array([np.broadcast_to(each.payoff, (size,)) for each in assessment.options.values()])


def test_net_is_choosing_after_it_less_its_cost_less_choosing_now_by_brute_force() -> None:
    call = inquiry(days=30.0, once=500.0, each=9.0)
    now = payoffs(asked(UNSURE))
    later = payoffs(asked(UNSURE, inquiry(days=30.0, first=True)))
    # b's effect is all that is uncertain: after the call every draw is known
    after, best_now = float(later.max(axis=0).mean()), float(now.mean(axis=1).max())
    best_later = float(later.mean(axis=1).max())
    got = one(UNSURE, call)
    assert got.net == pytest.approx(after - 500 - best_now, rel=0.01)
    assert got.worth == pytest.approx(after - best_later, rel=0.003)
    assert got.cost == 500.0  # nothing is paid for cases where there are none
    assert got.waiting == pytest.approx(best_now - best_later, rel=1e-12)


def test_what_waiting_costs_by_hand() -> None:
    # 5000 − 200 − 300 = 4500 a month for certain, undiscounted: ten days less of it
    sure = one({**UNSURE, EFFECT: own(a=0.1, b=rng(0.01, 0.02, 0.03))}, inquiry(days=10.0))
    assert sure.waiting == pytest.approx(4500 * 10 / (365 / 12))
    assert sure.worth == 0.0
    assert not sure.pays
    assert sure.net == pytest.approx(-sure.waiting)
    # where doing nothing leads, nobody waits for anything
    idle = one({**UNSURE, EFFECT: own(a=0.0, b=rng(-0.1, 0.0, 0.1))}, inquiry(days=10.0))
    assert idle.waiting == 0.0


def test_a_day_more_and_a_cost_more_leave_less_and_a_case_more_tells_more() -> None:
    nets = [one(UNSURE, inquiry(days=days, once=once)).net for days, once in ((0.0, 0.0), (10.0, 0.0), (10.0, 100.0))]
    assert nets == sorted(nets, reverse=True)
    assert nets[1] - nets[2] == pytest.approx(100)
    worths = [one(UNSURE, inquiry(kind="measure", cases=cases, strays=0.1)).worth for cases in (1, 10, 100, 1000)]
    assert worths == sorted(worths)
    assert 0 < worths[0] < worths[-1] < one(UNSURE, inquiry()).worth * 1.0001


def test_inquiries_go_on_side_by_side() -> None:
    # 30 days are waited for anyway, so a call of 20 of them delays nothing, and one of 40 delays by ten
    other = inquiry("value_stream.value", name="Other", days=30.0, first=True)
    answers = {**UNSURE, "value_stream.value": rng(40, 50, 60)}
    alone = one(answers, inquiry(days=10.0)).waiting
    assert one(answers, inquiry(days=20.0), other).waiting == 0.0
    assert one(answers, inquiry(days=40.0), other).waiting == pytest.approx(alone, rel=0.02)
    # the one that is done first is held against choosing without it
    itself = one(answers, inquiry(days=10.0, first=True))
    assert (itself.waiting, itself.net) == (pytest.approx(alone), pytest.approx(one(answers, inquiry(days=10.0)).net))


@pytest.mark.parametrize("key", keys())
def test_the_delayed_payoffs_are_those_of_a_document_with_the_delay(key: str) -> None:
    document = example(key)
    plain, later = (
        float(payoffs(assess(edits.with_inquiries(document, each), on=ON)).mean(axis=1).max())
        for each in ((), (inquiry(days=21.0, first=True),))
    )
    worth = _top(document)
    assessment = assess(edits.with_inquiries(document, (inquiry(worth, days=21.0),)), on=ON)
    (got,) = finding_out(assessment).asked
    assert got.waiting == pytest.approx(plain - later, rel=1e-9, abs=1e-6)


def _top(document: Decision) -> str:
    return finding_out(assess(edits.with_inquiries(document, ()), on=ON)).uncovered[0].answer


def test_measurements_of_a_normal_answer_are_worth_the_closed_form() -> None:
    # b less a is linear in the effect: its normal loss at the score that n measurements leave, E max(0, ρ s z) = ρ s φ(0)
    z90 = NormalDist().inv_cdf(0.9)
    sd = 0.06 / z90
    answers = {**UNSURE, EFFECT: own(a=0.1, b=rng(0.04, 0.1, 0.16))}
    drawn = Range(0.04, 0.1, 0.16).from_scores(np.linspace(-3, 3, 7))
    assert drawn == pytest.approx(0.1 + sd * np.linspace(-3, 3, 7), abs=1e-9)  # symmetric and unbounded: a normal
    per_effect = 1000 * 50 * (730 - 73) / (365 / 12)
    for cases in (4, 25):
        got = one(answers, inquiry(kind="measure", cases=cases, strays=5 * sd))
        rho = (cases / (cases + 25)) ** 0.5
        assert got.worth == pytest.approx(rho * sd * per_effect * NormalDist().pdf(0.0), rel=0.01)


def test_a_pilot_of_a_share_is_worth_what_simulating_it_says() -> None:
    document = decision("a b", {**ACTING, "lead_time.success": rng(0.3, 0.5, 0.7), "value_stream.one_off": 180_000})
    share = "lead_time.success"
    many = edits.with_inquiries(document, (inquiry(share, kind="pilot", cases=60),))
    (got,) = finding_out(assess(many, on=ON)).asked
    assessment = assess(document, on=ON)
    rates = Range(0.3, 0.5, 0.7, 0.0, 1.0).from_scores(assessment.world.scores(share))
    yes = np.random.default_rng(3).binomial(60, rates)
    paid = payoffs(assessment)
    means = np.array([[row[yes == count].mean() for row in paid] for count in np.unique(yes)])
    parts = np.array([(yes == count).mean() for count in np.unique(yes)])
    brute = float((means.max(axis=1) * parts).sum() - paid.mean(axis=1).max())
    assert got.worth == pytest.approx(brute, rel=0.06)  # groups of draws: some noise of their own
    assert 0 < got.worth < got.telling.limit


def test_the_number_of_cases_that_pays_best() -> None:
    curve = one(UNSURE, inquiry(kind="measure", strays=0.3, each=2.0, once=100.0))
    best = curve.telling.cases
    assert best is not None
    nets = {
        cases: one(UNSURE, inquiry(kind="measure", strays=0.3, each=2.0, once=100.0, cases=cases)).net
        for cases in (best // 3, best - 20, best, best + 20, best * 3)
    }
    assert max(nets.values()) == pytest.approx(curve.net, rel=1e-4)
    assert nets[best // 3] < nets[best] > nets[best * 3]
    assert curve.cost == pytest.approx(100 + 2 * best)
    # where cases cost nothing, as many as tell nearly all; where they cost too much, none
    free = one(UNSURE, inquiry(kind="measure", strays=0.3))
    assert 0.94 < free.worth / free.telling.limit < 1.0
    dear = one(UNSURE, inquiry(kind="measure", strays=0.3, each=1e6))
    assert (dear.telling.cases, dear.worth, dear.cost, dear.pays) == (0, 0.0, 1e6, False)  # one case at least


def test_the_curve_rises_and_holds_the_number_that_was_asked_for() -> None:
    curve = one(UNSURE, inquiry(kind="measure", strays=0.3, cases=77, each=3.0, once=10.0)).telling.curve
    assert curve is not None
    assert 77 in curve.sizes
    assert list(curve.worths) == sorted(curve.worths)
    assert curve.costs[0] == pytest.approx(10 + 3 * curve.sizes[0])
    assert 8 <= len(curve.sizes) <= 14


def test_what_cases_stray_by_is_taken_from_a_spread_or_told() -> None:
    plain = one(UNSURE, inquiry(kind="measure", cases=10))
    assert [(each.strays, each.unit) for each in plain.telling.assumed] == [(0.1, "effects a use")]
    said = one(UNSURE, inquiry(kind="measure", cases=10, strays=0.1))
    assert (said.worth, said.telling.assumed) == (pytest.approx(plain.worth), ())
    exact = one(UNSURE, inquiry(kind="measure", cases=1, strays=0.0))
    assert exact.worth == pytest.approx(exact.telling.limit, rel=1e-3)
    answers = {
        **ACTING, "lead_time.gap": own(a=20, b=40), "lead_time.precision": own(a=0.3, b=0.25),
        "lead_time.persuasion": spread(rng(10, 25, 50), rng(40, 60, 90)),
    }  # fmt: skip
    spreads = [one(answers, inquiry("lead_time.persuasion", kind="measure", cases=cases)) for cases in (1, 10, 300)]
    assert all(not each.problem and not each.telling.assumed for each in spreads)
    assert spreads[0].worth < spreads[1].worth < spreads[2].worth <= spreads[2].telling.limit


@pytest.mark.parametrize("cases", [3, 10, 50])
def test_cases_of_a_spread_are_worth_what_simulating_them_says(cases: int) -> None:
    answers = {
        **ACTING, "lead_time.gap": own(a=20, b=40), "lead_time.precision": own(a=0.3, b=0.25),
        "lead_time.persuasion": spread(rng(10, 25, 50), rng(40, 60, 90)), "value_stream.one_off": own(a=30_000, b=60_000),
    }  # fmt: skip
    persuasion = "lead_time.persuasion"
    got = one(answers, inquiry(persuasion, kind="measure", cases=cases))
    assessment = asked(answers)
    score = assessment.world.scores(persuasion)
    typical, rare = (Range(*each, 0.0).from_scores(score) for each in ((10, 25, 50), (40, 60, 90)))
    mu, sigma = np.log(typical), np.log(np.maximum(rare, typical) / typical) / NormalDist().inv_cdf(0.95)
    logs = mu[:, None] + sigma[:, None] * np.random.default_rng(5).standard_normal((score.size, cases))
    brute = evppi_together(payoffs(assessment), [logs.mean(axis=1), np.log(logs.std(axis=1))])
    assert got.worth == pytest.approx(brute.value, rel=0.03)
    assert brute.value > 5_000


def test_several_answers_are_worth_more_than_each_and_a_pilot_shows_them_together() -> None:
    answers = {
        **ACTING,
        "value_stream.one_off": 180_000,
        "lead_time.success": rng(0.3, 0.5, 0.7),
        "lead_time.contact_rate": rng(0.6, 0.8, 0.9),
    }
    names = ("lead_time.success", "lead_time.contact_rate")
    alone = [one(answers, inquiry(each)).worth for each in names]
    both = one(answers, inquiry(*names))
    assert set(both.labels) == {"Contact rate", "Success of an intervention"}
    assert max(alone) < both.worth
    small, large = (one(answers, inquiry(*names, kind="pilot", cases=cases)) for cases in (10, 2000))
    assert 0 < small.worth < large.worth <= both.worth * 1.0001
    assert large.worth == pytest.approx(both.worth, rel=0.1)


def test_a_whole_list_and_a_chance_can_be_asked_for() -> None:
    plan = (Row(id="t1", cells={"task": "Build", "days": rng(10, 60, 400)}),)
    certain = (Row(id="t2", cells={"task": "Buy", "days": 100.0}),)
    answers = {
        **PLAIN, "deadline.planned": "yes", "deadline.plan": own(a=plan, b=certain), "deadline.ranges": "lived",
        "deadline.alike": 0.0, "deadline.kind": "none",
    }  # fmt: skip
    whole, cell = (one(answers, inquiry(each)) for each in ("deadline.plan", "deadline.plan#t1.days"))
    assert whole.worth == cell.worth > 0
    assert whole.labels == ("Build: Takes",)
    loan = edits.with_inquiries(
        example("loan-decisions"), (inquiry("explainability.stands", "explainability.stands_arguable", name="Opinion"),)
    )
    (opinion,) = finding_out(assess(loan, on=ON)).asked
    assert opinion.worth > 200_000


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (inquiry(kind="pilot"), "“Effect of a use” is no share of users: a pilot does not show it. Choose measurements instead."),
        (inquiry("value_stream.value"), "“Value of one effect” is not uncertain, or no option hangs on it: there is nothing to find out."),
        (inquiry("deadline.plan#gone.days"), "is not asked any more: name another answer."),
        (inquiry("value_stream.gone"), "“value_stream.gone” is not asked any more: name another answer."),
    ],
)  # fmt: skip
def test_an_inquiry_that_does_not_fit_says_why(made: Inquiry, says: str) -> None:
    got = one(UNSURE, made)
    assert got.problem.endswith(says)
    assert (got.worth, got.pays) == (0.0, False)


def test_a_chance_is_shown_by_no_number_of_cases() -> None:
    document = edits.with_inquiries(
        example("loan-decisions"), (inquiry("explainability.stands", kind="pilot"), inquiry("explainability.stands", kind="measure", name="M"))
    )  # fmt: skip
    for got in finding_out(assess(document, on=ON)).asked:
        assert "comes or it does not, once: no number of cases shows it." in got.problem


def test_what_is_only_partly_uncertain_is_counted_without_the_rest() -> None:
    got = one(UNSURE, inquiry(EFFECT, "value_stream.value"))
    assert got.worth == pytest.approx(one(UNSURE, inquiry()).worth)
    assert got.left_out.startswith("“Value of one effect” is not uncertain")


def test_what_is_not_known_at_all_heads_the_list_without_a_figure() -> None:
    answers = {**UNSURE, "value_stream.running": Answer(state="unknown")}
    got = found(answers, inquiry(), inquiry("value_stream.running", name="Ask finance"))
    assert [each.inquiry.name for each in got.asked] == ["Ask finance", "Call"]
    assert got.asked[0].unknown
    assert "is not known at all yet" in got.asked[0].problem
    assert got.unknown == ("Running cost",)


def test_the_best_is_first_and_what_no_inquiry_tells_of_is_left() -> None:
    answers = {**UNSURE, "value_stream.one_off": own(a=10_000, b=rng(5_000, 10_000, 30_000))}
    got = found(answers, inquiry(name="Dear", once=1e6), inquiry(name="Cheap", once=10.0))
    assert [each.inquiry.name for each in got.asked] == ["Cheap", "Dear"]
    assert [each.pays for each in got.asked] == [True, False]
    assert [each.answer for each in got.uncovered] == ["value_stream.one_off"]
    assert found(UNSURE, inquiry()).uncovered == ()


def test_done_first_together_counts_what_both_tell_once() -> None:
    answers = {**UNSURE, "value_stream.one_off": own(a=10_000, b=rng(5_000, 10_000, 30_000))}
    twice = found(
        answers, inquiry(days=5.0, once=10.0, first=True), inquiry(name="Again", days=20.0, once=7.0, first=True)
    )
    assert twice.first is not None
    assert (twice.first.days, twice.first.cost) == (20.0, 17.0)
    assert twice.first.worth == pytest.approx(found(answers, inquiry(days=20.0)).asked[0].worth, rel=1e-6)
    assert [each.worth for each in twice.asked] == [0.0, 0.0]  # either tells what the other tells
    assert twice.first.net == pytest.approx(twice.first.worth - 17 - twice.first.waiting)
    both = found(answers, inquiry(first=True), inquiry("value_stream.one_off", name="Quote", first=True)).first
    assert both is not None
    assert both.worth > max(
        each.worth for each in found(answers, inquiry(), inquiry("value_stream.one_off", name="Q")).asked
    )
    assert found(answers, inquiry(first=True), inquiry(name="Again")).first is None


def test_lines_are_begun_for_what_is_worth_most_and_not_covered_yet() -> None:
    answers = {**UNSURE, "value_stream.one_off": own(a=10_000, b=rng(5_000, 10_000, 30_000))}
    made = begun(asked(answers))
    assert {each.answers for each in made} == {(EFFECT,), ("value_stream.one_off",)}
    assert [each.name for each in begun(asked(answers, inquiry()))] == ["Call", "Ask about One-off cost"]
    with pytest.raises(InputError, match="No answer that is worth knowing is without a way"):
        begun(asked(UNSURE, inquiry()))


def test_step_by_step_ends_with_the_whole_and_few_draws_say_nothing() -> None:
    steps = list(step_by_step(asked(UNSURE, inquiry(), inquiry(name="Other", kind="measure"))))
    assert not steps[0].whole
    assert not steps[0].asked[0].counted
    assert steps[-1].whole
    assert all(each.counted for each in steps[-1].asked)
    few = finding_out(asked(UNSURE, inquiry(), size=64))
    assert few.asked[0].worth == 0.0


def test_an_own_draw_for_each_option_is_told_of_by_one_inquiry() -> None:
    independent = Answer(differs=True, independent=True, by_option={"a": rng(0.05, 0.1, 0.2), "b": rng(0.05, 0.1, 0.2)})
    document = decision("a b", {**PLAIN, EFFECT: independent})
    assessment = assess(edits.with_inquiries(document, (inquiry(),)), on=ON)
    (got,) = finding_out(assessment).asked
    paid = payoffs(assessment)
    assert got.worth == pytest.approx(float(paid.max(axis=0).mean() - paid.mean(axis=1).max()), rel=0.02)


def test_the_document_itself_is_left_alone() -> None:
    document = decision("a b", UNSURE, inquiries=(inquiry(days=9.0), inquiry(name="Other", days=3.0, first=True)))
    kept: dict[Any, Any] = {}
    assessment = assess(document, on=ON, kept=kept)
    before = (kept["last"], assessment.recommended, payoffs(assessment).tolist())
    finding_out(assessment)
    assert kept["last"] is before[0]
    again = assess(edited(document, ("value_stream.value", 51.0, None)), on=ON, kept=kept)
    fresh = assess(again.decision, on=ON)
    assert payoffs(again) == pytest.approx(payoffs(fresh), rel=1e-12)
