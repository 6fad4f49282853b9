"""``shipworthy check``, and what every command says of files and arguments that will not do."""

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import COMMAND, answered, churn_file, run, small_file, text_of

from shipworthy import documents, edits
from shipworthy import examples as cases
from shipworthy.considerations import open_text
from shipworthy.decision import MAX_BYTES, Change, Correlation, Scenario
from shipworthy.scenarios import named as scenario_named


@pytest.fixture
def churn(tmp_path: Path) -> Path:
    return churn_file(tmp_path)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return small_file(tmp_path)


def test_check_counts_as_the_assessment_and_the_record_do(churn: Path, small: Path, tmp_path: Path) -> None:
    for file in (churn, small):
        said = run("check", file).stdout
        counts = re.fullmatch(r"OK: \d options; they stand on (\d+ answers, of which (\d+) .*)\n", said)
        assert counts
        assert f"It stands on {counts[1]}." in " ".join(run("assess", file).stdout.split())
        run("export", file, "-o", tmp_path / "record.html")
        assert f"Computed from {counts[1]} ·" in (tmp_path / "record.html").read_text()
        numbers = json.loads(run("assess", file, "--json").stdout)["answers"]
        assert (f"{numbers['used']} answers", numbers["unconfirmed"]) == (counts[1].partition(",")[0], int(counts[2]))
    unknown = documents.write(edits.say_unknown(cases.example("churn"), "lead_time.persuasion"))
    assert run("check", churn).stdout.endswith(" and none is unknown\n")
    assert run("check", "-", input=unknown).stdout.endswith(" and 1 is unknown\n")


def test_check_counts_what_a_new_decision_does_not_know(small: Path) -> None:
    missing = json.loads(run("assess", small, "--json").stdout)["missing"]
    assert len(missing) > 5
    assert run("check", small).stdout.endswith(f" and {len(missing)} are unknown\n")


def test_check_asks_the_considerations_too() -> None:
    bad = answered("cost", "model", "anthropic/claude-hiaku-4-5")
    done = run("check", "-", input=bad)
    assert done.exit_code == 2
    assert done.stderr.startswith("standard input: Cost per use › Model: ")
    assert "claude-haiku-4-5" in done.stderr, "near names are suggested"


def test_check_refuses_correlations_that_cannot_all_hold() -> None:
    def joined(third: float) -> str:
        pairs = [("uses", "effect", 0.8), ("effect", "value", 0.8), ("uses", "value", third)]
        held = tuple(Correlation(first=f"value_stream.{a}", second=f"value_stream.{b}", rank=r) for a, b, r in pairs)
        return documents.write(open_text(text_of()).model_copy(update={"correlations": held}))

    assert run("check", "-", input=joined(0.6)).exit_code == 0
    done = run("check", "-", input=joined(-0.6))
    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 1


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


BAD: dict[str, tuple[Callable[[], str | bytes], str]] = {
    "not JSON": (lambda: "title: Churn", "cannot be read as JSON"),
    "empty": (lambda: b"", "is empty"),
    "truncated": (lambda: cases.text("churn")[:-200], "as if cut off"),
    "not text": (lambda: b"\x89PNG\r\n\x1a\n\xff\xff", "not text in UTF-8"),
    "UTF-16": (lambda: cases.text("churn").encode("utf-16"), "not text in UTF-8"),
    "a list": (lambda: "[1, 2]", "one JSON object"),
    "far too deep": (lambda: "[" * 200_000, "nested far too deep"),
    "newer schema": (lambda: text_of(schema_version=99), "newer Shipworthy"),
    "schema as text": (lambda: text_of(schema_version="1"), "Schema version: found the text “1”"),
    "unknown key": (lambda: text_of(colour="red"), "colour is not part of a decision"),
    "twice": (lambda: '{"frame": {"title": "a", "title": "b"}}', "“title” twice"),
    "title a number": (lambda: text_of(frame={"title": 3}), "Frame › title: found the number 3, a text is needed"),
    "number as text": (lambda: answered("value_stream", "uses", "12000"), "Value stream › Uses a month: a number is needed"),
    "range as text": (
        lambda: answered("value_stream", "uses", {"low": "1", "likely": 2.0, "high": 3.0}),
        "Value stream › Uses a month › low: found the text “1”, a number is needed",
    ),
    "range reversed": (
        lambda: answered("value_stream", "uses", {"low": 9.0, "likely": 2.0, "high": 3.0}),
        "Value stream › Uses a month: ",
    ),
    "NaN": (lambda: changed(answered("value_stream", "uses", 5.5), "5.5", "NaN"), "holds “NaN”"),
    "Infinity": (lambda: changed(answered("value_stream", "uses", 5.5), "5.5", "-Infinity"), "holds “-Infinity”"),
    "huge number": (lambda: changed(answered("value_stream", "uses", 5.5), "5.5", "1e999"), "finite number is needed"),
    "endless digits": (lambda: changed(answered("value_stream", "uses", 5.5), "5.5", "9" * 5000), "number"),
    "10 MB string": (lambda: text_of(frame={"title": "x" * 10_000_000}), "at most 8 MB"),
    "7 MB string": (lambda: text_of(frame={"title": "x" * 7_000_000}), "longer than 200 characters"),
    "100,000 options": (
        lambda: text_of(options=[{"key": f"o{i}", "name": "x"} for i in range(100_000)]),
        "100,000 options, at most 6",
    ),
    "no such question": (lambda: answered("cost", "colour", 1.0), "Cost per use › colour: there is no such question"),
    "no such consideration": (lambda: answered("colour", "cost", 1.0), "no such consideration"),
    "half a character": (lambda: changed(text_of(), "A new decision", r"\ud800"), ""),
    "a web page": (lambda: "<!doctype html><html><body>hello</body></html>", "only exported records carry one"),
}  # fmt: skip


@pytest.mark.parametrize("command", [("check",), ("assess", "--json")], ids=" ".join)
@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_sentence_and_exit_code_2(case: str, command: tuple[str, ...], tmp_path: Path) -> None:
    make, phrase = BAD[case]
    content = make()
    path = tmp_path / "bad.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    done = run(*command, path)
    assert (done.exit_code, done.stdout) == (2, ""), done.stderr
    assert phrase in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert len(done.stderr) < 600 + len(str(path))
    assert done.stderr.startswith(f"{path}: ")


def test_a_file_of_50_mb_is_read_no_further_than_8(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "big.json"
    with path.open("wb") as big:
        big.truncate(50_000_000)
    done = run("check", path)
    assert done.exit_code == 2
    assert "at most 8 MB" in done.stderr
    with path.open("rb") as source:
        process = subprocess.run([*COMMAND, "check", "-"], stdin=source, capture_output=True, check=False, timeout=60)
        assert process.returncode == 2
        assert b"at most 8 MB" in process.stderr
        assert os.lseek(source.fileno(), 0, os.SEEK_CUR) <= MAX_BYTES + 1_000_000


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no /dev/zero")
def test_a_file_without_end_is_refused() -> None:
    assert run("check", "/dev/zero").exit_code == 2


@pytest.mark.parametrize("command", ["check", "assess", "export"])
def test_files_that_cannot_be_read(command: str, tmp_path: Path) -> None:
    rest = ["-o", tmp_path / "out.html"] if command == "export" else []
    for path, phrase in ((tmp_path / "missing.json", "no such file"), (tmp_path, "this is a folder")):
        done = run(command, path, *rest)
        assert (done.exit_code, done.stdout) == (2, "")
        assert phrase in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "out.html").exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(small: Path) -> None:
    small.chmod(0)
    done = run("check", small)
    assert done.exit_code == 2
    assert "may not be read" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "phrase"),
    [
        (("new", "--example", "no-such"), "choose one of churn, "),
        (("assess", "-", "--on", "tomorrow"), "“tomorrow” is not a date"),
        (("assess", "-", "--on", "2026-02-30"), "is not a date"),
        (("assess",), "FILE"),
        (("assess", "-", "--yesterday"), "--yesterday"),
        (("export", "-"), "-o"),
        (("fly",), "fly"),
        (("serve", "--port", "many"), "--port"),
        (("serve", "--db", "not an address"), "--db"),
    ],
)
def test_bad_arguments(arguments: tuple[str, ...], phrase: str) -> None:
    done = run(*arguments, input=text_of())
    assert (done.exit_code, done.stdout) == (2, "")
    assert phrase in done.stderr
    assert len(done.stderr.splitlines()) == 1


# ---- names that several have


def twins() -> str:
    document = cases.example("churn")
    first, *rest = document.options
    named = tuple(Change(answer="lead_time.events", value=each) for each in (30.0, 9000.0))
    scenarios = (Scenario(name="Few", changes=named[:1]), Scenario(name="few ", changes=named[1:]))
    inquiry = document.inquiries[0]
    return documents.write(
        document.model_copy(
            update={
                "options": (first, rest[0].model_copy(update={"name": first.name}), *rest[1:]),
                "scenarios": scenarios,
                "inquiries": (inquiry, inquiry),
            }
        )
    )


def test_names_that_several_have_are_warned_of() -> None:
    done = run("check", "-", input=twins())
    assert done.exit_code == 0
    assert done.stdout.startswith("OK: ")
    assert done.stderr.splitlines() == [
        "Warning: standard input: 2 options are called “Model with no gap” (#1, #2): give each its own name",
        "Warning: standard input: 2 scenarios are called “Few” (#1, #2): give each its own name",
        "Warning: standard input: 2 ways to find out are called “Listen to recorded calls” (#1, #2): give each its own name",
    ]
    assert run("check", "-", input=documents.write(cases.example("churn"))).stderr == ""


def test_a_scenario_of_several_of_one_name_is_told_by_its_place() -> None:
    document = open_text(twins())
    first, second = document.scenarios
    assert (scenario_named(document, "Few"), scenario_named(document, "few ")) == (first, second), "as it is typed"
    assert (scenario_named(document, "#1"), scenario_named(document, " #2 ")) == (first, second)
    done = run("assess", "-", "--scenario", "FEW", input=twins())
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "standard input: “FEW” is the name of 2 scenarios: say which, #1 or #2\n"
    assert run("assess", "-", "--scenario", "#3", input=twins()).stderr.startswith(
        "standard input: “#3” is no scenario"
    )
    said = run("assess", "-", "--scenario", "#2", "--json", input=twins())
    assert json.loads(said.stdout)["title"] == "Churn calls, what if: few "


def test_the_schema_says_that_the_order_of_a_range_is_checked_on_opening() -> None:
    parts = json.loads(run("schema").stdout)["$defs"]
    assert "low ≤ likely ≤ high" in parts["RangeValue"]["description"]
    assert "checked when the decision is opened" in parts["SpreadValue"]["description"]
    for question, value in (
        ("uses", {"low": 9.0, "likely": 2.0, "high": 3.0}),
        ("uses", {"low": 1.0, "likely": 4.0, "high": 3.0}),
    ):
        assert run("check", "-", input=answered("value_stream", question, value)).exit_code == 2
    assert run("check", "-", input=answered("lead_time", "persuasion", {"p50": 9.0, "p95": 3.0})).exit_code == 2
