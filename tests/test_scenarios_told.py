"""Scenarios in the record, in its printed numbers, in a comparison of two decisions, and on the command line."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from decisions import ON, PLAIN, assessed, decision, own
from records import HOSTILE, MADE, Page, record_of

from shipworthy import difference, documents, edits
from shipworthy.assess import assess
from shipworthy.cli import cli
from shipworthy.decision import Change, Decision, Scenario
from shipworthy.examples import example
from shipworthy.moves import Record, in_words, moves
from shipworthy.record import make, open_record
from shipworthy.record.embed import NUMBERS_ID
from shipworthy.record.printed import printed
from shipworthy.record.what_if import chapters
from shipworthy.scenarios import side_by_side

RUNNING = "value_stream.running"


def with_scenarios(document: Decision, *made: Scenario) -> Decision:
    return edits.with_scenarios(document, made)


def one(*changes: Change, name: str = "Dear", note: str = "") -> Scenario:
    return Scenario(name=name, changes=changes, note=note)


DEAR = one(Change(answer=RUNNING, value=900.0))


# ---- the record


def test_the_record_prints_every_scenario_with_what_it_changes() -> None:
    page = Page(make(assess(example("churn"), on=ON), made_at=MADE, with_charts=False, flips={}))
    shown = page.shown
    assert "What if some answers were different?" in shown
    for chapter in chapters(assess(example("churn"), on=ON)):
        for text in (chapter.name, chapter.told.finding, chapter.note, *chapter.changes[0], *chapter.told.rows[2]):
            assert " ".join(text.split()) in shown
    assert "typically 60 days; 1 in 20 above 90 days" in shown, "as it stands"
    assert "typically 91 days; 1 in 20 above 140 days" in shown, "changed to"
    assert any(each.attributes.get("href") == "#what-if" for each in page.all("a"))


def test_a_record_without_scenarios_has_no_such_chapter() -> None:
    page = record_of(decision("a", PLAIN))
    assert "what-if" not in page
    assert "What if" not in Page(page).shown


def test_own_values_are_told_by_option_and_what_does_not_fit_is_told() -> None:
    document = decision("a b", {**PLAIN, RUNNING: own(a=300, b=500)})
    made = one(
        Change(answer=RUNNING, value=900.0),
        Change(answer="gone.by", value=1.0),
        Change(answer=RUNNING, value=5.0, option="b"),
    )
    (chapter,) = chapters(assessed(with_scenarios(document, made)))
    assert chapter.changes[0] == (
        "Value stream › Running cost",
        "all options",
        "300 USD a month (A); 500 USD a month (B)",
        "900 USD a month",
    )
    assert chapter.changes[1][2:] == ("not asked", "1")
    assert chapter.changes[2][1:3] == ("B", "500 USD a month")
    assert chapter.told.more[0].startswith("“Dear” leaves out “gone.by”")


def test_names_and_notes_are_no_markup() -> None:
    made = one(Change(answer=RUNNING, value=900.0), name=HOSTILE[:120], note=HOSTILE)
    page = record_of(with_scenarios(decision("a", PLAIN), made))
    assert HOSTILE[:60] not in page
    assert "<img src=x" not in page
    assert len([each for each in Page(page).all("script") if "src" in each.attributes]) == 0


# ---- its printed numbers


def test_a_record_keeps_the_numbers_of_its_scenarios() -> None:
    assessment = assess(example("churn"), on=ON)
    page = make(assessment, made_at=MADE, with_charts=False, flips={})
    inside = json.loads(Page(page).data(NUMBERS_ID))
    assert [each["name"] for each in inside["scenarios"]] == [each.name for each in example("churn").scenarios]
    found = side_by_side(assessment, None, example("churn").scenarios[0])
    numbers = inside["scenarios"][0]["options"]["three_month_gap"]
    assert numbers["payoff.mean"] == pytest.approx(found.right.options["three_month_gap"].payoff.mean, rel=1e-8)
    assert numbers["gained.p10"] == pytest.approx(found.differences["three_month_gap"].p10, rel=1e-8)
    assert inside["scenarios"][0]["recommended"] == "do_nothing"
    opened = open_record(page)
    assert opened.printed is not None
    assert Record(opened.printed, assess(opened.decision, on=ON)).since.same


def test_a_number_of_a_scenario_that_moved_is_told() -> None:
    before = printed(assessed(with_scenarios(decision("a", PLAIN), DEAR)))
    after = printed(assessed(with_scenarios(decision("a", PLAIN), one(Change(answer=RUNNING, value=9_000.0)))))
    found = moves(before, after)
    assert (found.options, found.findings, found.recommended) == ((), (), None)
    assert bool(found)
    assert found.scenarios[0].recommended == ("a", "do_nothing")
    assert list(in_words(found, before, after, "USD")) == [
        "With “Dear”, recommended: A → Do nothing",
        "With “Dear”, A, expected payoff: 74k USD → −101k USD",
    ]


def test_a_record_from_before_there_were_scenarios_is_held_to_what_it_printed() -> None:
    document = with_scenarios(decision("a", PLAIN), DEAR)
    now = printed(assessed(document))
    old = now.model_copy(update={"scenarios": ()})
    assert not moves(old, now)


# ---- two decisions compared


def test_scenarios_that_came_went_or_changed_are_listed() -> None:
    cheap = one(Change(answer=RUNNING, value=100.0), name="Cheap")
    before = with_scenarios(decision("a b", PLAIN), DEAR, cheap)
    after = with_scenarios(
        decision("a b", PLAIN), one(Change(answer=RUNNING, value=950.0, option="b")), one(name="New", note="n")
    )
    found = difference.compare(assessed(before), assessed(after))
    assert difference.lines(found)[:4] == [
        "Scenarios",
        "  “Dear”: Value stream › Running cost: 900 USD a month → Value stream › Running cost for “B”: 950 USD a month",
        "  − “Cheap”: Value stream › Running cost: 100 USD a month",
        "  + “New”: (n)",
    ]
    assert [each["what"] for each in difference.data(found)["scenarios"]] == ["changed", "removed", "added"]
    assert difference.data(found)["moved"]["scenarios"][0]["name"] == "Dear"
    assert difference.lines(difference.compare(assessed(before), assessed(before))) == ["No difference."]


# ---- the command line


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(each) for each in arguments], env={"COLUMNS": "200"})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "churn.json"
    found.write_text(documents.write(example("churn")), encoding="utf-8")
    return found


def test_a_scenario_is_assessed_by_its_name(path: Path) -> None:
    done = run("assess", path, "--scenario", "persuasion takes three months", "--on", ON.isoformat())
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("Churn calls, what if: Persuasion takes three months\n")
    said: dict[str, Any] = json.loads(
        run("assess", path, "--scenario", "Persuasion takes three months", "--json", "--on", ON.isoformat()).stdout
    )
    found = side_by_side(assess(example("churn"), on=ON), None, example("churn").scenarios[0])
    assert said["recommended"] == "do_nothing"
    for option in said["options"]:
        assert option["payoff"]["mean"] == pytest.approx(found.right.options[option["key"]].payoff.mean, rel=1e-8)


def test_a_scenario_of_a_record_is_not_held_against_its_numbers(tmp_path: Path) -> None:
    path = tmp_path / "churn.html"
    path.write_text(make(assess(example("churn"), on=ON), made_at=MADE, with_charts=False, flips={}), encoding="utf-8")
    done = run("assess", path, "--scenario", "Persuasion takes three months")
    assert done.exit_code == 0
    assert "Every number is the one" not in done.stdout
    assert "Moved since" not in done.stdout


def test_another_name_is_refused_with_those_that_there_are(path: Path) -> None:
    done = run("assess", path, "--scenario", "Nothing")
    assert done.exit_code == 2
    assert (
        "“Nothing” is no scenario of this decision; there are “Persuasion takes three months” and “A call"
        in done.stderr
    )


def test_what_does_not_fit_is_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    document = with_scenarios(
        decision("a", PLAIN), one(Change(answer="gone.by", value=1.0), Change(answer=RUNNING, value=5.0))
    )
    path.write_text(documents.write(document), encoding="utf-8")
    done = run("assess", path, "--scenario", "dear", "--on", ON.isoformat())
    assert done.exit_code == 0
    assert "Warning: " in done.stderr
    assert "“Dear” leaves out “gone.by”" in done.stderr
