"""The value stream as steps: worked by hand, joined to the ledger, what is missing, what is said, and the charts."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from decisions import ON, PLAIN, assessed, decision, own, rng
from pydantic import BaseModel

from shipworthy.assess import Assessment, assess, ledger
from shipworthy.calculators.joint import DAYS_A_MONTH
from shipworthy.calculators.wear import effect_kept
from shipworthy.considerations import registry
from shipworthy.considerations.base import Consideration, Evaluation, View, Words
from shipworthy.considerations.value_stream_figures import net_steps
from shipworthy.decision import Row


def step(key: str, share: Any, **cells: Any) -> Row:
    """A row of the steps."""
    return Row(id=key, cells={"name": key.capitalize(), "share": share, **cells})


STEPS = (step("visit", 0.6), step("article", 0.25, acts=1.0), step("cart", 0.4), step("pay", 0.9))
FUNNEL: Mapping[str, Any] = {
    **{key: value for key, value in PLAIN.items() if key != "value_stream.effect"},
    "value_stream.form": "funnel",
    "value_stream.entering": 10_000,
    "value_stream.steps": STEPS,
    "value_stream.uplift": 0.1,
    "value_stream.added_ms": 0,
    "value_stream.latency_loss": 0.02,
    "value_stream.decay": 0,
    "value_stream.retrain_every": 3,
    "value_stream.retrain_cost": 0,
}
"""All certain. Of 10,000 come 6000, 1500, 600 and 540 out at 50 each: 27,000 a month; 10 % more of them 2700. Less 200
of harm and 300 running: 2200 a month, 21.6 months, less 10,000: 37,520."""


def found(**changes: Any) -> Assessment:
    return assessed(decision("a", {**FUNNEL, **{f"value_stream.{name}": value for name, value in changes.items()}}))


def paid(assessment: Assessment) -> float:
    return float(np.mean(assessment.options["a"].payoff))


def figure(assessment: Assessment, name: str) -> float:
    return float(np.mean(assessment.evaluations("value_stream")["a"].figures[name]))


def said(assessment: Assessment) -> str:
    words = assessment.options["a"].findings["value_stream"].words
    return " ".join((words.headline, *words.detail))


def test_payoff_by_hand() -> None:
    base = found()
    assert paid(base) == pytest.approx(2200 * 21.6 - 10_000)
    assert figure(base, "worth") == pytest.approx(12 * 2500)
    assert base.options["a"].findings["value_stream"].status == "meets"
    assert not base.provisional


def test_a_delay_takes_from_the_uplift_and_from_what_is_there() -> None:
    # 200 ms at 2 %: 0.98² = 0.9604 stay; 2700 × 0.9604 = 2593.08 brought, 27,000 × 0.0396 = 1069.20 lost
    slow = found(added_ms=200)
    parts = ledger(slow.options["a"])
    assert parts["value"] == pytest.approx(2593.08 * 21.6)
    assert parts["baseline_lost"] == pytest.approx(-1069.20 * 21.6)
    assert figure(slow, "delay") == pytest.approx(12 * (2700 - 2593.08 + 1069.20))
    assert paid(slow) == pytest.approx((2593.08 - 1069.20 - 500) * 21.6 - 10_000)
    unmoved = {name: part for name, part in parts.items() if name not in ("value", "baseline_lost")}
    before = ledger(found().options["a"])
    assert unmoved == pytest.approx({name: before[name] for name in unmoved})


def test_a_long_delay_eats_the_uplift() -> None:
    eaten = found(added_ms=1000)
    finding = eaten.options["a"].findings["value_stream"]
    assert finding.status == "fails"
    assert finding.headline.startswith("The delay eats the uplift: the model would bring 32k USD a year")
    assert "The 1,000 ms that it adds cost 65k USD a year: 5.9k USD of what the model brings, 59k USD" in said(eaten)


def test_the_loss_of_a_step_takes_the_place_of_the_general_one() -> None:
    steps = (*STEPS[:2], step("cart", 0.4, loss=0.05), STEPS[3])
    slow = found(steps=steps, added_ms=100)
    assert ledger(slow.options["a"])["baseline_lost"] == pytest.approx(-27_000 * 0.05 * 21.6)


def test_points_instead_of_parts() -> None:
    # 25 % become 35 %: 40 % more of 27,000
    assert figure(found(uplift_kind="absolute"), "gross") == pytest.approx(12 * 10_800)


def test_an_uplift_over_the_simplest_rule_comes_on_top_of_it() -> None:
    # 1.05 × 1.1 = 1.155; the rule alone 5 % of 27,000 a month is 16,200 a year
    over = found(against="rule", rule=0.05)
    assert figure(over, "gross") == pytest.approx(12 * 27_000 * 0.155)
    assert "The simplest rule alone, on a page as fast as today, would bring 16k USD a year of it." in said(over)
    assert found(against="rule").missing == ("value_stream.rule",)
    points = found(against="rule", rule=0.05, uplift_kind="absolute")
    assert figure(points, "gross") == pytest.approx(12 * 27_000 * 0.6)


def test_what_is_paid_on_the_way_is_taken_off() -> None:
    # 150 more reach the cart, at 2 each: 2700 − 300
    steps = (*STEPS[:2], step("cart", 0.4, cost=2.0), STEPS[3])
    assert figure(found(steps=steps), "gross") == pytest.approx(12 * 2400)


def test_several_steps_share_the_uplift() -> None:
    # 10 % more at the article and 5 % more at the cart: 1.1 × 1.05
    steps = (*STEPS[:2], step("cart", 0.4, acts=0.5), STEPS[3])
    assert figure(found(steps=steps), "gross") == pytest.approx(12 * 27_000 * 0.155)


def test_decay_and_retraining() -> None:
    worn = found(decay=0.05, retrain_every=6, retrain_cost=600)
    kept = float(effect_kept(0.05, 6.0, 657 / DAYS_A_MONTH))
    parts = ledger(worn.options["a"])
    assert parts["value"] == pytest.approx(2700 * kept * 21.6)
    assert parts["running"] == pytest.approx(-(300 + 100) * 21.6)
    assert figure(worn, "worth") == pytest.approx(12 * (2700 * kept - 200))
    assert "trained again every 6 months" in said(worn)
    assert "never trained again" in said(found(decay=0.05, retrain_every=0))
    assert paid(found(decay=0.05, retrain_every=0)) < paid(found(decay=0.05)) < paid(found())


def test_a_broken_step_leaves_nothing() -> None:
    steps = (*STEPS[:3], step("pay", 0.9, works="no"))
    down = found(steps=steps)
    assert figure(down, "gross") == 0
    finding = down.options["a"].findings["value_stream"]
    assert finding.status == "fails"
    assert finding.headline == "It is worth nothing while “Pay” does not work: nobody comes out at the end."
    assert "The bottleneck is “Pay”" in said(down)
    assert figure(found(steps=steps, left=0.5), "gross") == pytest.approx(12 * 1350)


def test_what_is_left_when_a_later_step_breaks() -> None:
    assert "If a later step breaks, nothing of it is left: “Cart” or “Pay”." in said(found())
    assert "If “Cart” breaks, which comes later, 8.1k USD a year is left" in said(found(left=0.25))


def test_the_bottleneck_and_the_rank_of_the_models_own_step() -> None:
    assert "The bottleneck is “Article”" in said(found())
    assert "and the model works there" in said(found())
    steps = (step("visit", 0.6, acts=1.0), *(step(row.id, row.cells["share"]) for row in STEPS[1:]))
    # at the article one more in a hundred is 66 who go on, 0.36 × 50 each: 14,256 a year; at the visit 100 × 0.09 × 50: 5400
    text = said(found(steps=steps))
    assert "“Article”: one more in a hundred who goes on there is worth 14k USD a year" in text
    assert "The model works at “Visit”, where that is worth 5.4k USD: place 3 of 4." in text


def test_what_a_point_more_of_uplift_is_worth() -> None:
    assert "(11 % instead of 10 %) is worth 3.2k USD a year" in said(found())  # 270 a month


def test_a_model_used_less_than_people_come_by_is_pointed_out() -> None:
    assert "6k a month reach “Article” and the model is used only 1k times" in said(found())
    assert "reach “Article”" not in said(found(uses=6000, wrong=0))


@pytest.mark.parametrize(
    "name", ["entering", "steps", "uplift", "added_ms", "value", "uses", "running", "one_off", "live"]
)
def test_an_unknown_answer_is_named(name: str) -> None:
    answers = {key: value for key, value in FUNNEL.items() if key != f"value_stream.{name}"}
    assessment = assessed(decision("a", answers))
    finding = assessment.options["a"].findings["value_stream"]
    assert finding.status == "unknown"
    assert finding.missing == (f"value_stream.{name}",)
    assert assessment.world.question(f"value_stream.{name}").label in finding.headline
    if name in ("entering", "steps", "uplift", "value"):
        assert ledger(assessment.options["a"])["value"] == 0
        assert assessment.options["a"].findings["cost"].status == "unknown"


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ((step("visit", 0.6), step("pay", 0.9)), "none says where the model acts"),
        ((step("visit", 0.6, acts=1.0), Row(id="pay", cells={"name": "Pay"})), "goes on from “Pay” is missing"),
    ],
)
def test_steps_that_do_not_say_enough(steps: tuple[Row, ...], words: str) -> None:
    finding = found(steps=steps).options["a"].findings["value_stream"]
    assert finding.status == "unknown"
    assert finding.missing == ("value_stream.steps",)
    assert words in finding.headline


def test_defaults_are_used_and_said_to_be_defaults() -> None:
    bare = {
        key: value
        for key, value in FUNNEL.items()
        if key.partition(".")[2] not in ("latency_loss", "decay", "retrain_every", "retrain_cost")
    }
    assessment = assessed(decision("a", {**bare, "value_stream.added_ms": 100}), size=2**10)
    finding = assessment.options["a"].findings["value_stream"]
    assert not assessment.provisional
    named = {f"value_stream.{name}" for name in ("latency_loss", "decay", "retrain_every", "retrain_cost", "left")}
    assert named <= set(finding.unconfirmed)


def test_the_effect_is_not_asked_and_steps_are_not_asked_of_a_plain_use() -> None:
    for assessment, hidden, shown in (
        (found(), "effect", "steps"),
        (assessed(decision("a", PLAIN)), "steps", "effect"),
    ):
        world = assessment.world
        assert not world.asked(world.question(f"value_stream.{hidden}"), "a")
        assert world.asked(world.question(f"value_stream.{shown}"), "a")


def test_one_step_and_no_delay_is_the_simple_form() -> None:
    # 1000 uses, 10 points more: the effect of 0.1 of the simple form
    plain = assessed(decision("a", PLAIN))
    chain = found(entering=1000, steps=(step("use", 0.3, acts=1.0),), uplift=0.1, uplift_kind="absolute", decay=0)
    assert paid(chain) == pytest.approx(paid(plain))
    assert figure(chain, "worth") == pytest.approx(figure(plain, "worth"))


def test_acting_in_time_keeps_volume_and_effect() -> None:
    late = {**FUNNEL, "lead_time.depends": "yes"}
    assessment = assessed(decision("a", late))
    assert assessment.options["a"].runs[0].terms.owners["effect"] == "lead_time"
    assert "value_stream.steps" not in assessment.options["a"].findings["value_stream"].missing


class Answers(Consideration):
    """A consideration that knows how long an answer takes, as the deployment target does."""

    key, order, name, title, lead = "answers", 200, "Answers", "How fast?", ""
    Questions = BaseModel

    def evaluate(self, view: View) -> Evaluation:
        return Evaluation(terms={"added_ms": 200.0})

    def words(self, view: View, evaluation: Evaluation) -> Words:
        return Words("Fast.")


def test_another_consideration_may_supply_the_delay() -> None:
    document = decision("a", FUNNEL)
    considerations = dict(sorted({**registry(), "answers": Answers()}.items(), key=lambda item: item[1].order))
    kept: dict[Any, Any] = {}
    for _ in range(2):  # the second time from what was kept
        supplied = assess(document, on=ON, size=2, registry=considerations, kept=kept)
        assert paid(supplied) == pytest.approx(paid(found(added_ms=200)))
        assert figure(supplied, "worth") == pytest.approx(figure(found(added_ms=200), "worth"))


UNSURE: Mapping[str, Any] = {
    **FUNNEL,
    "value_stream.steps": (
        step("visit", rng(0.5, 0.6, 0.7)), step("article", rng(0.2, 0.25, 0.3), acts=1.0),
        step("cart", rng(0.35, 0.4, 0.45), cost=rng(0.5, 1, 2)), step("pay", 0.9, owner="Shop"),
    ),
    "value_stream.uplift": own(a=rng(0.05, 0.1, 0.2), b=rng(0.02, 0.04, 0.06)),
    "value_stream.added_ms": own(a=rng(100, 300, 600), b=0),
    "value_stream.decay": rng(0.01, 0.03, 0.06),
    "value_stream.retrain_cost": rng(100, 200, 400),
    "value_stream.live": rng(30, 73, 120),
    "cost.priced": "per_call",
    "cost.call_price": 0.02,
}  # fmt: skip


def test_the_waterfall_ends_at_what_the_joint_model_earns_a_month() -> None:
    assessment = assessed(decision("a b", UNSURE), size=2**10)
    for option in ("a", "b"):
        run = assessment.options[option].runs[0]
        gross, bars = net_steps(run.evaluations["value_stream"])
        assert bars[-1][2] == pytest.approx(12 * float(np.mean(run.phase().monthly)), rel=1e-9)
        assert gross > 0


def test_the_charts_say_what_the_numbers_are() -> None:
    assessment = assessed(decision("a b", UNSURE), size=2**10)
    consideration, usable = assessment.registry["value_stream"], assessment.evaluations("value_stream")
    funnel, waterfall = consideration.figures(assessment.view("value_stream", "a"), usable)
    today, now = funnel.plotly["data"]
    assert [row[0] for row in funnel.rows] == ["Visit", "Article", "Cart", "Pay", "Come out at the end"]
    assert today["x"][0] == now["x"][0] == 10_000
    assert all(b <= a for a, b in zip(today["x"], today["x"][1:], strict=False))
    trace = waterfall.plotly["data"][0]
    assert trace["measure"] == ["absolute", *["relative"] * (len(trace["x"]) - 2), "total"]
    assert sum(trace["x"][:-1]) == pytest.approx(trace["x"][-1])
    told = [note["text"] for note in waterfall.plotly["layout"]["annotations"] if note["yref"] == "y"]
    assert told == [part for row in waterfall.rows for part in (row[0], row[1].removesuffix(" USD"))]
    # each step's amounts are told beside its name, and what the model changes
    beside = [note["text"] for note in funnel.plotly["layout"]["annotations"] if note["yref"] == "y"][1::2]
    assert beside[0] == "10k"
    assert all("→" in text and "%)" in text for text in beside[2:])


def test_a_plain_use_has_no_charts_of_steps() -> None:
    assessment = assessed(decision("a", PLAIN))
    usable = assessment.evaluations("value_stream")
    assert not list(assessment.registry["value_stream"].figures(assessment.view("value_stream", "a"), usable))


@pytest.mark.parametrize(
    "changes",
    [
        {"entering": 0}, {"value": 0}, {"uplift": 0}, {"uplift": -0.5}, {"added_ms": 5000}, {"latency_loss": 1, "added_ms": 100},
        {"decay": 1}, {"uses": 0}, {"live": 2000}, {"steps": (step("only", 0.0, acts=1.0),)}, {"steps": (step("only", 1.0, acts=1.0),)},
        {"steps": (step("x", 0.5, acts=1.0), step("x2", 0.5, works="no"))}, {"left": 1}, {"retrain_every": 0},
    ],
    ids=str,
)  # fmt: skip
def test_it_stands_at_the_ends_of_what_can_be_answered(changes: dict[str, Any]) -> None:
    assessment = found(**changes)
    assert np.isfinite(paid(assessment))
    text = said(assessment)
    assert "nan" not in text
    assert "None" not in text
    usable = assessment.evaluations("value_stream")
    for chart in assessment.registry["value_stream"].figures(assessment.view("value_stream", "a"), usable):
        for trace in chart.plotly["data"]:
            assert np.all(np.isfinite(trace["x"]))
            assert len(trace["x"]) == len(trace["y"])
        assert all(cell for row in chart.rows for cell in row)


def test_draws_of_a_row_go_with_the_row() -> None:
    one = assessed(decision("a b", UNSURE), size=2**8)
    rows = UNSURE["value_stream.steps"]
    again = {**UNSURE, "value_stream.steps": (rows[1], rows[0], *rows[2:])}
    turned = assessed(decision("a b", again, dimensions=one.decision.dimensions), size=2**8)
    shares = {
        each: dict(zip(stream.names, stream.chain.shares, strict=True))
        for each, found in (("one", one), ("turned", turned))
        for stream in [found.evaluations("value_stream")["a"].notes["stream"]]
    }
    np.testing.assert_array_equal(shares["one"]["Visit"], shares["turned"]["Visit"])


def test_a_step_that_nobody_goes_on_from_is_named() -> None:
    dead = (*STEPS[:2], step("cart", 0.0), STEPS[3])
    for rows, name in ((dead, "Cart"), ((*STEPS[:1], step("article", 0.0, acts=1.0), *STEPS[2:]), "Article")):
        text = said(found(steps=rows))
        assert text.startswith(f"It is worth nothing while nobody goes on from “{name}”: nobody comes out at the end.")
        assert "Wrong outputs cost 2.4k USD a year, and it brings nothing." in text
        assert "100 % of what it brings" not in text
    # a model that adds points opens its own step
    opened = found(steps=(*STEPS[:1], step("article", 0.0, acts=1.0), *STEPS[2:]), uplift_kind="absolute")
    assert "nobody" not in said(opened)


def test_two_steps_of_one_name_are_told_apart_by_their_place() -> None:
    rows = (
        STEPS[0],
        step("article", 0.25, acts=1.0),
        Row(id="again", cells={"name": "Article", "share": 0.4}),
        STEPS[3],
    )
    text = said(found(steps=rows))
    assert "The model works at “Article (step 2)”" in text or "“Article (step 2)”: one more" in text
    assert "“Article”" not in text
    assert "(step" not in said(found())  # a name that is there once stays as it is
