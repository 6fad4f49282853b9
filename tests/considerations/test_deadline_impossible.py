"""Plans that cannot be carried out never lead; what is not typed yet is said; blank rows and two of one name."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from decisions import own
from plans import PLANNED, found_for, row, task

from shipworthy.assess import Assessment
from shipworthy.decision import DO_NOTHING, Option

OWED: Mapping[str, Any] = {
    **PLANNED,
    "deadline.kind": "law",
    "deadline.date": "2027-03-01",
    "deadline.once": 5000,
    "deadline.a_day": 100,
}
DATA = task("data", 5)
FREE = row("f", what="work", begin="2026-01-01", end="2090-01-01")


def finding(found: Assessment, option: str = "a") -> Any:
    return found.options[option].findings["deadline"]


@pytest.mark.parametrize("base", [PLANNED, OWED], ids=["without a date", "with a date"])
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"plan": (task("data", 5, "model"), task("model", 5, "Data"))}, "Task “Data” waits for itself: “Data”, “Model” then “Data”"),
        ({"plan": (task("data", 5, "Data"),)}, "Task “Data” waits for itself"),
        ({"plan": (task("data", 5, "modle"),)}, "Task “Data” comes after “modle”, which is not in the plan"),
        ({"plan": (task("data", 5, "Label 10,000 photographs"),)}, "comes after “Label 10,000 photographs”, which is not in the plan"),
        ({"plan": (row("data", task="Data"),)}, "Task “Data” has no working days yet"),
        ({"plan": (DATA, row("raagvbffa", who="Ann"))}, "Task “row 2” has no working days yet"),
        ({"plan": (task("data", 5, "", "Bob"),), "people": (row("p", who="Ann", number=1.0),)}, "Task “Data” has nobody to do it: there is no “Bob”"),
        ({"plan": (task("data", 5, "", "Ann"),), "people": (row("p", who="Ann", number=0.0),)}, "Task “Data” has nobody to do it: “Ann” has 0 people"),
        ({"risks": (row("r", what="Strike", chance=0.1, delay=5.0, task="Dota"),)}, "“Strike” delays the task “Dota”, which is not in the plan"),
        ({"freezes": (row("f", what="work", begin="2027-02-01", end="2027-01-01"),)}, "row 1: it ends on 2027-01-01, before it begins"),
        ({"freezes": (FREE,)}, "Nobody works on any day"),
    ],
)  # fmt: skip
def test_an_impossible_plan_never_leads_and_its_sentence_names_the_task(
    base: Mapping[str, Any], changes: Mapping[str, Any], said: str
) -> None:
    found = found_for({**base, **{f"deadline.{name}": value for name, value in changes.items()}}, size=2)
    result = found.options["a"]
    assert finding(found).status == "fails"
    assert finding(found).probability == 0.0
    assert said in finding(found).headline
    assert "never goes live" in finding(found).words.detail[0]
    assert not found.provisional  # it is typed: nothing is missing
    assert found.recommended == DO_NOTHING
    assert np.mean(result.payoff) == pytest.approx(np.mean(found.options[DO_NOTHING].payoff))
    assert result.meets_all_probability == 0.0
    assert "never goes live" in " ".join(result.findings["value_stream"].words.detail)


def test_a_plan_in_turn_fails_by_the_part_that_cannot_be_carried_out() -> None:
    options = (Option(key="now", name="Now"), Option(key="later", name="Later"), Option(key="both", name="Both", phases=("now", "later")))  # fmt: skip
    plans = own(now=(DATA,), later=(task("model", 5, "Nowhere"),))
    found = found_for({**OWED, "deadline.plan": plans}, options, size=2)
    assert finding(found, "now").status == "meets"
    assert finding(found, "both").status == "fails"
    assert finding(found, "both").headline.startswith("“Later”: Task “Model” comes after “Nowhere”")
    assert found.recommended == "now"


@pytest.mark.parametrize("blank", [(), (row("r1"),), (row("r1", task=""), row("r2", after="  ".strip()))])
def test_a_plan_with_nothing_typed_is_not_known(blank: Any) -> None:
    found = found_for({**PLANNED, "deadline.plan": blank or None}, size=2)
    assert finding(found).status == "unknown"
    assert finding(found).headline == "Not known yet: “Tasks”. Without it we cannot say when it is live."
    assert found.provisional


def test_a_blank_row_among_others_is_nothing() -> None:
    base = found_for(PLANNED, size=2)
    blank = {
        f"deadline.{name}": (*PLANNED.get(f"deadline.{name}", ()), row("blank"))
        for name in ("plan", "people", "risks", "freezes")
    }
    found = found_for({**PLANNED, **blank}, size=2)
    assert finding(found).headline == finding(base).headline
    assert not found.provisional


@pytest.mark.parametrize(
    ("name", "made", "said"),
    [
        ("risks", row("r", what="Strike", delay=5.0), "What may happen, “Strike”: type its chance, such as 20 %."),
        ("risks", row("r", what="Strike", chance=0.2), "What may happen, “Strike”: type by how many working days it delays."),
        ("risks", row("r", task="Data", delay=3.0), "What may happen, row 1: type its chance, such as 20 %."),
        ("people", row("p", number=2.0), "People, row 1: type who it is, as in the plan."),
        ("freezes", row("f", what="work", end="2027-01-01"), "Times without work or launches, row 1: type its first day."),
    ],
)  # fmt: skip
def test_a_row_that_is_half_typed_is_said_and_the_rest_is_counted(name: str, made: Any, said: str) -> None:
    found = found_for({**OWED, f"deadline.{name}": (made,)}, size=2)
    assert (finding(found).status, finding(found).headline) == ("unknown", said)
    assert found.provisional
    assert np.mean(found.options["a"].runs[0].terms.get("launch", 0.0)) == 42.0


def test_two_tasks_of_one_name_are_asked_apart_where_one_of_them_is_named() -> None:
    two = (task("build", 5), row("again", task="Build", days=3.0))
    assert finding(found_for({**OWED, "deadline.plan": two}, size=2)).status == "meets"  # nobody names them
    for changes, where in (
        ({"deadline.plan": (*two, task("test", 1, "Build"))}, "“Test” comes after"),
        ({"deadline.plan": two, "deadline.risks": (row("r", what="Strike", chance=0.5, delay=1.0, task="build"),)}, "“Strike” delays"),
    ):  # fmt: skip
        found = finding(found_for({**OWED, **changes}, size=2))
        assert found.status == "fails"
        assert found.headline.startswith(f"Two tasks are called “Build”, and {where} one of them: give each its own")
    # an id is no name that anybody typed, and a name goes before a place in the list
    plan = (row("second", task="First", days=2.0), row("b", task="1", days=7.0), task("c", 1, "1"))
    assert float(np.mean(found_for({**OWED, "deadline.plan": plan}, size=2).evaluations("deadline")["a"].notes["plan"].work)) == 8.0  # fmt: skip
