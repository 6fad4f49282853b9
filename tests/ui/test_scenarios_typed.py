"""Scenarios typed as lines: values as in their questions, and what no box can hold."""

import pytest
from decisions import PLAIN, assessed, decision, own, rng, spread

from shipworthy import edits
from shipworthy.assess import Assessment
from shipworthy.decision import Change, RequirementValue, Row, Scenario, Value, WeightsValue
from shipworthy.errors import InputError
from shipworthy.examples import example
from shipworthy.ui import scenarios

PERSUASION = "Persuasion: first talk to decision"
TYPED: list[tuple[str, str, Value]] = [
    ("Uses a month", "9,000", 9000.0),
    ("Uses a month", "9,000 uses a month", 9000.0),
    ("Uses a month", "5k to 10k to 20k", rng(5_000, 10_000, 20_000)),
    ("Value of one effect", "45 USD", 45.0),
    ("Value of one effect", "10 - 20 - 40", rng(10, 20, 40)),
    ("Wrong outputs that do harm", "3 %", 0.03),
    ("Wrong outputs that do harm", "1 % to 2 % to 4 %", rng(0.01, 0.02, 0.04)),
    ("Days until live", "2 weeks", 14.0),
    ("Days until live", "1 to 2 to 4 weeks", rng(7, 14, 28)),
    (PERSUASION, "60 to 90", spread(60.0, 90.0)),
    (PERSUASION, "6 to 9 weeks", spread(42.0, 63.0)),
    (PERSUASION, "typically 60 days; 1 in 20 above 90 days", spread(60.0, 90.0)),
    (PERSUASION, "40 50 60, 1 in 20 above 80 90 120", spread(rng(40, 50, 60), rng(80, 90, 120))),
    ("lead_time.depends", "yes", "yes"),
    ("deadline.date", "1 March 2027", "2027-03-01"),
    ("deadline.date", "2027-03-01", "2027-03-01"),
    ("licences.regions", "EU; UK", ("EU", "UK")),
    ("explainability.stands", "yes", 1.0),
    ("explainability.stands", "30 %", 0.3),
    ("deployment.in_time", "90 %", RequirementValue(limit=0.9, confidence=0.8)),
    ("deployment.in_time", "at least 90 %, with 70 % confidence", RequirementValue(limit=0.9, confidence=0.7)),
]


def row(**cells: str) -> Row:
    return Row(id="r", cells={name: cell for name, cell in cells.items() if cell})


@pytest.fixture(scope="module")
def plain() -> Assessment:
    return assessed(decision("a b", {**PLAIN, "value_stream.effect": own(a=0.1, b=0.2)}))


@pytest.mark.parametrize(("what", "text", "value"), TYPED)
def test_values_are_typed_as_in_their_questions_and_read_back(
    plain: Assessment, what: str, text: str, value: Value
) -> None:
    made, taken = scenarios.typed(plain, (row(name="S", answer=what, value=text),))
    assert taken.problem == ""
    assert made[0].changes[0].value == value
    document = edits.with_scenarios(plain.decision, made)
    shown_ = scenarios.stated(document).rows
    again, taken = scenarios.typed(plain, shown_)  # nothing of it is known to this document
    assert (again, taken.problem) == (made, "")


def test_what_no_box_can_hold_stays_as_it_is_while_other_lines_change() -> None:
    document = example("sharegpt-assistant")
    assets = document.answers["licences"]["assets"].by_option["ship"]
    assert isinstance(assets, tuple)
    perhaps = WeightsValue(weights={"yes": 1.0, "no": 3.0})
    made = (
        Scenario(name="S", changes=(Change(answer="licences.assets", value=assets, option="ship"), Change(answer="licences.commercial", value=perhaps))),
        Scenario(name="Gone", changes=(Change(answer="licences.assets#gone.name", value="x"),), note="n"),
    )  # fmt: skip
    assessment = assessed(edits.with_scenarios(document, made))
    rows = scenarios.stated(assessment.decision).rows
    again, taken = scenarios.typed(assessment, rows)
    assert (again, taken.problem) == (made, "")
    found, taken = scenarios.typed(
        assessment, (*rows, Row(id="more", cells={"name": "Gone", "answer": "Uses a month", "value": "5"}))
    )
    assert taken.problem == ""
    assert found[0] == made[0]
    assert (found[1].note, len(found[1].changes)) == ("n", 2)


def test_a_whole_list_cannot_be_typed(plain: Assessment) -> None:
    _, taken = scenarios.typed(plain, (row(name="S", answer="licences.assets", value="x"),))
    assert "this is a whole list: name one of its cells" in taken.problem
    with pytest.raises(InputError, match="none of the choices"):
        scenarios._chosen(plain.world.question("lead_time.depends"), "perhaps")


def test_lines_of_one_name_are_one_scenario_that_changes_an_answer_once(plain: Assessment) -> None:
    lines = (
        row(name="Few", answer="Uses a month", value="5"), row(name="Other", answer="Uses a month", value="6"),
        row(name="few", answer="Value of one effect", value="7"), row(name="FEW", answer="Uses a month", value="8"),
    )  # fmt: skip
    made, taken = scenarios.typed(plain, lines)
    assert [(each.name, len(each.changes)) for each in made] == [("Few", 2), ("Other", 1)]
    assert made[0].changes[0].value == 5.0
    assert taken.problem == (
        "row 4 is not counted yet: “Few” changes this already, in row 1: keep one line, or type another name"
    )
