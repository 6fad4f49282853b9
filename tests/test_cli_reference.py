"""``shipworthy reference``: the tables with rows, dates and how far each was checked."""

import json

from click.testing import CliRunner, Result

from shipworthy.cli import cli
from shipworthy.reference.loader import CHECKED, load, names


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["reference", *arguments])


def test_every_table_is_listed_with_rows_dates_and_how_far_it_was_checked() -> None:
    found = run("--on", "2026-11-21").stdout
    for name in names():
        table = load(name)
        block = found.split(f"\n{name}: ")[-1] if not found.startswith(f"{name}: ") else found
        head = block.split("\n")[:3]
        assert f"{len(table)} rows" in head[1]
        assert f"after {table.shelf_life} days" in head[1]
        assert all(
            word in CHECKED for word in head[2].replace("checked:", "").replace(",", "").split() if word.isalpha()
        )
    assert all(meaning in found for meaning in CHECKED.values())


def test_what_is_older_than_it_should_be_is_counted_on_a_day() -> None:
    fresh, late = (json.loads(run("--json", "--on", day).stdout) for day in ("2026-11-21", "2027-12-01"))
    duties = [next(each for each in found if each["table"] == "duties") for found in (fresh, late)]
    assert [each["past_shelf_life"] for each in duties] == [0, 59]
    assert duties[0]["rows"] == sum(duties[0]["checked"].values()) == 59
    assert duties[0]["version"] == load("duties").version


def test_one_table_lists_its_rows_with_their_sources() -> None:
    lines = run("licences").stdout.splitlines()
    notes = [row.text("note") for row in load("licences") if row.text("note")]
    assert len(lines) == len(load("licences")) + len(notes)
    assert [line.strip().removeprefix("note: ") for line in lines if line.startswith(" ")] == notes
    assert lines[0].split()[:3] == ["mit", "2026-11-20", "seen"]
    assert "older than it should be" in run("licences", "--on", "2028-01-01").stdout
    (table,) = json.loads(run("licences", "--json", "--on", "2026-11-21").stdout)
    assert (table["table"], table["rows"]) == ("licences", len(table["listed"]))
    row = next(each for each in table["listed"] if each["key"] == "llama-3")
    assert (row["users_most"], row["checked"], row["past_shelf_life"]) == (700e6, "seen", False)
    assert row["note"] == load("licences")["llama-3"].text("note")


def test_a_table_that_is_not_there_and_a_day_that_is_none_are_refused_in_a_sentence() -> None:
    for arguments in (["licenses"], ["licenses", "--json"], ["--on", "soon"]):
        result = run(*arguments)
        assert result.exit_code == 2
        assert "Traceback" not in result.output
    assert "Did you mean licences" in run("licenses").output
