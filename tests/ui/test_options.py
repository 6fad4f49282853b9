"""Options in turn, and lists that start from something: made on the screen, not in the document only."""

import pytest

from shipworthy.assess import assess
from shipworthy.decision import DO_NOTHING
from shipworthy.errors import InputError
from shipworthy.ui import fields
from shipworthy.ui.panel import hear
from shipworthy.ui.session import Session
from shipworthy.ui.shell import Workbook

PLAN, TEMPLATE = "deadline.plan", "deadline.template"


@pytest.fixture
def safety(session: Session) -> Session:
    """The example, its own tasks taken back: options start from plans of the table."""
    session.start_example("safety-rule")
    session.reset(PLAN)
    session.differ(TEMPLATE, True)
    for option, start in {"own_model": "own", "ready_made": "ready_made"}.items():
        session.answer(TEMPLATE, option, {"value": start})
    return session


def shown(session: Session, key: str, option: str) -> dict[str, object]:
    return fields.answer_fields(session.assessment.world, session.question(key), option)


def test_two_options_in_turn_are_one_of_their_own(session: Session) -> None:
    session.start_example("churn")
    session.add_option("Rules, then model", phases=("contract_rules", "two_month_gap"))
    assert session.option == "rules_then_model"
    result = session.assessment.options["rules_then_model"]
    assert [each.option for each in result.runs] == ["contract_rules", "two_month_gap"]
    assert session.decision.log[-1].what == "added"
    session.undo()
    assert "rules_then_model" not in session.assessment.options


@pytest.mark.parametrize(
    "phases",
    [
        ("contract_rules", "contract_rules"),
        ("contract_rules", DO_NOTHING),
        ("contract_rules", "gone"),
        ("contract_rules",),
    ],
)
def test_what_cannot_follow_one_another_is_refused_in_a_sentence(session: Session, phases: tuple[str, ...]) -> None:
    session.start_example("churn")
    with pytest.raises(InputError, match=r"Options: .*choose"):
        session.add_option("Both", phases=phases)
    assert len(session.decision.options) == 5


def test_the_tabs_offer_it_and_say_what_an_option_in_turn_is_made_of(churn_book: Workbook) -> None:
    session, tabs = churn_book.session, churn_book.tabs
    assert tabs.made_of.layout.display == "none"
    names = [name for name, _ in tabs.first.options]
    assert names == ["Model with no gap", "Two-month gap", "Three-month gap", "Rules on contract end"]
    assert tabs.first.value != tabs.then.value
    tabs.first.value, tabs.then.value = "contract_rules", "two_month_gap"
    tabs._add_both()
    assert session.decision.option(session.option).name == "Rules on contract end, then Two-month gap"
    assert tabs.made_of.layout.display is None
    assert "First “Rules on contract end”, then “Two-month gap”" in tabs.made_of.value
    assert [name for name, _ in tabs.first.options] == names  # one in turn is no part of another
    assert (tabs.first.value, tabs.then.value) == ("contract_rules", "two_month_gap")


def test_what_differs_by_option_is_not_asked_of_one_in_turn(session: Session) -> None:
    session.start_example("churn")
    assert not shown(session, "lead_time.gap", "contract_rules")["read_only"]
    session.add_option("Both", phases=("contract_rules", "two_month_gap"))
    assert shown(session, "lead_time.gap", "both")["read_only"]
    assert not shown(session, "lead_time.persuasion", "both")["read_only"]


def test_tasks_that_a_plan_starts_from_are_copied_for_the_option_in_view_alone(safety: Session) -> None:
    own = {
        option: fields.stand_in(safety.world(), safety.question(PLAN), option) for option in ("own_model", "ready_made")
    }
    assert len(own["own_model"]) > 5
    assert own["own_model"] != own["ready_made"]
    safety.option = "own_model"
    before = safety.assessment.options["own_model"].summary
    assert shown(safety, PLAN, "own_model")["copies"] == f"Make these {len(own['own_model'])} rows our own list"
    hear(safety, {"type": "copy", "question": PLAN})
    assert safety.assessment.world.value(PLAN, "own_model")[1] == own["own_model"]
    assert safety.assessment.world.value(PLAN, "ready_made")[1] is None  # it still starts from its own plan
    assert shown(safety, PLAN, "own_model")["copies"] == ""
    assert shown(safety, PLAN, "ready_made")["copies"]
    after = safety.assessment.options["own_model"].summary
    assert after.mean == before.mean  # the same ranges, the same draws
    world = safety.assessment.world
    assert [world.value("deadline.ranges", option)[1] for option in own] == ["lived", "planned"]


def test_one_plan_for_all_is_copied_for_all(safety: Session) -> None:
    safety.differ(TEMPLATE, False)
    safety.answer(TEMPLATE, None, {"value": "hosted"})
    safety.copy_stand_in(PLAN)
    answer = safety.decision.answer(PLAN)
    assert answer is not None
    assert not answer.differs
    assert [row.id for row in answer.value][:2] == ["access", "legal"]  # type: ignore[union-attr]
    again = assess(safety.decision, on=safety.assessment.on)
    assert again.options["own_model"].summary.mean == safety.assessment.options["own_model"].summary.mean


def test_nothing_is_copied_where_nothing_stands_in(session: Session) -> None:
    session.start_example("recommender")
    before = session.decision
    session.copy_stand_in("value_stream.steps")
    session.copy_stand_in("deployment.stages")
    assert session.decision is before
