"""What the deadline says of people, dates, costs and textbooks beside the chance of being in time."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from decisions import ON, PLAIN, rng
from plans import DATED, PLANNED, UNSURE, found_for, row, task

from shipworthy import report
from shipworthy.considerations import registry
from shipworthy.decision import DO_NOTHING
from shipworthy.errors import InputError
from shipworthy.record.findings import chapter

ANN = (task("one", 10, "", "Ann"), task("two", 10, "", "ann"), task("end", 5, "one, two"))


def detail(answers: Mapping[str, Any], size: int = 2) -> str:
    return " ".join(found_for(answers, size=size).options["a"].findings["deadline"].words.detail)


def work(*people: Any, plan: Any = ANN) -> float:
    found = found_for({**PLANNED, "deadline.plan": plan, "deadline.people": people}, size=2)
    return float(np.mean(found.evaluations("deadline")["a"].notes["plan"].work))


def cost(*people: Any) -> float:
    found = found_for({**PLANNED, "deadline.plan": ANN, "deadline.people": people}, size=2)
    return float(np.mean(found.options["a"].runs[0].terms.get("one_off", 0.0)))


# ---- people


def test_whoever_is_hired_later_holds_nobody_up_and_costs_are_averaged_by_head() -> None:
    ann = row("p", who="Ann", number=1.0, rate=600.0)
    late = row("q", who="ann", number=1.0, rate=400.0, start="2027-06-01")
    soon = row("q", who="ANN", number=3.0, rate=400.0, start="2026-11-27")  # after five working days
    assert work(ann) == 25.0
    assert work(ann, late) == work(late, ann) == 25.0
    assert work(ann, soon) == work(soon, ann) == 20.0
    assert work(late) > 130.0
    assert cost(ann) == 20 * 600
    assert cost(ann, late) == cost(late, ann) == 20 * 500
    assert cost(ann, soon) == 20 * 450
    assert cost(ann, row("q", who="Ann", number=1.0)) == 20 * 600  # of those whose cost is known


@pytest.mark.parametrize(
    ("number", "days", "said"),
    [
        (0.5, 45.0, "0.5 of “Ann”: a task takes 2 times as long as for somebody who works on it all of the time."),
        (1.0, 25.0, ""),
        (1.5, 25.0, "1.5 of “Ann” are counted as one who works all of the time and one who works 50 % of it: a task goes to whoever"),
        (2.0, 15.0, ""),
        (2.5, 15.0, "2.5 of “Ann” are counted as 2 who work all of the time and one who works 50 % of it"),
    ],
)  # fmt: skip
def test_people_who_work_a_part_of_their_time(number: float, days: float, said: str) -> None:
    ann = row("p", who="Ann", number=number)
    assert work(ann) == days
    told = detail({**PLANNED, "deadline.plan": ANN, "deadline.people": (ann,)})
    assert said in told
    assert bool(said) is ("of “Ann”" in told)
    assert cost(row("p", who="Ann", number=number, rate=600.0)) == 20 * 600  # the work is the same


# ---- no date


def test_a_plan_without_a_date_promises_nothing_and_says_when_it_is_live() -> None:
    found = found_for(PLANNED, size=2)
    finding = found.options["a"].findings["deadline"]
    assert (finding.status, finding.probability) == ("not_applicable", None)
    assert finding.headline == "Live by 1 January 2027 in half of the cases; there is no date to meet."
    assert [figure.key for figure in registry()["deadline"].figures(found.view("deadline", "a"), found.evaluations("deadline"))] == ["finish", "plan"]  # fmt: skip
    told = [head for said in report.in_words(found, {}) for _, head, _ in said.findings]
    assert any("there is no date to meet" in each for each in told)
    assert [each.headline for each in chapter(found, registry()["deadline"], {}, "a").found] == [finding.headline]


def test_without_a_date_and_a_plan_that_is_said() -> None:
    found = found_for(PLAIN, size=2)
    finding = found.options["a"].findings["deadline"]
    assert (finding.status, finding.headline) == ("not_applicable", "There is no date to meet.")
    assert all("deadline" not in result.together for result in found.options.values())
    assert "Deadline" not in " ".join(head for said in report.in_words(found, {}) for _, head, _ in said.findings)
    assert found.options[DO_NOTHING].findings["deadline"].status == "not_applicable"


# ---- dates


def test_a_start_in_the_past_is_refused_and_one_that_has_passed_since_is_said() -> None:
    with pytest.raises(InputError, match="1 January 2020 has passed: leave it empty if work goes on already"):
        registry()["deadline"].check("start", "2020-01-01", ON)
    registry()["deadline"].check("start", ON.isoformat(), ON)
    said = "“Work begins”, 1 January 2020, has passed: the plan is counted from today."
    assert said in detail({**PLANNED, "deadline.start": "2020-01-01"})
    assert "has passed" not in detail({**PLANNED, "deadline.start": "2026-12-01"})


@pytest.mark.parametrize("days", [1e9, rng(1, 2, 10_001)])
def test_no_task_takes_forty_years(days: Any) -> None:
    check = registry()["deadline"].check
    with pytest.raises(InputError, match=r"row 2, Takes: .* working days were found; type at most 10,000"):
        check("plan", (task("a", 10_000), task("b", days)), ON)
    with pytest.raises(InputError, match=r"row 1, Delay: .* working days were found"):
        check("risks", (row("r", delay=days),), ON)
    # one that is in a document all the same
    found = found_for({**PLANNED, **DATED, "deadline.plan": (task("a", 1e9),)}, size=2).options["a"]
    assert found.findings["deadline"].headline == (
        "Never live by 19 January 2027: in half of them it takes until some day after 2126, more than 100 years late."
    )


@pytest.mark.parametrize(
    ("due", "start", "said"),
    [
        ("2027-01-15", None, "work can begin on 4 December 2026 at the latest, 10 working days later than planned."),
        ("2027-01-01", None, "work has to begin as planned, on 20 November 2026."),
        ("2026-12-25", None, "work would have had to begin on 13 November 2026, 5 working days earlier than planned."),
        ("2027-01-01", "2026-12-07", "work has to begin on 20 November 2026, 11 working days earlier than planned."),
        ("2027-01-15", "2026-12-07", "work has to begin on 4 December 2026, 1 working day earlier than planned."),
    ],
)
def test_the_latest_start_is_a_date(due: str, start: str | None, said: str) -> None:
    # 30 working days from Friday 20 November are done on Thursday 31 December
    begins = {"deadline.start": start} if start else {}
    answers = {**PLANNED, "deadline.kind": "wish", "deadline.date": due, **begins}
    assert f"To be in time with 80 % confidence, {said}" in detail(answers)


# ---- classic PERT and costs


def test_classic_pert_is_always_beside_a_plan() -> None:
    free = {key: value for key, value in UNSURE.items() if key not in ("deadline.kind", "deadline.date")}
    certain = {**PLANNED, "deadline.kind": "wish", "deadline.date": "2027-01-15"}
    assert "Classic PERT, which adds up the longest path alone, would say 100 % too (by the date)" in detail(certain)
    assert "would say 1 January 2027 too (in half of the cases)" in detail(PLANNED)
    assert "Classic PERT" in detail(UNSURE, 2**12)
    assert " instead of " in detail(free, 2**12)
    assert "Classic PERT" not in detail(DATED)  # there is no plan


def test_one_off_cost_is_told_by_task() -> None:
    people = (row("p", who="Ann", rate=600.0),)
    answers = {**PLANNED, "deadline.people": people, "deadline.plan": (task("data", 10, "", "Ann"), task("model", 5, "data", "ann", 4000.0), task("end", 1, "model"))}  # fmt: skip
    assert "The tasks cost 13k USD once: “Model” 7k USD and “Data” 6k USD." in detail(answers)
    assert "The tasks cost" not in detail({**PLANNED, "deadline.plan": (task("data", 10),)})
    found = found_for(answers, size=2)
    figure = list(registry()["deadline"].figures(found.view("deadline", "a"), found.evaluations("deadline")))[1]
    assert figure.columns[-1] == "One-off cost"
    assert [each[-1] for each in figure.rows] == ["6k USD", "7k USD", "0 USD"]
    many = {**PLANNED, "deadline.plan": tuple(task(name, 1, "", "", 1000.0 * place) for place, name in enumerate("abcde"))}  # fmt: skip
    assert "The tasks cost 10k USD once, most of it for “E” 4k USD, “D” 3k USD and “C” 2k USD." in detail(many)
