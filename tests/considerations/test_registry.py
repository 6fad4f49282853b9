"""The registry: what is built in, and a consideration of another package that is picked up everywhere."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from decisions import ON, PLAIN, decision
from toys import Plan

from shipworthy import considerations
from shipworthy.assess import assess
from shipworthy.considerations import check, open_text, registry, with_dimensions
from shipworthy.considerations.base import Consideration
from shipworthy.decision import RangeValue, Row
from shipworthy.documents import write
from shipworthy.errors import InputError, ShipworthyError
from shipworthy.schema import full_schema

ROWS = (
    Row(id="a", cells={"name": "Data", "days": RangeValue(low=5.0, likely=10.0, high=20.0)}),
    Row(id="b", cells={"name": "Model", "days": 20.0}),
)
TOY = {"toy_plan.tasks": ROWS, "toy_plan.slack": 40}


@dataclass
class Entry:
    """An entry point of another package."""

    loaded: Any
    name: str = "toy"

    def load(self) -> Any:
        return self.loaded


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Entry]]:
    """Packages that bring considerations; the registry is read anew before and after."""
    entries: list[Entry] = []

    def found(*, group: str) -> list[Entry]:
        assert group == "shipworthy.considerations"
        return entries

    monkeypatch.setattr(considerations, "entry_points", found)
    registry.cache_clear()
    yield entries
    monkeypatch.undo()
    registry.cache_clear()


def test_what_is_built_in() -> None:
    assert list(registry()) == [
        "value_stream",
        "deployment",
        "lead_time",
        "licences",
        "explainability",
        "cost",
        "deadline",
    ]
    orders = [each.order for each in registry().values()]
    assert orders == sorted(set(orders))
    for key, each in registry().items():
        assert each.key == key
        assert all((each.name, each.title, each.lead, each.formula, each.source))
        shown = [name.partition(".") for name in each.shows]
        assert all(name in registry()[other].questions and other != key for other, _, name in shown)


def test_no_two_questions_have_one_name_or_label() -> None:
    for each in registry().values():
        labels = [question.label for question in each.questions.values()]
        assert len(labels) == len(set(labels))


def test_another_packages_consideration_is_picked_up(installed: list[Entry]) -> None:
    installed.append(Entry(Plan))
    assert list(registry()) == [
        "value_stream", "deployment", "lead_time", "toy_plan", "licences", "explainability", "cost", "deadline"
    ]  # fmt: skip
    found = assess(decision("a", {**PLAIN, **TOY}), on=ON, size=2)
    finding = found.options["a"].findings["toy_plan"]
    assert (finding.status, finding.probability, finding.headline) == ("meets", 1.0, "2 tasks.")
    assert float(np.mean(found.evaluations("toy_plan")["a"].figures["left"])) == 10
    late = assess(decision("a", {**PLAIN, **TOY, "toy_plan.slack": 20}), on=ON, size=2)
    assert late.options["a"].findings["toy_plan"].status == "fails"
    assert late.options["a"].meets_all_probability == 0
    assert found.options["a"].meets_all_probability == 1
    flip = found.flips("a")["toy_plan"]
    assert [(each.answer, round(each.value, 1)) for each in flip] == [("toy_plan.slack", 30.0)]


def test_another_packages_consideration_changes_nothing_else(installed: list[Entry]) -> None:
    document = decision("a", {**PLAIN, "value_stream.value": RangeValue(low=20.0, likely=50.0, high=90.0)})
    alone = assess(document, on=ON, size=1024)
    installed.append(Entry(Plan))
    registry.cache_clear()
    joined = assess(with_dimensions(document), on=ON, size=1024)
    assert np.array_equal(joined.options["a"].payoff, alone.options["a"].payoff)
    assert joined.recommended == alone.recommended
    for key, finding in alone.options["a"].findings.items():
        other = joined.options["a"].findings[key]
        assert (finding.status, finding.probability, finding.words) == (other.status, other.probability, other.words)
    assert joined.options["a"].findings["toy_plan"].status == "unknown"
    assert joined.missing == ("toy_plan.slack",)


def test_its_questions_are_in_the_schema(installed: list[Entry]) -> None:
    installed.append(Entry(Plan))
    schema = full_schema()
    reference = schema["x-questions"]["toy_plan"]["$ref"]
    described = schema["$defs"][reference.removeprefix("#/$defs/")]
    assert described["title"] == "Toy plan"
    assert list(described["properties"]) == ["tasks", "slack", "enough"]
    assert described["properties"]["slack"]["shipworthy"]["unit"] == "days"
    assert [column["key"] for column in described["properties"]["tasks"]["shipworthy"]["columns"]] == ["name", "days"]
    json.dumps(schema)


def test_its_answers_are_kept_and_checked(installed: list[Entry]) -> None:
    installed.append(Entry(Plan))
    document = decision("a", {**PLAIN, **TOY})
    assert open_text(write(document)) == document
    assert {"toy_plan.tasks", "toy_plan.slack", "toy_plan.enough"} <= set(document.dimensions)
    with pytest.raises(
        InputError, match=r"^Toy plan › Tasks: row 2, Days: -3 is outside what is possible; type at least 0$"
    ):
        decision("a", {"toy_plan.tasks": (ROWS[0], Row(id="b", cells={"days": -3.0}))})
    with pytest.raises(InputError, match=r"^Toy plan › Tasks: row 1 has a column “colour”, which is not asked for$"):
        decision("a", {"toy_plan.tasks": (Row(id="a", cells={"colour": "red"}),)})
    data = json.loads(write(document))
    data["answers"]["toy_plan"]["tasks"]["value"][1]["cells"]["days"] = {"low": 1, "likely": "x", "high": 3}
    with pytest.raises(
        InputError, match=r"^Toy plan › Tasks › 2 › cells › days › likely: found the text “x”, a number is needed$"
    ):
        open_text(json.dumps(data))


def test_without_the_package_its_answers_are_refused_in_words(installed: list[Entry]) -> None:
    installed.append(Entry(Plan))
    document = decision("a", {**PLAIN, **TOY})
    installed.clear()
    registry.cache_clear()
    with pytest.raises(
        InputError,
        match=r"^Answers › toy_plan: there is no such consideration here; remove it, or install its package$",
    ):
        check(document)


class Twin(Plan):
    """Takes a built-in consideration's key."""

    key = "cost"


@pytest.mark.parametrize(
    ("loaded", "told"),
    [
        (Twin, "Two packages bring the consideration “cost”"),
        (dict, "names no consideration"),
        (lambda: "text", "names no consideration"),
    ],
)
def test_packages_that_do_not_fit_are_named(installed: list[Entry], loaded: Any, told: str) -> None:
    installed.append(Entry(loaded, "other"))
    with pytest.raises(ShipworthyError, match=told):
        registry()


def test_a_consideration_must_say_how_it_evaluates() -> None:
    with pytest.raises(TypeError, match="abstract"):
        Consideration()  # type: ignore[abstract]
