"""Lists while they are typed: rows that stood in are changed like any, names follow their rows, undo takes all back."""

from typing import Any

import pytest

from shipworthy.ui import fields
from shipworthy.ui.panel import hear
from shipworthy.ui.session import Session

PLAN, RISKS, TEMPLATE, RANGES = "deadline.plan", "deadline.risks", "deadline.template", "deadline.ranges"
Typed = list[dict[str, Any]]


@pytest.fixture
def safety(session: Session) -> Session:
    session.start_example("safety-rule")
    session.option = "own_model"
    return session


@pytest.fixture
def fresh(session: Session) -> Session:
    """A new decision with two options and a plan to start from for each."""
    session.start_new("A test")
    session.add_option("Second option")
    session.answer("deadline.planned", None, {"value": "yes"})
    session.differ(TEMPLATE, True)
    first, second = (each.key for each in session.decision.options[:2])
    session.answer(TEMPLATE, first, {"value": "own"})
    session.answer(TEMPLATE, second, {"value": "hosted"})
    session.option = first
    return session


def shown(session: Session, key: str = PLAN) -> dict[str, Any]:
    world = session.assessment.world
    return fields.answer_fields(world, session.question(key), session.option)


def typed(session: Session, key: str = PLAN) -> Typed:
    """The rows as they stand in the boxes."""
    now = shown(session, key)
    rows = now["own"][session.option]["rows"] if now["differs"] else now["shared"]["rows"]
    return [{"id": row["id"], "cells": dict(row["cells"])} for row in rows]


def say(session: Session, rows: Typed, key: str = PLAN, option: str | None = "own_model") -> None:
    session.answer(key, option, {"rows": rows})


def column(session: Session, key: str, name: str, option: str | None = None) -> list[Any]:
    rows = session.assessment.world.value(key, option or session.option)[1]
    return [row.cells.get(name) for row in rows]


# ---- rows that stand in


def test_a_plan_that_is_started_from_stands_in_the_boxes(fresh: Session) -> None:
    now = shown(fresh)
    assert (now["state"], now["borrowed"], now["tag"]) == ("empty", True, "used as it stands, until you change it")
    assert len(typed(fresh)) > 5
    assert now["copies"] == f"Make these {len(typed(fresh))} rows our own list"
    assert typed(fresh)[0]["cells"]["task"]
    fresh.answer(TEMPLATE, fresh.option, {"value": "own_list"})
    assert (shown(fresh)["borrowed"], shown(fresh)["shared"], shown(fresh)["copies"]) == (False, {}, "")


def test_one_row_more_keeps_the_whole_plan(fresh: Session) -> None:
    first, second = (each.key for each in fresh.decision.options[:2])
    before = fresh.assessment.options[first].findings["deadline"].headline
    rows = typed(fresh)
    say(fresh, [*rows, {"id": "rnew", "cells": {}}], option=None)  # “Add a row”
    assert fresh.assessment.options[first].findings["deadline"].headline == before  # the blank one is nothing
    # the next message was made before the form heard that options differ now
    say(fresh, [*rows, {"id": "rnew", "cells": {"task": "Extra", "days": "5"}}], option=None)
    assert column(fresh, PLAN, "task") == [*(row["cells"]["task"] for row in rows), "Extra"]
    assert not shown(fresh)["borrowed"]
    answer = fresh.decision.answer(PLAN)
    assert answer is not None
    assert (answer.differs, answer.value, set(answer.by_option)) == (True, None, {first})
    # its ranges are what such tasks took, as they were before it was changed; the other option goes on with its own plan
    world = fresh.assessment.world
    assert [world.value(RANGES, option)[1] for option in (first, second)] == ["lived", "planned"]
    fresh.option = second
    assert shown(fresh)["borrowed"]


def test_a_list_of_ones_own_does_not_take_the_plan_along(fresh: Session) -> None:
    say(fresh, [{"id": "mine", "cells": {"task": "Mine", "days": "5"}}], option=None)
    assert column(fresh, PLAN, "task") == ["Mine"]


def test_the_rows_that_stood_in_are_made_the_list_by_the_button_too(fresh: Session) -> None:
    rows = typed(fresh)
    hear(fresh, {"type": "copy", "question": PLAN})
    assert column(fresh, PLAN, "task") == [row["cells"]["task"] for row in rows]


# ---- names


def test_a_new_name_follows_in_what_comes_after_and_in_risks(safety: Session) -> None:
    rows, before = typed(safety), safety.decision
    live = safety.assessment.options["own_model"].findings["deadline"].headline
    rows[0]["cells"]["task"] = "Data, all of it"
    say(safety, rows)
    assert column(safety, PLAN, "after")[1:3] == ["Data, all of it", "Data, all of it"]
    assert column(safety, RISKS, "task")[0] == "Data, all of it"
    assert safety.assessment.options["own_model"].findings["deadline"].headline == live
    assert column(safety, RISKS, "task", "ready_made") == ["Contract and privacy review"]
    safety.undo()  # one step takes both back
    assert safety.decision == before


def test_a_name_that_is_typed_letter_by_letter_is_followed_although_the_rest_is_a_moment_old(safety: Session) -> None:
    rows = typed(safety)  # the browser's After still says what the task was called at first
    for name in ("Label 10,000 photo", "Label", "", "T", "Security review", "Tag them, then check"):
        rows[1]["cells"]["task"] = name
        say(safety, [{"id": row["id"], "cells": dict(row["cells"])} for row in rows])
    assert column(safety, PLAN, "after")[3] == "Tag them, then check; First simple model"
    assert column(safety, PLAN, "after")[6] == "Train a model that is good enough; Security review"
    assert safety.assessment.options["own_model"].findings["deadline"].status == "fails"
    assert "by 20 February 2027" in safety.assessment.options["own_model"].findings["deadline"].headline
    # a risk that is typed at the same time
    risks = typed(safety, RISKS)
    risks[0]["cells"]["task"] = "Label 10,000 photographs"
    say(safety, risks, RISKS)
    assert column(safety, RISKS, "task")[0] == "Tag them, then check"


def test_a_task_that_is_removed_is_named_whole_and_one_that_comes_back_is_found(safety: Session) -> None:
    rows = typed(safety)
    say(safety, [row for row in rows if row["id"] != "label"])
    said = safety.assessment.options["own_model"].findings["deadline"].headline
    assert (
        said
        == "Task “Train a model that is good enough” comes after “Label 10,000 photographs”, which is not in the plan: add that task, or take it out here."
    )
    say(safety, rows)
    assert safety.assessment.options["own_model"].findings["deadline"].headline.startswith("Live in only ")


def test_another_list_is_not_taken_for_new_names(safety: Session) -> None:
    rows = typed(safety)
    for number, row in enumerate(rows):
        row["cells"] |= {"task": f"Task {number}", "after": ""}
    rows[1]["cells"]["after"] = "First simple model"  # of the list that was there before
    say(safety, rows)
    assert column(safety, PLAN, "after")[1] == "First simple model"
    assert column(safety, RISKS, "task")[0] == "Get the photographs and reports, and clean them"


def test_names_in_risks_that_all_options_share_stay_where_another_plan_has_them(safety: Session) -> None:
    safety.differ(RISKS, False)
    risk = {"id": "r", "cells": {"what": "Refused", "chance": "10 %", "delay": "3", "task": "Security review"}}
    say(safety, [risk], RISKS, None)
    safety.option = "ready_made"
    rows = typed(safety)
    rows[4]["cells"]["task"] = "Security review"
    say(safety, rows, option="ready_made")
    rows = typed(safety)
    rows[4]["cells"]["task"] = "Security check"
    say(safety, rows, option="ready_made")
    assert column(safety, RISKS, "task") == ["Security review"]  # the own model has a task of that name
    assert column(safety, PLAN, "after")[5].endswith("Security check")
    safety.option = "own_model"
    rows = typed(safety)
    rows[5]["cells"]["task"] = "Review"
    say(safety, rows)
    assert column(safety, RISKS, "task") == ["Review"]


def test_doing_nothing_and_options_in_turn_start_from_no_plan(fresh: Session) -> None:
    first, second = (each.key for each in fresh.decision.options[:2])
    fresh.differ(TEMPLATE, False)
    fresh.answer(TEMPLATE, None, {"value": "own"})
    assert shown(fresh)["borrowed"]
    fresh.add_option("Both", phases=(first, second))
    for option in (fresh.option, "do_nothing"):
        fresh.option = option
        assert (shown(fresh)["borrowed"], shown(fresh)["shared"], shown(fresh)["copies"]) == (False, {}, "")
    before = fresh.decision
    fresh.copy_stand_in(PLAN)
    assert fresh.decision is before
