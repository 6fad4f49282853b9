"""A record runs again: to the numbers printed in it, on the same version; and says what moved where that has changed."""

import json
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from records import MADE, ON, Page

from shipworthy import documents, report
from shipworthy.assess import Assessment, assess
from shipworthy.cli import cli
from shipworthy.decision import RangeValue
from shipworthy.examples import example, keys
from shipworthy.moves import Record
from shipworthy.record import embed, make, open_record
from shipworthy.record.embed import DOCUMENT_ID, NUMBERS_ID
from shipworthy.record.printed import Printed, parse, printed
from shipworthy.reference import loader

TODAY = date(2031, 5, 1)


@cache
def made(key: str) -> str:
    """The record of an example as the command line makes it, without flip points and charts: these add no number."""
    return make(assess(example(key), on=ON), made_at=MADE, with_charts=False, flips={})


def again(page: str) -> tuple[Assessment, Record]:
    """What the decision inside a record gives today."""
    opened = open_record(page)
    assert opened.printed is not None
    assessment = assess(opened.decision, on=opened.decision.as_of or TODAY)
    return assessment, Record(opened.printed, assessment)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(each) for each in arguments], env={"COLUMNS": "200"})


def rewritten(page: str, **changes: Any) -> str:
    """A record with other data in it, as a newer or older Shipworthy would have made it: its fingerprint fits."""
    inside = json.loads(Page(page).data(DOCUMENT_ID))
    text = documents.write(documents.read(json.dumps({**inside, **changes})))
    start = page.index(f'<script type="application/json" id="{DOCUMENT_ID}"')
    end = page.index("</script>", start)
    sha256 = embed.fingerprint(text)
    block = f'<script type="application/json" id="{DOCUMENT_ID}" data-sha256="{sha256}">{embed.script_safe(text)}'
    return page[:start] + block + page[end:]


def with_numbers(page: str, numbers: str) -> str:
    """A record that printed other numbers."""
    old = Page(page).data(NUMBERS_ID)
    assert old in page
    return page.replace(old, embed.script_safe(numbers))


def numbers_in(value: Any) -> Iterator[float]:
    if isinstance(value, float):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from numbers_in(each)


# ---- the same version


@pytest.mark.parametrize("key", keys())
def test_every_example_gives_the_numbers_printed_in_its_record(key: str) -> None:
    assessment, record = again(made(key))
    assert assessment.on == ON
    inside = json.loads(Page(made(key)).data(NUMBERS_ID))
    assert inside == printed(assessment).model_dump(mode="json"), "to the last of nine digits"
    said = report.data(assessment, flips={})
    for option, kept in zip(said["options"], inside["options"], strict=True):
        assert option["payoff"] == kept["payoff"]
        assert option["ledger"] == kept["ledger"]
        assert option["meets_all"] == kept["meets_all"]
        for name, finding in option["findings"].items():
            told = {part: finding[part] for part in ("status", "probability", "headline")}
            assert told == kept["findings"][name]
    assert record.since.same
    assert record.lines() == ["Every number is the one that the record printed (as of 20 November 2026)."]
    assert make(assessment, made_at=MADE, with_charts=False, flips={}) == made(key), "and so is all else that it prints"


@pytest.mark.parametrize("key", keys())
def test_what_is_kept_has_nine_digits_and_is_what_the_page_shows(key: str) -> None:
    page = Page(made(key))
    inside = json.loads(page.data(NUMBERS_ID))
    found = list(numbers_in(inside))
    assert len(found) > 50
    assert all(float(f"{each:.9g}") == each for each in found)
    shown = " ".join(page.shown.split())
    for option in inside["options"]:
        assert option["name"] in shown
        for finding in option["findings"].values():
            if finding["status"] != "not_applicable":
                assert " ".join(finding["headline"].split()) in shown


def test_the_command_line_says_so(tmp_path: Path) -> None:
    path = tmp_path / "churn.html"
    path.write_text(made("churn"), encoding="utf-8")
    done = run("assess", path)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.endswith("\nEvery number is the one that the record printed (as of 20 November 2026).\n")
    said = json.loads(run("assess", path, "--json").stdout)
    assert said["since_record"] == {
        "on": "2026-11-20", "same": True, "versions": {}, "recommended": None, "findings": [], "options": [],
    }  # fmt: skip
    assert said["on"] == "2026-11-20"
    plain = tmp_path / "churn.json"
    plain.write_text(documents.write(example("churn")), encoding="utf-8")
    assert "since_record" not in json.loads(run("assess", plain, "--json").stdout)


# ---- another version


def test_a_record_of_other_tables_lists_them_though_no_number_moved() -> None:
    tables = json.loads(Page(made("churn")).data(DOCUMENT_ID))["tables"]
    page = rewritten(made("churn"), tables={**tables, "defaults": "0123456789ab", "old": "cafe"})
    _, record = again(page)
    assert record.since.versions == {
        "defaults": ("0123456789ab", loader.load("defaults").version), "old": ("cafe", None),
    }  # fmt: skip
    assert record.since.same
    assert record.lines() == [
        "Every number is the one that the record printed (as of 20 November 2026).",
        f"  Version of defaults: 0123456789ab → {loader.load('defaults').version}",
        "  Version of old: cafe → none",
    ]


def test_a_changed_table_lists_what_moved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    page = made("churn")  # made before the table changes
    path = tmp_path / "churn.html"
    path.write_text(page, encoding="utf-8")
    now = assess(example("churn"), on=ON)
    question = now.registry["value_stream"].questions["discount_rate"]
    was = question.declared_default()
    assert was is not None
    table = loader.load("defaults")
    other = loader.Table(table.name, table.title, table.key, table.shelf_life, table.units, table.rows, "feedfacecafe")
    load = loader.load
    monkeypatch.setattr(loader, "load", lambda name: other if name == "defaults" else load(name))
    dearer = type(was)(0.2, was.source, was.as_of, was.checked)
    monkeypatch.setattr("shipworthy.considerations.questions._DEFAULTS", {id(question): (question, dearer)})
    done = run("assess", path)
    assert done.exit_code == 0, done.stderr
    assert "Changed since this decision was saved: the reference tables defaults" in done.stderr
    said = done.stdout[done.stdout.index("Moved since the record was made") :].splitlines()
    assert said[:2] == [
        "Moved since the record was made (as of 20 November 2026):",
        f"  Version of defaults: {table.version} → feedfacecafe",
    ]
    payoff = next(line for line in said if line.startswith("  Three-month gap, expected payoff: "))
    before, after = re.findall(r"(\d+)k USD", payoff)
    assert int(before) > int(after), "a higher discount rate is worth less"
    since = json.loads(run("assess", path, "--json").stdout)["since_record"]
    assert not since["same"]
    assert since["versions"] == {"defaults": {"before": table.version, "after": "feedfacecafe"}}
    moved = next(each for each in since["options"] if each["option"] == "three_month_gap")["moved"]
    kept = parse(Page(page).data(NUMBERS_ID))
    assert kept is not None
    assert moved["payoff.mean"]["before"] == next(
        each.payoff["mean"] for each in kept.options if each.key == "three_month_gap"
    )


def test_another_package_is_named() -> None:
    kept = parse(Page(made("churn")).data(NUMBERS_ID))
    assert kept is not None
    older = kept.model_copy(update={"versions": {**kept.versions, "shipworthy": "0.0.9"}})
    _, record = again(with_numbers(made("churn"), older.model_dump_json()))
    assert record.since.versions == {"shipworthy": ("0.0.9", kept.versions["shipworthy"])}


def test_another_day_is_said(tmp_path: Path) -> None:
    path = tmp_path / "churn.html"
    path.write_text(made("churn"), encoding="utf-8")
    said = run("assess", path, "--on", "2026-12-24").stdout.splitlines()
    assert "  It is now assessed as of 24 December 2026." in said


def test_an_edited_record_moves_and_says_that_nothing_else_has_changed() -> None:
    answers = json.loads(Page(made("churn")).data(DOCUMENT_ID))["answers"]
    value = RangeValue(low=300.0, likely=400.0, high=500.0).model_dump()
    answers["value_stream"]["value"]["value"] = value
    _, record = again(rewritten(made("churn"), answers=answers))
    said = record.lines()
    assert said[0] == "Moved since the record was made (as of 20 November 2026):"
    assert any(line.startswith("  Recommended: Three-month gap → ") for line in said)
    assert any(line.startswith("  Three-month gap, expected payoff: 57") for line in said)
    assert said[-1].endswith("the record was edited, or made on another kind of machine.")


# ---- records as they were, and as they should not be


def test_an_early_record_has_fewer_numbers_and_those_are_compared() -> None:
    """Before findings were kept: day, draws, recommendation, and each option's payoff."""
    kept = json.loads(Page(made("churn")).data(NUMBERS_ID))
    early = {
        **{name: kept[name] for name in ("on", "draws", "recommended")},
        "options": [{name: each[name] for name in ("key", "meets_all", "payoff")} for each in kept["options"]],
    }
    _, record = again(with_numbers(made("churn"), json.dumps(early)))
    assert record.since.same
    early["options"][0]["payoff"]["mean"] += 1000.0
    _, record = again(with_numbers(made("churn"), json.dumps(early)))
    assert [(each.option, list(each.numbers)) for each in record.since.moves.options] == [
        (early["options"][0]["key"], ["payoff.mean"])
    ]


@pytest.mark.parametrize(
    "numbers",
    ["", "[]", "{", '{"on": 3}', '{"on": "2026-11-20"}', '{"on": "2026-11-20", "options": [{"key": "a"}]}', "[" * 100_000,
     '{"on": "2026-11-20", "options": [{"key": "a", "payoff": {"mean": "much"}}]}',
     '{"on": "2026-11-20", "options": [{"key": "a", "payoff": {"mean": NaN}}]}'],
    ids=range(9),
)  # fmt: skip
def test_numbers_that_cannot_be_read_are_said_and_the_decision_opens(numbers: str) -> None:
    opened = open_record(with_numbers(made("churn"), numbers))
    assert opened.printed is None
    assert opened.warning is not None
    assert opened.warning.startswith("The numbers that this record printed cannot be read")


def test_numbers_that_are_there_twice_are_not_believed() -> None:
    page = made("churn")
    block = f'<script type="application/json" id="{NUMBERS_ID}">{{"on": "2026-11-20", "options": []}}</script></body>'
    assert open_record(page.replace("</body>", block)).printed is None


def test_hostile_numbers_reach_the_terminal_written_out(tmp_path: Path) -> None:
    kept = printed(assess(example("churn"), on=ON, size=2**6))
    first = kept.options[0].model_copy(update={"name": "\x1b[31mred", "key": "gone\x1b"})
    wrong: Printed = kept.model_copy(
        update={
            "on": "2026-99-99",
            "recommended": "\x1b[2J",
            "options": (first, *kept.options[1:]),
            "versions": {"a\x1b": "b\n"},
        }
    )
    path = tmp_path / "churn.html"
    path.write_text(with_numbers(made("churn"), wrong.model_dump_json()), encoding="utf-8")
    done = run("assess", path)
    assert done.exit_code == 0
    assert "\x1b" not in done.stdout
    assert "It printed other options than the decision inside it has now." in done.stdout
    assert "It was made from 64 draws, now there are 16,384." in done.stdout
    assert "a day that cannot be read" in done.stdout
