"""Lists on the draws: every uncertain cell has a dimension of its own, by the row's id and its column."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from decisions import ON, PLAIN, decision, own
from pydantic import BaseModel

from shipworthy import considerations, edits
from shipworthy.assess import assess
from shipworthy.considerations import questions as ask
from shipworthy.considerations import registry, with_dimensions
from shipworthy.considerations.base import Consideration, Evaluation, View, Words
from shipworthy.considerations.world import World
from shipworthy.decision import RangeValue, RequirementValue, Row

DAYS = RangeValue(low=5.0, likely=10.0, high=20.0)


class Questions(BaseModel):
    """A list of steps, and when they have to be done."""

    steps: ask.Rows = ask.rows(
        "Steps",
        (
            {"key": "name", "label": "Step", "kind": "text"},
            {"key": "days", "label": "Days", "kind": "estimate", "unit": "days", "lower": 0.0, "search": (0.0, 100.0)},
            {"key": "chance", "label": "Chance of a delay", "kind": "chance"},
        ),
        per_option=True,
    )
    most: ask.Requirement = ask.requirement("Days in all", unit="days", default=RequirementValue(limit=40.0))


class Steps(Consideration):
    """Steps one after the other; each may be held up by 10 days."""

    key, order = "steps", 50
    name, title, lead = "Steps", "Is there time?", "One after the other."
    Questions = Questions

    def evaluate(self, view: View) -> Evaluation:
        """Days of all steps."""
        rows = view.rows("steps")
        cells = {row.id: (row.number("days"), row.number("chance")) for row in rows}
        days = sum((days + 10.0 * delay for days, delay in cells.values()), 0.0)
        notes = {
            "cells": cells,
            "names": [row.word("name") for row in rows],
            "known": [row.known("days") for row in rows],
        }
        return Evaluation(margins={"most": view.requirement("most").limit - days}, notes=notes)

    def words(self, view: View, evaluation: Evaluation) -> Words:
        """Nothing to say."""
        return Words("In time, or not.")


@pytest.fixture(autouse=True)
def steps(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    class Entry:
        name = "steps"

        def load(self) -> Any:
            return Steps

    monkeypatch.setattr(considerations, "entry_points", lambda group: [Entry()])
    registry.cache_clear()
    yield
    monkeypatch.undo()
    registry.cache_clear()


def row(name: str, **cells: Any) -> Row:
    return Row(id=name.lower(), cells={"name": name, **cells})


def found(rows: Any, option: str = "a", names: str = "a") -> dict[str, Any]:
    assessment = assess(decision(names, {**PLAIN, "steps.steps": rows}), on=ON)
    return assessment.options[option].runs[0].evaluations["steps"].notes


def test_a_cell_is_drawn_through_its_three_numbers_and_a_plain_one_stays_plain() -> None:
    cells = found((row("a", days=DAYS), row("b", days=7.0), row("c")))["cells"]
    assert np.quantile(cells["a"][0], [0.1, 0.5, 0.9]) == pytest.approx([5.0, 10.0, 20.0], rel=2e-3)
    assert cells["b"][0] == 7.0
    assert cells["c"] == (0.0, 0.0)


def test_a_chance_comes_or_not() -> None:
    delays = found((row("a", days=1.0, chance=0.25), row("b", days=1.0, chance=0.25), row("c", chance=1.0)))["cells"]
    first, second = delays["a"][1], delays["b"][1]
    assert set(np.unique(first)) == {0.0, 1.0}
    assert first.mean() == pytest.approx(0.25, abs=2e-3)
    assert (first * second).mean() == pytest.approx(0.0625, abs=5e-3)  # each by itself
    assert delays["c"][1] == 1.0


def test_draws_belong_to_the_row_wherever_it_stands() -> None:
    one, other = row("a", days=DAYS), row("b", days=DAYS)
    document = with_dimensions(decision("a", {**PLAIN, "steps.steps": (one, other)}))
    before, after = (
        assess(each, on=ON).options["a"].runs[0].evaluations["steps"].notes["cells"]
        for each in (document, edits.say(document, "steps.steps", (other, one)))
    )
    assert list(before) == ["a", "b"]
    assert list(after) == ["b", "a"]
    assert np.array_equal(before["a"][0], after["a"][0])
    assert abs(np.corrcoef(before["a"][0], before["b"][0])[0, 1]) < 0.02


def test_options_share_the_draws_of_a_row() -> None:
    wider = RangeValue(low=10.0, likely=20.0, high=40.0)
    lists = own(a=(row("a", days=DAYS),), b=(row("a", days=wider),))
    one, other = (found(lists, option, "a b")["cells"]["a"][0] for option in ("a", "b"))
    assert np.array_equal(np.argsort(one), np.argsort(other))
    assert np.quantile(other, 0.5) == pytest.approx(20.0, rel=2e-3)


def test_a_row_more_moves_no_other_answer() -> None:
    before = decision("a", {**PLAIN, "steps.steps": (row("a", days=DAYS),)})
    after = decision("a", {**PLAIN, "steps.steps": (row("a", days=DAYS), row("b", days=DAYS))})
    shared = before.dimensions.items() & after.dimensions.items()
    assert {"steps.steps#a.days", "value_stream.value"} <= {name for name, _ in shared}
    assert len(set(after.dimensions.values())) == len(after.dimensions)


def test_words_and_what_is_filled() -> None:
    notes = found((row("Data", days=DAYS), row("Model")))
    assert notes["names"] == ["Data", "Model"]
    assert notes["known"] == [True, False]


def test_a_cell_has_a_flip_point() -> None:
    document = decision("a", {**PLAIN, "steps.steps": (row("Data", days=30.0), row("Model", days=20.0))})
    flips = {flip.answer: flip for flip in assess(document, on=ON, size=2).flips("a")["steps"]}
    assert set(flips) == {"steps.steps#data.days", "steps.steps#model.days"}
    flip = flips["steps.steps#data.days"]
    assert flip.value == pytest.approx(20.0, rel=1e-3)
    assert (flip.label, flip.status, flip.at_least, flip.unit) == ("Data: Days", "meets", False, "days")


def test_an_unknown_list_is_missing() -> None:
    assessment = assess(decision("a", PLAIN), on=ON)
    assert assessment.options["a"].findings["steps"].status == "unknown"
    assert assessment.missing == ("steps.steps",)


def test_a_cell_is_found_by_its_name() -> None:
    world = World(decision("a", {**PLAIN, "steps.steps": (row("a", days=7.0),)}), ON, registry(), size=2)
    assert world.value("steps.steps#a.days", "a") == ("given", 7.0)
    assert world.value("steps.steps#b.days", "a") == ("given", None)
