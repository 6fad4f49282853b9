"""Export by the ending, the difference of two files, and the schema, on the command line."""

import csv
import json
import re
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from shipworthy import documents, edits, exports
from shipworthy.cli import cli
from shipworthy.cli_files import kind_of
from shipworthy.errors import InputError
from shipworthy.examples import example, text

HOSTILE = "Gap\x1b]0;owned\x07\x1b[31m\x9b2J\u202e\n=cmd|' /C calc'!A0"


def run(*arguments: str | Path, input: str | None = None) -> Result:
    return CliRunner().invoke(cli, [str(each) for each in arguments], input=input, env={"COLUMNS": "80"})


@pytest.fixture
def churn(tmp_path: Path) -> Path:
    path = tmp_path / "churn.json"
    path.write_text(text("churn"), encoding="utf-8")
    return path


@pytest.fixture
def later(tmp_path: Path) -> Path:
    path = tmp_path / "later.json"
    path.write_text(documents.write(edits.say(example("churn"), "lead_time.events", 30.0)), encoding="utf-8")
    return path


# ---- export


@pytest.mark.parametrize("name", ["out.md", "out.markdown", "out.MD"])
def test_export_markdown(churn: Path, tmp_path: Path, name: str) -> None:
    done = run("export", churn, "-o", tmp_path / name)
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")
    said = (tmp_path / name).read_text(encoding="utf-8")
    assert said.startswith('---\nstatus: "proposed"\ndate: 20')
    assert "\n# Churn calls\n" in said
    assert re.search(r"^  \* at risk when “", said, re.MULTILINE), "with what would change a finding"


def test_export_answers(churn: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    assert run("export", churn, "-o", out).exit_code == 0
    data = out.read_bytes()
    assert data.startswith(b"\xef\xbb\xbfanswer,consideration,"), "spreadsheets know by this that it is UTF-8"
    assert data.count(b"\r\n") == data.count(b"\n"), "lines end as the form says"
    with out.open(encoding="utf-8-sig", newline="") as source:
        found = {line["answer"]: line for line in csv.DictReader(source)}
    assert found["lead_time.precision"]["low"]
    assert found["value_stream.period"]["value"] == "3"


def test_export_the_assessment_is_what_assess_prints(churn: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    assert run("export", churn, "-o", out).exit_code == 0
    assert out.read_text(encoding="utf-8") == run("assess", churn, "--json").stdout
    schema = json.loads(run("schema", "--of", "assessment").stdout)
    jsonschema.Draft202012Validator(schema).validate(json.loads(out.read_text()))


def test_the_record_is_the_same_however_it_is_asked_for(churn: Path, tmp_path: Path) -> None:
    for name in ("out.html", "out.HTM", "record"):
        assert run("export", churn, "-o", tmp_path / name).exit_code == 0
        assert (tmp_path / name).read_text(encoding="utf-8").startswith("<!doctype html>")
    assert run("export", churn, "-o", "-").stdout.startswith("<!doctype html>")


def test_a_record_exports_like_its_decision(churn: Path, tmp_path: Path) -> None:
    record = tmp_path / "churn.html"
    run("export", churn, "-o", record)
    for name in ("one.csv", "two.csv"):
        assert run("export", record if name == "one.csv" else churn, "-o", tmp_path / name).exit_code == 0
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


def test_an_ending_that_is_not_known(churn: Path, tmp_path: Path) -> None:
    done = run("export", churn, "-o", tmp_path / "out.docx")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.endswith("nothing is written as .docx: choose .html, .md, .csv or .json\n")
    assert not (tmp_path / "out.docx").exists()
    with pytest.raises(InputError):
        kind_of("out.json.gz")


def test_no_decision_is_lost_to_an_export(churn: Path, later: Path, tmp_path: Path) -> None:
    """“export churn.html -o churn.json” looks as if it would bring the decision back."""
    record = tmp_path / "churn.html"
    run("export", churn, "-o", record)
    before = churn.read_bytes()
    for source in (record, churn, later):
        done = run("export", source, "-o", churn)
        assert (done.exit_code, done.stdout) == (2, "")
        assert "choose another name" in done.stderr
        assert len(done.stderr.splitlines()) == 1
    odd = tmp_path / "decision.md"
    odd.write_bytes(before)
    assert run("export", odd, "-o", odd).exit_code == 2
    assert churn.read_bytes() == odd.read_bytes() == before
    out = tmp_path / "out.json"
    assert run("export", churn, "-o", out).exit_code == 0
    assert run("export", churn, "-o", out).exit_code == 0, "an assessment may be replaced"
    assert run("export", record, "-o", record).exit_code == 0, "and so may a record, which carries its decision"


def test_nothing_is_written_of_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    for name in ("out.md", "out.csv", "out.json"):
        assert run("export", tmp_path / "missing.json", "-o", tmp_path / name).exit_code == 2
        assert not (tmp_path / name).exists()


def test_a_hostile_title_is_harmless_in_every_export(tmp_path: Path) -> None:
    decision = edits.with_frame(example("churn"), title=HOSTILE)
    decision = edits.rename_option(decision, decision.options[0].key, "=1+1")
    for name in ("out.md", "out.csv", "out.json"):
        assert run("export", "-", "-o", tmp_path / name, input=documents.write(decision)).exit_code == 0
        said = (tmp_path / name).read_text(encoding="utf-8-sig")
        assert not set(said) & set("\x1b\x07\x9b\u202e")
        assert ",=1+1" not in said
    assert "'=1+1" in (tmp_path / "out.csv").read_text(encoding="utf-8-sig")


# ---- diff


def test_no_difference(churn: Path, tmp_path: Path) -> None:
    record = tmp_path / "churn.html"
    run("export", churn, "-o", record)
    for pair in ((churn, churn), (churn, record), (record, churn), (record, record)):
        done = run("diff", *pair)
        assert (done.exit_code, done.stdout, done.stderr) == (0, "No difference.\n", "")


def test_a_decision_is_held_against_a_record_on_the_records_day(churn: Path, tmp_path: Path) -> None:
    dated = tmp_path / "dated.json"
    dated.write_text(text("churn").replace('"frame"', '"as_of": "2026-07-01", "frame"', 1), encoding="utf-8")
    assert run("diff", churn, dated).stdout == "No difference.\n"
    said = json.loads(run("diff", churn, dated, "--json").stdout)
    assert said["before"]["on"] == said["after"]["on"] == "2026-07-01"
    on = json.loads(run("diff", churn, dated, "--json", "--on", "2026-08-02").stdout)
    assert on["before"]["on"] == on["after"]["on"] == "2026-08-02"


def test_a_difference_in_words_and_as_data(churn: Path, later: Path) -> None:
    done = run("diff", churn, later)
    assert (done.exit_code, done.stderr) == (0, "")
    said = done.stdout.splitlines()
    assert said[0] == "Answers"
    assert re.fullmatch(r"  Intervention lead time › Events a month: .* → 30 events a month", said[1])
    assert "What follows" in said
    assert any(re.fullmatch(r"  Three-month gap, expected payoff: \S+ USD → \S+ USD", line) for line in said)
    data = json.loads(run("diff", churn, later, "--json").stdout)
    assert not data["same"]
    assert [each["answer"] for each in data["answers"]] == ["lead_time.events"] * len(data["answers"])
    assert run("diff", churn, later, "--json").stdout.isascii()


def test_bad_input_of_diff_names_the_file(churn: Path, tmp_path: Path) -> None:
    for pair in ((churn, tmp_path / "missing.json"), (tmp_path / "missing.json", churn)):
        done = run("diff", *pair)
        assert (done.exit_code, done.stdout) == (2, "")
        assert done.stderr.startswith(f"{tmp_path / 'missing.json'}: there is no such file")
    assert run("diff", churn).exit_code == 2
    assert run("diff", churn, churn, "--on", "soon").exit_code == 2


def test_what_differs_reaches_no_terminal_raw(churn: Path) -> None:
    done = run("diff", churn, "-", input=documents.write(edits.with_frame(example("churn"), title=HOSTILE)))
    assert done.exit_code == 0
    assert r"Title: Churn calls → Gap\x1b]0;owned\x07\x1b[31m\x9b2J\u202e =cmd" in done.stdout
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", done.stdout)


# ---- schema


def test_schema_of_both() -> None:
    assert json.loads(run("schema", "--of", "assessment").stdout) == exports.assessment_schema()
    assert run("schema", "--of", "decision").stdout == run("schema").stdout
    assert run("schema", "--of", "anything").exit_code == 2


def test_the_new_commands_are_listed() -> None:
    listed = run("--help").stdout
    assert re.search(r"^  diff ", listed, re.MULTILINE)
    assert ".csv" in run("export", "--help").stdout
