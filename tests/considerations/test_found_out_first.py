"""What is found out before work begins delays every launch, and every finding that tells of a date says so."""

from datetime import date, timedelta

import numpy as np
import pytest
from decisions import ON, PLAIN, decision, own
from plans import DATED, PLANNED, UNSURE

from shipworthy import edits
from shipworthy.assess import Assessment, assess
from shipworthy.decision import DO_NOTHING, Inquiry, Option

CALL = Inquiry(name="Call with sales", answers=("value_stream.value",), days=14.0, first=True)
OTHER = Inquiry(name="Pilot", answers=("value_stream.effect",), days=30.0, first=True)


def pair(answers: dict[str, object], *inquiries: Inquiry, size: int = 2**12) -> tuple[Assessment, Assessment]:
    """Without and with what is done first."""
    document = decision("a b", answers)
    made = edits.with_inquiries(document, inquiries or (CALL,))
    return assess(document, on=ON, size=size), assess(made, on=ON, size=size)


def launch(found: Assessment, option: str = "a") -> np.ndarray:
    return np.asarray(found.options[option].runs[0].terms.get("launch", 0.0))


def chance(found: Assessment) -> float:
    probability = found.options["a"].findings["deadline"].probability
    assert probability is not None
    return probability


def paid(found: Assessment, option: str = "a") -> float:
    return float(np.mean(found.options[option].payoff))


def test_every_launch_is_later_by_exactly_the_days_and_doing_nothing_is_not() -> None:
    now, later = pair(dict(UNSURE))
    for option in ("a", "b"):
        assert launch(later, option) == pytest.approx(launch(now, option) + 14)
    assert chance(later) < chance(now)
    assert paid(later) < paid(now)
    assert paid(later, DO_NOTHING) == paid(now, DO_NOTHING)
    assert later.options[DO_NOTHING].runs[0].terms.values.get("launch", 0.0) == 0.0


def test_what_a_delay_costs_by_hand() -> None:
    # 4500 a month for 14 days less, and 14 days more at 100 a day after the date
    now, later = pair(dict(DATED), size=2)
    assert paid(now) - paid(later) == pytest.approx(4500 * 14 / (365 / 12) + 14 * 100)
    # inquiries go on side by side: the longest counts, and one that is not done first does not
    both = pair(dict(DATED), CALL, OTHER, size=2)[1]
    assert paid(now) - paid(both) == pytest.approx(4500 * 30 / (365 / 12) + 30 * 100)
    aside = pair(dict(DATED), CALL.model_copy(update={"first": False}), size=2)[1]
    assert paid(aside) == paid(now)


def test_findings_say_what_is_done_first() -> None:
    now, later = pair(dict(PLANNED), size=2)
    said = "Everything begins 14 days later: “Call with sales” is done first."
    finding = later.options["a"].findings["deadline"]
    assert finding.headline == "Live by 15 January 2027 in half of the cases; there is no date to meet."
    assert finding.words.detail[0] == said
    stream = later.options["a"].findings["value_stream"].words.detail
    assert said in stream
    assert any(each.startswith("Live after 56 days") for each in stream)
    assert said not in now.options["a"].findings["deadline"].words.detail
    both = pair(dict(PLANNED), CALL, OTHER, size=2)[1].options["a"].findings["deadline"].words.detail[0]
    assert both == "Everything begins 30 days later: “Call with sales” and “Pilot” are done first, side by side."
    one = pair(dict(PLANNED), CALL.model_copy(update={"days": 1.0}), size=2)[1]
    assert "1 day later" in one.options["a"].findings["deadline"].words.detail[0]


def test_the_latest_day_on_which_work_can_begin_stays_and_fewer_days_are_left() -> None:
    answers = {**PLANNED, "deadline.kind": "contract", "deadline.date": "2027-03-31"}
    before, after = (
        next(each for each in found.options["a"].findings["deadline"].words.detail if "work can begin" in each)
        for found in pair(answers, size=2)
    )
    assert before.partition(" at the latest")[0] == after.partition(" at the latest")[0]
    days = [int(each.rpartition(", ")[2].split()[0]) for each in (before, after)]
    assert days[0] - days[1] == 10  # working days in two weeks


def test_the_plan_is_drawn_later_with_a_band_before_it() -> None:
    figures = []
    for found in pair(dict(UNSURE)):
        view = found.view("deadline", "a")
        made = found.registry["deadline"].figures(view, found.evaluations("deadline"))
        figures.append({each.key: each for each in made}["plan"])
    now, later = figures
    for before, after in zip(now.rows, later.rows, strict=True):
        for place in (1, 2, 3, 4):
            assert date.fromisoformat(after[place]) - date.fromisoformat(before[place]) == timedelta(days=14)
    assert "“Call with sales” is done first. That is the grey band." in later.caption
    bands = [each for each in later.plotly["layout"]["shapes"] if each["type"] == "rect"]
    assert [(each["x0"], each["x1"]) for each in bands] == [("2026-11-20", "2026-12-04")]
    assert "grey band" not in now.caption


def test_phases_say_it_once() -> None:
    options = (Option(key="a", name="A"), Option(key="b", name="B"), Option(key="both", name="Both", phases=("a", "b")))
    answers = {**PLAIN, "value_stream.live": own(a=30, b=200)}
    found = assess(decision(options, answers, inquiries=(CALL,)), on=ON, size=2)
    detail = found.options["both"].findings["value_stream"].words.detail
    assert sum("Everything begins 14 days later" in each for each in detail) == 1
    assert "live after 44 days" in " ".join(detail)
