"""What an inquiry adds to others that are done first, against brute force; costs that nobody said; what cannot be compared."""

from math import comb
from typing import Any

import numpy as np
import pytest
from decisions import ACTING, ON, PLAIN, decision, own, rng

from shipworthy import documents, edits
from shipworthy.assess import Assessment, assess
from shipworthy.calculators.value_of_information import expected
from shipworthy.decision import Answer, Decision, Inquiry
from shipworthy.estimate import Range
from shipworthy.examples import example
from shipworthy.inquiries import NOT_COMPARED, FindingOut, Inquired, begun, finding_out

EFFECT, COST, SHARE, RATE = "value_stream.effect", "value_stream.one_off", "lead_time.success", "lead_time.contact_rate"
TWO = {**PLAIN, EFFECT: own(a=0.1, b=rng(0.04, 0.1, 0.16)), COST: own(a=20_000, b=rng(5_000, 20_000, 40_000))}
"""b brings more or less than a, and costs more or less: nothing else is uncertain."""
ACTED = {**ACTING, SHARE: rng(0.3, 0.5, 0.7), RATE: rng(0.6, 0.8, 0.9), COST: 180_000}


def assessed(answers: dict[str, Any], *inquiries: Inquiry, size: int = 2**14) -> Assessment:
    return assess(decision("a b", answers, inquiries=inquiries), on=ON, size=size)


def found(answers: dict[str, Any], *inquiries: Inquiry) -> FindingOut:
    return finding_out(assessed(answers, *inquiries))


def way(answer: str, name: str = "", **rest: Any) -> Inquiry:
    return Inquiry(name=name or answer, answers=(answer,), **rest)


def named(asked: FindingOut, name: str) -> Inquired:
    return next(each for each in asked.asked if each.inquiry.name == name)


def payoffs(assessment: Assessment) -> np.ndarray:
    size = assessment.world.size
    return np.array([np.broadcast_to(each.payoff, (size,)) for each in assessment.options.values()])


def grouped(paid: np.ndarray, labels: np.ndarray) -> float:
    """Expected payoff of choosing when the label of the draw is known."""
    sizes = np.bincount(labels)
    return float(sum(np.max([np.bincount(labels, row) for row in paid], axis=0)) / sizes.sum())


def binned(values: np.ndarray, bins: int) -> np.ndarray:
    return np.argsort(np.argsort(values)) * bins // values.size


def after_pilot(paid: np.ndarray, rates: np.ndarray, cases: int) -> float:
    """Expected payoff of choosing after a pilot: every count, with the chance that each draw has of it."""
    counts = np.arange(cases + 1)
    ways = np.array([float(comb(cases, int(each))) for each in counts])
    chances = ways[:, None] * rates ** counts[:, None] * (1 - rates) ** (cases - counts)[:, None]
    return float((chances @ paid.T).max(axis=1).sum() / rates.size)


# ---- what is added


def test_a_call_adds_what_both_bring_less_what_the_other_brings() -> None:
    paid = payoffs(assessed(TWO))
    world = assessed(TWO).world
    effect = grouped(paid, binned(world.scores(EFFECT), 128))
    both, none = float(paid.max(axis=0).mean()), float(paid.mean(axis=1).max())
    asked = found(TWO, way(EFFECT, first=True), way(COST))
    assert named(asked, EFFECT).worth == pytest.approx(effect - none, rel=0.01)
    assert named(asked, COST).worth == pytest.approx(both - effect, rel=0.03)
    assert named(asked, COST).beside == (EFFECT,)
    assert named(asked, EFFECT).beside == ()
    # far less than by itself, where the first told nothing of it
    assert named(asked, COST).worth < 0.8 * named(found(TWO, way(COST)), COST).worth


def test_of_two_that_are_done_first_each_is_its_own_part_and_the_sum_is_told_once() -> None:
    paid, world = payoffs(assessed(TWO)), assessed(TWO).world
    both = float(paid.max(axis=0).mean())
    alone = {each: grouped(paid, binned(world.scores(each), 128)) for each in (EFFECT, COST)}
    asked = found(TWO, way(EFFECT, first=True), way(COST, first=True))
    assert named(asked, EFFECT).worth == pytest.approx(both - alone[COST], rel=0.02)
    assert named(asked, COST).worth == pytest.approx(both - alone[EFFECT], rel=0.03)
    assert asked.first is not None
    assert asked.first.worth == pytest.approx(both - paid.mean(axis=1).max(), rel=0.01)


@pytest.mark.parametrize(("days", "more"), [(0.0, 0.0), (20.0, 5.0), (20.0, 45.0)])
def test_what_is_left_adds_up_to_what_is_left_of_both(days: float, more: float) -> None:
    one, other = way(EFFECT, days=days, once=300.0, first=True), way(COST, days=more, once=70.0)
    alone = named(found(TWO, one), EFFECT).net
    added = named(found(TWO, one, other), COST).net
    both = found(TWO, one, other.model_copy(update={"first": True})).first
    assert both is not None
    assert alone + added == pytest.approx(both.net, abs=0.01 * both.worth)


def test_the_same_answer_found_out_twice_adds_nothing() -> None:
    asked = found(
        TWO,
        way(EFFECT, first=True),
        way(EFFECT, name="Again", once=50.0),
        way(EFFECT, name="Pilot", kind="measure", each=1.0),
    )
    for name in ("Again", "Pilot"):
        assert (named(asked, name).worth, named(asked, name).pays) == (0.0, False)
    assert named(asked, "Again").net == -50.0


def test_a_second_pilot_of_the_same_share_adds_what_so_many_users_more_bring() -> None:
    assessment = assessed({**ACTED, RATE: 0.8})
    paid = payoffs(assessment)
    rates = Range(0.3, 0.5, 0.7, 0.0, 1.0).from_scores(assessment.world.scores(SHARE))
    one, both = (after_pilot(paid, rates, cases) for cases in (100, 160))
    first = way(SHARE, name="First", kind="pilot", cases=100, first=True)
    asked = found({**ACTED, RATE: 0.8}, first, way(SHARE, name="More", kind="pilot", cases=60))
    assert named(asked, "First").worth == pytest.approx(one - paid.mean(axis=1).max(), rel=0.01)
    assert named(asked, "More").worth == pytest.approx(both - one, rel=0.05)
    assert both - one > 100


def test_measurements_that_stray_more_count_for_less_in_one_sample() -> None:
    exact = way(EFFECT, name="Exact", kind="measure", cases=10, strays=0.1, first=True)
    rough = way(EFFECT, name="Rough", kind="measure", cases=40, strays=0.2, first=True)
    both = found(TWO, exact, rough).first
    assert both is not None
    one = named(found(TWO, way(EFFECT, kind="measure", cases=20, strays=0.1)), EFFECT)
    assert both.worth == pytest.approx(one.worth, rel=1e-3)


@pytest.mark.parametrize("cases", [20, 200])
def test_a_pilot_beside_another_answer_is_worth_what_counting_says(cases: int) -> None:
    assessment = assessed(ACTED)
    paid = payoffs(assessment)
    rates = Range(0.3, 0.5, 0.7, 0.0, 1.0).from_scores(assessment.world.scores(SHARE))
    reach = binned(assessment.world.scores(RATE), 16)
    known = grouped(paid, reach)
    both = np.mean([after_pilot(paid[:, reach == each], rates[reach == each], cases) for each in range(16)])
    pilot = way(SHARE, name="Pilot", kind="pilot", cases=cases)
    got = named(found(ACTED, way(RATE, name="Asked", first=True), pilot), "Pilot")
    assert got.worth == pytest.approx(both - known, rel=0.04)
    assert 0 < got.worth < got.telling.limit
    curve = got.telling.curve
    assert curve is not None
    assert list(curve.worths) == sorted(curve.worths)
    assert dict(zip(curve.sizes, curve.worths, strict=True))[cases] == pytest.approx(got.worth)


def test_what_is_worth_little_alone_may_be_worth_more_beside_another() -> None:
    ways = {each.name: each for each in example("churn").inquiries}
    listening, score = (ways[name] for name in ("Listen to recorded calls", "Score last year’s customers"))
    document = edits.with_inquiries(
        example("churn"), (listening.model_copy(update={"first": True, "kind": "ask"}), score)
    )
    assessment = assess(document, on=ON)
    paid, world = payoffs(assessment), assessment.world
    success = binned(world.scores(SHARE), 24)
    pair = success * 24 + binned(world.scores("lead_time.precision"), 24)
    brute = grouped(paid, pair) - grouped(paid, success)  # from the same draws: somewhat too much
    got = named(finding_out(assessment), score.name).worth
    assert 0.6 * brute < got < 1.1 * brute
    alone = named(finding_out(assess(edits.with_inquiries(document, (score,)), on=ON)), score.name).worth
    assert got > 5 * alone


def test_what_two_pilots_both_tell_pays_once() -> None:
    """Two weeks of calls tell what listening tells: beside them it is not worth its cost."""
    document = example("churn")
    ways = tuple(each.model_copy(update={"first": each.name.startswith("Two weeks")}) for each in document.inquiries)
    asked = finding_out(assess(edits.with_inquiries(document, ways), on=ON))
    listening = named(asked, "Listen to recorded calls")
    assert listening.telling.limit < 2_500
    assert not listening.pays
    assert named(finding_out(assess(document, on=ON)), listening.inquiry.name).net > 3_000


def test_an_answer_that_changes_nothing_adds_nothing() -> None:
    answers = {**TWO, "value_stream.running": rng(200, 300, 500)}  # the same for both options
    assert (
        named(found(answers, way(EFFECT, first=True), way("value_stream.running")), "value_stream.running").worth == 0.0
    )


def test_a_pilot_with_an_open_number_has_the_number_that_pays_best_beside_the_others() -> None:
    pilot = way(SHARE, name="Pilot", kind="pilot", each=5.0)
    got = named(found(ACTED, way(RATE, name="Asked", first=True), pilot), "Pilot")
    best = got.telling.cases
    assert best
    nets = [named(found(ACTED, way(RATE, name="Asked", first=True), pilot.model_copy(update={"cases": each})), "Pilot").net
            for each in (best // 4, best * 4)]  # fmt: skip
    assert max(nets) < got.net


def test_payoffs_that_are_expected_leave_what_else_is_uncertain_out() -> None:
    z, other = np.random.default_rng(1).standard_normal((2, 2**13))
    smooth = expected([100 * z + 300 * other - 10, 0 * z], [z])
    assert smooth.shape == (2, z.size)
    assert np.all(smooth[0] == 0.0)
    assert np.sqrt(np.mean((smooth[1] - (100 * z - 10)) ** 2)) < 10
    assert expected([[5.0, 6.0], [1.0, 2.0]], []).tolist() == [[0.0, 0.0]]
    assert np.all(expected([abs(z), -abs(z)], [z]) == np.zeros((1, z.size)))  # the other is better in no draw


# ---- what it costs


def test_a_way_without_a_cost_does_not_head_the_list() -> None:
    asked = found(TWO, way(EFFECT), way(COST, once=10.0))
    assert [each.inquiry.name for each in asked.asked] == [COST, EFFECT]
    assert [(each.pays, each.open) for each in asked.asked] == [(True, False), (False, True)]
    assert named(found(TWO, way(EFFECT, free=True)), EFFECT).pays
    lost = named(found(TWO, way(EFFECT, days=600.0)), EFFECT)  # waiting alone is more than it brings
    assert (lost.pays, lost.open) == (False, False)


def test_whether_a_cost_was_said_is_kept_and_old_documents_open() -> None:
    assert [each.costed for each in (way(COST), way(COST, free=True), way(COST, once=2.0), way(COST, each=2.0))] == [
        False,
        True,
        True,
        True,
    ]
    document = decision("a b", TWO, inquiries=(way(EFFECT, free=True), way(COST, name="Old")))
    text = documents.write(document)
    assert text.count('"free"') == 1
    assert documents.read(text).inquiries == document.inquiries


def test_lines_that_are_begun_say_what_is_asked_and_no_cost() -> None:
    made = begun(assessed(TWO))
    assert {each.name for each in made} == {"Ask about Effect of a use", "Ask about One-off cost"}
    assert not any(each.costed for each in made)


def test_a_sample_that_is_not_worth_it_costs_what_the_smallest_would() -> None:
    got = named(found(ACTED, way(SHARE, kind="pilot", once=800.0, each=1e6, days=2.0)), SHARE)
    assert (got.none, got.cost, got.worth, got.pays) == (True, 1_000_800.0, 0.0, False)
    assert got.telling.curve is not None
    assert got.telling.curve.worths[-1] > 0


# ---- nothing to compare


def unknown() -> Decision:
    answers = {**TWO, "value_stream.value": Answer(state="unknown")}
    return decision("a b", answers, inquiries=(way(EFFECT, once=5.0), way("value_stream.value", name="Ask sales")))


def test_where_nothing_can_be_compared_each_way_says_why() -> None:
    assessment = assess(unknown(), on=ON)
    assert not assessment.comparable
    asked = finding_out(assessment)
    assert [each.inquiry.name for each in asked.asked] == ["Ask sales", EFFECT]
    assert asked.asked[0].unknown
    assert asked.asked[1].problem == NOT_COMPARED
