"""``shipworthy recheck``: what it says, its exit codes, and measurements from tables that nobody can trust."""

import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from shipworthy import documents
from shipworthy.assess import assess
from shipworthy.cli import cli
from shipworthy.decision import Condition, Decision, Outcome
from shipworthy.errors import InputError
from shipworthy.examples import example
from shipworthy.measurements import Line, measured, read
from shipworthy.record import make
from shipworthy.triggers import parse

ON = date(2026, 11, 20)
DECIDED = datetime(2026, 11, 20, 9, tzinfo=UTC)
EVIL = "Prices\x1b[31m double\u202e"


def run(*arguments: str | Path, input: bytes | str | None = None) -> Result:
    return CliRunner().invoke(cli, ["recheck", *(str(each) for each in arguments)], input=input)


def made(*triggers: str, key: str = "churn", **rest: Any) -> Decision:
    document = example(key)
    outcome = Outcome(**{"chosen": document.options[1].key, "decided_at": DECIDED, **rest})
    found = tuple(parse(each, document, on=ON) for each in triggers)
    return document.model_copy(update={"outcome": outcome.model_copy(update={"triggers": found})})


@pytest.fixture
def churn(tmp_path: Path) -> Path:
    path = tmp_path / "churn.json"
    path.write_text(documents.write(made("persuasion exceeds 90 days", "on 1 March 2027", reopen=(EVIL,))))
    return path


@pytest.fixture
def loans(tmp_path: Path) -> Path:
    path = tmp_path / "loans.json"
    path.write_text(documents.write(made("value of one effect is below 50 EUR", key="loan-decisions")))
    return path


def table(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "measured.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


# ---- exit codes


def test_all_hold(churn: Path) -> None:
    done = run(churn, "--on", "2026-12-01")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"{churn}: “Churn calls” holds",
        "  ? for people to judge. Reopen when Prices [31m double : Written in words that only people can judge.",
        "  ✓ holds. Reopen when “Intervention lead time › Persuasion: first talk to decision” is above 90 days: Nothing new was measured; the decision has 60 days.",
        "  ✓ holds. Reopen when 1 March 2027 has come: That is in 90 days.",
    ]
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout


def test_what_was_measured_reopens(churn: Path, tmp_path: Path) -> None:
    done = run(
        churn,
        "--on",
        "2026-12-01",
        "--answers",
        table(tmp_path, "answer,option,value\nlead_time.persuasion,,95 days\n"),
    )
    assert (done.exit_code, done.stderr) == (3, "")
    lines = done.stdout.splitlines()
    assert lines[0].endswith("should be reopened")
    assert (
        lines[1]
        == "  ! reopen. Reopen when “Intervention lead time › Persuasion: first talk to decision” is above 90 days: It was measured at 95 days."
    )


def test_the_day_reopens_and_today_counts_unless_told_otherwise(churn: Path, tmp_path: Path) -> None:
    assert run(churn, "--on", "2027-03-01").exit_code == 3
    past = tmp_path / "past.json"
    past.write_text(documents.write(made("on 1 March 2021").model_copy(update={"as_of": date(2020, 1, 1)})))
    assert run(past).exit_code == 3, "today, not the day that the decision is of"


def test_a_record_is_read_too(churn: Path, tmp_path: Path) -> None:
    record = tmp_path / "churn.html"
    found = assess(made("on 1 March 2027"), on=ON, size=64)
    record.write_text(make(found, made_at=DECIDED, with_charts=False, flips={}))
    assert run(record, "--on", "2027-02-28").exit_code == 0
    assert run(record, "--on", "2027-03-01").exit_code == 3


def test_a_late_condition_reopens(tmp_path: Path) -> None:
    late = documents.write(made(conditions=(Condition(text="Sales agrees", by=date(2027, 1, 31)),)))
    assert run("-", "--on", "2027-01-31", input=late).exit_code == 0
    done = run("-", "--on", "2027-02-01", input=late)
    assert done.exit_code == 3
    assert "Condition: Sales agrees: It had to be done by 31 January 2027, 1 day ago, and is not." in done.stdout


def test_nothing_written_down(tmp_path: Path) -> None:
    done = run("-", input=documents.write(example("churn")))
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "standard input: “Churn calls” holds (not decided yet)",
        "  Nothing was written down that would reopen it.",
    ]


def test_several_decisions(churn: Path, loans: Path, tmp_path: Path) -> None:
    done = run(churn, loans, "--on", "2026-12-01")
    assert done.exit_code == 0
    assert done.stdout.splitlines()[-1] == "None of 2 decisions should be reopened."
    file = table(tmp_path, "answer,option,value\nlead_time.persuasion,Two-month gap,95\nvalue_stream.value,,1000\n")
    done = run(churn, loans, "--on", "2026-12-01", "--answers", file)
    assert done.exit_code == 3, "an option that is in one of them alone is no mistake"
    assert done.stdout.splitlines()[-1] == "1 of 2 decisions should be reopened."
    assert run(loans, churn, "--on", "2026-12-01", "--answers", file).exit_code == 3, "in whichever order"


# ---- bad input


def test_a_bad_file_does_not_keep_the_others_from_being_looked_at(churn: Path, tmp_path: Path) -> None:
    assert run(tmp_path / "gone.json", churn, "--on", "2026-12-01").exit_code == 2
    done = run(tmp_path / "gone.json", churn, "--on", "2027-03-01")
    assert done.exit_code == 3, "a job that watches for 3 must not miss it"
    assert done.stderr.splitlines() == [f"{tmp_path / 'gone.json'}: there is no such file: check the path"]
    assert "should be reopened" in done.stdout


def test_a_trigger_on_a_question_that_is_not_asked(tmp_path: Path) -> None:
    data = json.loads(documents.write(example("churn")))
    data["outcome"] = {"triggers": [{"kind": "answer", "answer": "lead_time.colour", "value": 3.0}]}
    for command in ("recheck", "check"):
        done = CliRunner().invoke(cli, [command, "-"], input=json.dumps(data))
        assert done.exit_code == 2
        assert (
            done.stderr
            == "standard input: Outcome: “lead_time.colour” is not a question; name one like lead_time.persuasion\n"
        )


def test_every_bad_line_is_one_sentence_and_nothing_is_concluded(churn: Path, tmp_path: Path) -> None:
    lines = (
        "answer;option;value",
        "persuasion;;=1+1",
        "colour;;4",
        "lead_time.gap;Five-month gap;80",
        "recall;;300 %",
        "",
        "recall;;",
        ";;4",
        "precision;;40 %",
        "lead_time.precision;;50 %",
        "value_stream.currency;;4",
        f"{EVIL};;1",
    )
    done = run(churn, "--answers", table(tmp_path, "\n".join(lines)))
    assert (done.exit_code, done.stdout) == (2, "")
    said = [each.partition("measured.csv: ")[2] for each in done.stderr.splitlines()]
    assert [each.partition(":")[0] for each in said] == [f"line {number}" for number in (2, 3, 4, 5, 7, 8, 10, 11, 12)]
    for sentence, phrase in zip(
        said,
        ("not a number", "is not an answer", "is not an option", "outside what is possible", "the value is missing", "the answer is missing", "stand in line 9", "is not an answer", "is not an answer"),
        strict=True,
    ):  # fmt: skip
        assert phrase in sentence
    assert "\x1b" not in done.stderr


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"", "the first line has to name the columns answer, option, value"),
        (b"a,b\n1,2\n", "the first line has to name"),
        (b"answer,answer,value\n", "the first line has to name"),
        (b"\xff\xfea\x00n\x00", "not text in UTF-8"),
        (b"answer,value\n" + b"x,1\n" * 10_001, "more than 10,000 lines"),
        (b'answer,value\n"' + b"x" * 200_000 + b'",1\n', "cannot be read as a table"),
    ],
)
def test_no_table_at_all(text: bytes, problem: str, churn: Path, tmp_path: Path) -> None:
    done = run(churn, "--answers", table(tmp_path, text))
    assert (done.exit_code, done.stdout) == (2, "")
    assert problem in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_tables_that_people_save() -> None:
    said = Line(2, "lead_time.persuasion", "", "95")
    for text in (
        "\ufeffAnswer,Option,Value\r\nlead_time.persuasion,,95\r\n",
        "answer;value;option;who\nlead_time.persuasion;95;;Ada\n",
        "value\tanswer\n95\tlead_time.persuasion\n",
        '"answer","option","value"\n" lead_time.persuasion ","","95"\n\n,,\n',
    ):
        assert read(text) == [said], text
        assert read(text.encode()) == [said]


def test_measurements_are_read_in_the_unit_of_the_answer() -> None:
    names = {
        "lead_time.persuasion": ("2 weeks", 14.0),
        "recall": ("30 %", 0.3),
        "Value of one effect": ("2.5k", 2500.0),
        "lead_time.share_flagged": ("0.0618", 0.0618),
    }
    lines = [Line(number, name, "three-month gap", value) for number, (name, (value, _)) in enumerate(names.items())]
    found, wrong = measured(lines, example("churn"))
    assert wrong == {}
    assert list(found.values()) == [value for _, value in names.values()]
    assert {option for _, option in found} == {"three_month_gap"}


@given(st.text(max_size=200))
def test_any_text_is_a_table_or_one_sentence(text: str) -> None:
    lines: list[Line] = []
    problem = ""
    try:
        lines = read("answer,option,value\n" + text)
    except InputError as refused:
        problem = str(refused)
    _, wrong = measured(lines, example("churn"))
    for sentence in (problem, *wrong.values()):
        assert sentence.isprintable()
        assert len(sentence) < 600


# ---- JSON, help


def test_json(churn: Path, loans: Path) -> None:
    done = run(churn, loans, "--on", "2027-03-01", "--json")
    assert done.exit_code == 3
    said = json.loads(done.stdout)
    assert said["on"] == "2027-03-01"
    first, second = said["decisions"]
    assert (first["reopen"], second["reopen"], first["chosen"], first["decided"]) == (
        True,
        False,
        "two_month_gap",
        "2026-11-20",
    )
    assert [each["state"] for each in first["conditions"]] == ["holds", "reopen", "judge"]
    assert first["conditions"][1]["reason"] == "The day came on 1 March 2027."
    assert done.stdout.isascii()


def test_as_a_process_of_its_own_for_a_scheduled_job(churn: Path) -> None:
    command = [sys.executable, "-m", "shipworthy", "recheck", str(churn), "--on"]
    codes = [
        subprocess.run([*command, on], capture_output=True, check=False, timeout=120).returncode
        for on in ("2026-12-01", "2027-03-01", "soon")
    ]
    assert codes == [0, 3, 2]


def test_help() -> None:
    done = run("--help")
    assert done.exit_code == 0
    assert "0 all hold, 3 reopen (whatever else was wrong), 2 bad input" in " ".join(done.stdout.split())
    assert run().exit_code == 2


# ---- what can never be judged, what nobody watches, what is not looked at


def test_a_trigger_that_cannot_be_judged_is_no_trigger_that_holds(tmp_path: Path) -> None:
    data = json.loads(documents.write(made("on 1 March 2027", "persuasion exceeds 90 days")))
    data["outcome"]["triggers"].append({"kind": "changes", "table": "devices", "row": "Raspberry Pi 3B"})
    file = tmp_path / "never.json"
    file.write_text(json.dumps(data))
    said = "reopen when the row Raspberry Pi 3B of the table devices changes: this can never be judged: what the row said then (“stood”) was not kept"
    done = run(file, "--on", "2026-12-01")
    assert done.exit_code == 2
    assert done.stderr.startswith(f"{file}: Outcome: {said}")
    lines = done.stdout.splitlines()
    assert lines[0] == f"{file}: “Churn calls” holds as far as it can be judged"
    assert lines[1].startswith("  ✕ cannot be judged. Reopen when the row Raspberry Pi 3B")
    assert [each["state"] for each in json.loads(run(file, "--on", "2026-12-01", "--json").stdout)["decisions"][0]["conditions"]] == ["holds", "holds", "cannot"]  # fmt: skip
    later = run(file, "--on", "2027-03-02")
    assert (later.exit_code, later.stderr) == (3, done.stderr)
    checked = CliRunner().invoke(cli, ["check", str(file)])
    assert (checked.exit_code, checked.stderr, checked.stdout) == (2, done.stderr, "")
    opened = CliRunner().invoke(cli, ["diff", str(file), str(file)])
    assert (opened.exit_code, opened.stdout) == (0, "No difference.\n")
    assert opened.stderr == f"Warning: {done.stderr}" * 2


def test_what_is_no_answer_is_measured_by_its_own_name(tmp_path: Path) -> None:
    file = tmp_path / "tokens.json"
    file.write_text(documents.write(made(key="shopping-assistant", reopen=("tokens a conversation exceed 9,000",))))
    done = run(file, "--on", "2026-12-01")
    assert done.exit_code == 0
    assert "? for people to judge. Reopen when tokens a conversation exceed 9,000: Nobody watches this" in done.stdout
    new = run(file, "--on", "2026-12-01", "--answers", table(tmp_path, 'answer,value\ntokens a conversation,"9,500"\n'))
    assert (new.exit_code, new.stderr) == (3, "")
    assert "! reopen. Reopen when tokens a conversation exceed 9,000: It was measured at 9500." in new.stdout


def test_columns_that_are_not_looked_at_are_named(churn: Path, tmp_path: Path) -> None:
    file = table(tmp_path, "answer,options,value,who\nlead_time.persuasion,,70 days,Ann\n")
    done = run(churn, "--on", "2026-12-01", "--answers", file)
    assert done.exit_code == 0
    assert done.stderr == f"Warning: {file}: not looked at: the columns “options” and “who”\n"
