"""Deadline: plans worked by hand, what they move in the payoff and what they do not, impossible ones, and what is said."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pytest
from decisions import ON, PLAIN, own, rng
from plans import DATED, PLANNED, UNSURE, found_for, row, task

from shipworthy.assess import Assessment
from shipworthy.considerations import registry
from shipworthy.considerations.deadline_templates import TEMPLATES, template
from shipworthy.considerations.world import cell_name
from shipworthy.decision import DO_NOTHING, Answer, Option, RequirementValue
from shipworthy.errors import InputError


def live(found: Assessment, option: str = "a") -> np.ndarray:
    return np.asarray(found.options[option].runs[0].terms.get("launch", 0.0))


def chance(answers: Mapping[str, Any]) -> float:
    probability = found_for(answers).options["a"].findings["deadline"].probability
    assert probability is not None
    return probability


def paid(answers: Mapping[str, Any], option: str = "a") -> float:
    return float(np.mean(found_for(answers, size=2).options[option].payoff))


def test_a_plan_gives_launch_and_one_off_cost() -> None:
    found = found_for(PLANNED, size=2)
    # the last working day is Thursday 31 December (day 41), so it is live from day 42 on
    assert float(live(found)) == (date(2027, 1, 1) - ON).days == 42
    # 4500 a month over 730 − 42 days, less 4000
    assert paid(PLANNED) == pytest.approx(4500 * 688 / (365 / 12) - 4000)
    assert not found.provisional
    finding = found.options["a"].findings["deadline"]
    assert finding.headline == "Live by 1 January 2027 in half of the cases; there is no date to meet."


def test_the_questions_that_a_plan_answers_are_not_asked_twice() -> None:
    for planned, answers in (("yes", PLANNED), ("no", PLAIN)):
        world = found_for(answers, size=2).world
        for name in ("live", "one_off"):
            assert world.asked(world.question(f"value_stream.{name}"), "a") is (planned == "no")
        assert world.asked(world.question("deadline.plan"), "a") is (planned == "yes")


def test_what_missing_the_date_costs() -> None:
    # decisions.PLAIN pays 87,200 without a date
    assert paid(DATED) == pytest.approx(87_200 - 5000 - 13 * 100)
    found = found_for(DATED, size=2)
    finding = found.options["a"].findings["deadline"]
    assert finding.status == "fails"
    assert (
        finding.headline
        == "Never live by 19 January 2027: in half of them it takes until 1 February 2027, 13 days late."
    )
    assert found.ledger("a")["date_cost"] == pytest.approx(-6300)
    # a contract is missed by doing nothing too: once, and every day to the end of two years
    assert float(np.mean(found.options[DO_NOTHING].payoff)) == pytest.approx(-5000 - (730 - 60) * 100)
    assert found.options[DO_NOTHING].findings["deadline"].status == "fails"
    assert (
        found.options[DO_NOTHING].findings["deadline"].headline
        == "Doing nothing misses 19 January 2027 and costs 72k USD over the period."
    )


@pytest.mark.parametrize(
    ("kind", "pays"), [("law", True), ("contract", True), ("season", False), ("wish", False), ("none", False)]
)
def test_doing_nothing_misses_a_law_and_a_contract(kind: str, pays: bool) -> None:
    found = found_for({**DATED, "deadline.kind": kind}, size=2)
    assert bool(np.any(found.options[DO_NOTHING].payoff)) is pays
    assert found.options[DO_NOTHING].findings["deadline"].status == ("fails" if pays else "not_applicable")
    assert found.options["a"].findings["deadline"].status == ("not_applicable" if kind == "none" else "fails")


@pytest.mark.parametrize(
    ("days", "late", "status"),
    [(60, 0, "meets"), (60.1, 0, "fails"), (73, 13, "meets"), (73, 12.9, "fails"), (0, 0, "meets")],
)
def test_live_when_that_day_begins_is_in_time(days: float, late: float, status: str) -> None:
    answers = {**DATED, "value_stream.live": days, "deadline.in_time": RequirementValue(limit=late)}
    assert found_for(answers, size=2).options["a"].findings["deadline"].status == status


def test_each_cause_moves_what_it_should_and_nothing_else() -> None:
    def parts(answers: Mapping[str, Any]) -> dict[str, float]:
        found = found_for(answers)
        return {key: value for key, value in found.ledger("a").items() if value}

    base = parts(UNSURE)
    dearer = parts({**UNSURE, "deadline.a_day": 400})
    assert dearer["date_cost"] < base["date_cost"]
    assert {**dearer, "date_cost": 0} == {**base, "date_cost": 0}
    plan = UNSURE["deadline.plan"]
    costly = parts({**UNSURE, "deadline.plan": (*plan[:3], task("launch", rng(3, 5, 9), "model, label", "", 7000.0))})
    assert costly["one_off"] == pytest.approx(-7000)
    assert {**costly, "one_off": 0} == {**base, "one_off": 0}
    later = parts({**UNSURE, "deadline.start": "2026-12-21"})
    assert later["date_cost"] < base["date_cost"]
    assert later["value"] < base["value"]
    assert set(later) == set(base)


def test_which_way_everything_moves_the_chance() -> None:
    base = chance(UNSURE)
    assert 0.2 < base < 0.8
    plan = UNSURE["deadline.plan"]
    assert chance({**UNSURE, "deadline.date": "2027-03-01"}) > base + 0.1
    assert chance({**UNSURE, "deadline.overrun": rng(0.9, 1.4, 3)}) < base
    assert chance({**UNSURE, "deadline.ranges": "lived"}) > base
    assert chance({**UNSURE, "deadline.start": "2026-12-21"}) < base
    assert chance({**UNSURE, "deadline.days_a_week": 4}) < base
    assert chance({**UNSURE, "deadline.country": "DE"}) < base
    assert chance({**UNSURE, "deadline.freezes": (row("f", what="work", begin="2026-12-14", end="2027-01-03"),)}) < base
    assert (
        chance({**UNSURE, "deadline.freezes": (row("f", what="launch", begin="2027-01-10", end="2027-02-28"),)}) < base
    )
    assert chance({**UNSURE, "deadline.people": (row("p", who="Ann", number=2.0),)}) > base
    assert chance({**UNSURE, "deadline.people": (row("p", who="Ann", number=1.0, start="2027-01-11"),)}) < base
    risk = row("r", what="Refused", chance=0.5, delay=20.0, task="data")
    assert chance({**UNSURE, "deadline.risks": (risk,)}) < base - 0.1
    assert chance({**UNSURE, "deadline.risks": (row("r", what="Strike", chance=0.5, delay=20.0),)}) < base - 0.1
    assert chance({**UNSURE, "deadline.risks": (row("r", what="Strike", chance=0.0, delay=20.0),)}) == base
    assert chance({**UNSURE, "deadline.plan": (*plan[:2], task("label", rng(5, 8, 14)), plan[3])}) > base
    assert chance({**UNSURE, "deadline.in_time": RequirementValue(limit=20.0)}) > base


def test_risks_that_are_alike_make_the_end_less_certain_and_leave_each_task_as_it_is() -> None:
    spread = [float(np.std(live(found_for({**UNSURE, "deadline.alike": alike})))) for alike in (0, 0.45, 1)]
    assert spread == sorted(spread)
    assert spread[2] > 1.2 * spread[0]
    for alike in (0, 0.45, 1):
        only = {
            **UNSURE,
            "deadline.ranges": "lived",
            "deadline.alike": alike,
            "deadline.plan": (task("data", rng(5, 10, 20)),),
            "deadline.days_a_week": 7,
        }
        np.testing.assert_allclose(np.quantile(live(found_for(only)), (0.1, 0.5, 0.9)), (5, 10, 20), rtol=0.02)


def test_people_are_paid_for_the_days_that_tasks_take() -> None:
    answers = {
        **PLANNED,
        "deadline.plan": (task("model", 10, "", "Ann", 500.0), task("data", 4)),
        "deadline.people": (row("p", who="ann", rate=600.0),),
    }
    assert float(np.mean(found_for(answers, size=2).options["a"].runs[0].terms.get("one_off", 0.0))) == 6500


def test_the_same_task_is_the_same_in_every_draw_for_all_options() -> None:
    found = found_for({**UNSURE, "deadline.plan": own(a=UNSURE["deadline.plan"], b=UNSURE["deadline.plan"])}, "a b")
    assert np.ptp(live(found)) > 0
    assert np.array_equal(live(found, "a"), live(found, "b"))


def test_a_cell_can_be_pinned() -> None:
    found = found_for(UNSURE)
    world, first = found.world, UNSURE["deadline.plan"][0]
    from shipworthy.considerations.evaluate import run

    pinned = world.fork({(cell_name("deadline.plan", first, "days"), "a"): 200.0})
    assert float(np.min(run(pinned, "a").terms.get("launch", 0.0))) > 200


def test_a_plan_that_is_not_there_is_missing() -> None:
    found = found_for({**PLANNED, "deadline.plan": own(a=PLANNED["deadline.plan"], b=None)}, "a b", size=2)
    assert found.options["a"].findings["deadline"].missing == ()
    finding = found.options["b"].findings["deadline"]
    assert finding.missing == ("deadline.plan",)
    assert finding.headline == "Not known yet: “Tasks”. Without it we cannot say when it is live."


@pytest.mark.parametrize(
    ("key", "missing"), [("deadline.date", "deadline.date"), ("value_stream.live", "value_stream.live")]
)
def test_without_the_date_or_the_launch_nothing_is_said(key: str, missing: str) -> None:
    found = found_for({**DATED, key: Answer(state="unknown")}, size=2)
    finding = found.options["a"].findings["deadline"]
    assert finding.status == "unknown"
    assert missing in finding.missing


def test_a_date_in_the_past_is_refused_and_one_that_has_passed_since_is_said() -> None:
    deadline = registry()["deadline"]
    deadline.check("date", "2026-11-21", ON)
    for wrong in ("2026-11-20", "2025-01-01"):
        with pytest.raises(InputError, match="has passed: type a date after 20 November 2026"):
            deadline.check("date", wrong, ON)
    found = found_for({**DATED, "deadline.date": "2026-11-01"}, size=2)
    finding = found.options["a"].findings["deadline"]
    assert finding.headline == "The date, 1 November 2026, has passed; live by 1 February 2027 in half of the cases."
    assert finding.status == "fails"


def test_the_first_phase_to_be_live_meets_the_date() -> None:
    options = (
        Option(key="now", name="Now"),
        Option(key="later", name="Later"),
        Option(key="both", name="Both", phases=("now", "later")),
    )
    found = found_for({**DATED, "value_stream.live": own(now=30, later=200)}, options, size=2)
    assert {key: found.options[key].findings["deadline"].status for key in ("now", "later", "both")} == {
        "now": "meets",
        "later": "fails",
        "both": "meets",
    }
    assert found.options["both"].meets_all_probability == 1.0
    finding = found.options["both"].findings["deadline"]
    assert finding.phase == ""
    assert (
        finding.words.detail[0]
        == "In half of the cases “Now” by 20 December 2026 and “Later” by 8 June 2027; the first to be live counts for the date."
    )
    assert found.ledger("both")["date_cost"] == 0


@pytest.mark.parametrize("key", TEMPLATES)
def test_a_plan_to_start_from_is_whole_and_can_be_started_from(key: str) -> None:
    rows = template(key)
    names = {each.cells["task"] for each in rows}
    forgotten = {"security", "approve", "roll_out", "integrate"}
    assert forgotten <= {each.id for each in rows}
    for each in rows:
        before = str(each.cells.get("after", ""))
        assert not before or set(before.split("; ")) <= names
    started = found_for({**UNSURE, "deadline.plan": Answer(state="unknown"), "deadline.template": key})
    typed = found_for({**UNSURE, "deadline.plan": rows, "deadline.ranges": "lived"})
    assert started.options["a"].findings["deadline"].status == typed.options["a"].findings["deadline"].status == "fails"
    np.testing.assert_allclose(np.median(live(started)), np.median(live(typed)), rtol=0.02)
    assert "nothing is added for overruns" in " ".join(started.options["a"].findings["deadline"].words.detail)


def test_a_plan_to_start_from_that_is_not_there() -> None:
    with pytest.raises(InputError, match="There is no plan “magic” to start from: choose one of own, "):
        template("magic")


def test_what_is_said_of_a_plan() -> None:
    detail = " ".join(found_for(UNSURE).options["a"].findings["deadline"].words.detail)
    for said in (
        "“Model” in 100 %, “Data” in 100 % and “Label” in 100 % of the cases",
        "A week less of one task",
        "To be in time with 80 % confidence",
        "Classic PERT",
        "Such plans take 1.1 times",
        "Missing the date costs",
    ):
        assert said in detail
    columns, rows = registry()["deadline"].table(
        found_for(UNSURE).evaluations("deadline"), lambda key: found_for(UNSURE).view("deadline", key)
    )
    assert len(rows[0]) == len(columns) + 1
    assert rows[0][0] == "a"


def test_in_time_is_the_same_counted_in_work_and_in_days_of_the_calendar() -> None:
    freezes = (
        row("a", what="work", begin="2026-12-24", end="2026-12-31"),
        row("b", what="launch", begin="2027-01-25", end="2027-02-20"),
    )
    for changes in ({}, {"deadline.freezes": freezes}, {"deadline.country": "DE"}, {"deadline.date": "2027-01-16"}):
        result = found_for({**UNSURE, **changes}).evaluations("deadline")["a"]
        plan = result.notes["plan"]
        due = float(np.mean(result.terms["date_day"]))
        np.testing.assert_array_equal(
            np.asarray(result.figures["live"]) <= due, np.asarray(plan.work) <= plan.ready(due)
        )
