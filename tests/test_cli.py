"""The command line: every command, what it says about bad input, its exit codes, and what reaches the terminal."""

import json
import os
import re
import socket
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from commands import HOSTILE, answered, churn_file, needs_terminal, run, small_file, started, text_of

from shipworthy import __version__, documents, edits
from shipworthy import examples as cases
from shipworthy.considerations import open_text, registry
from shipworthy.decision import Decision


@pytest.fixture
def churn(tmp_path: Path) -> Path:
    return churn_file(tmp_path)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return small_file(tmp_path)


# ---- help, version, what is imported


def test_help_and_version() -> None:
    assert run("--version").stdout == f"shipworthy {__version__}\n"
    listed = run("--help")
    assert listed.exit_code == 0
    assert run().stdout == listed.stdout
    for command in ("serve", "examples", "new", "check", "assess", "export", "schema"):
        assert re.search(rf"^  {command} ", listed.stdout, re.MULTILINE)
        assert run(command, "--help").exit_code == 0


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from shipworthy.cli import cli\n"
        "try: cli(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(re.findall(r"'(\w+)'", done.stderr))
    assert "click" in loaded
    heavy = {"numpy", "pydantic", "voila", "rich", "sqlalchemy", "jinja2", "tornado", "scipy", "pandas", "platformdirs"}
    assert not loaded & heavy


# ---- examples, new


def test_examples_are_listed_by_key_and_title() -> None:
    lines = run("examples").stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(cases.keys())
    assert "Churn calls" in lines[0]


def test_new_from_an_example_is_that_example() -> None:
    done = run("new", "--example", "churn")
    assert done.exit_code == 0
    assert open_text(done.stdout) == cases.example("churn")


def test_new_writes_a_file_once(tmp_path: Path) -> None:
    path = tmp_path / "new.json"
    assert run("new", "-o", path).exit_code == 0
    first = open_text(path.read_bytes())
    assert [option.key for option in first.options][-1] == "do_nothing"
    again = run("new", "--example", "churn", "-o", path)
    assert (again.exit_code, again.stdout) == (2, "")
    assert "--force" in again.stderr
    assert open_text(path.read_bytes()) == first
    assert run("new", "--example", "churn", "--force", "-o", path).exit_code == 0
    assert open_text(path.read_bytes()) == cases.example("churn")
    assert [each.name for each in tmp_path.iterdir()] == ["new.json"], "nothing is left beside it"


@pytest.mark.skipif(sys.platform == "win32", reason="modes")
def test_a_written_file_has_the_usual_mode_and_keeps_its_own(tmp_path: Path) -> None:
    path = tmp_path / "new.json"
    before = os.umask(0o022)
    try:
        run("new", "-o", path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    path.chmod(0o600)
    run("new", "--force", "-o", path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


# ---- assess


def test_assess_prints_a_table_and_words_that_fit(churn: Path) -> None:
    done = run("assess", churn, "--on", "2026-11-20")
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0] == "Churn calls"
    assert "2026-11-20" in lines[1]
    assert "\x1b" not in done.stdout
    for part in ("Three-month gap (recommended)", "✕ fails", "✓ meets", "– n/a", "Meets all", "Payoff [USD]"):
        assert part in done.stdout
    assert re.search(r"^Recommended: Three-month gap", done.stdout, re.MULTILINE)
    assert "Provisional" not in done.stdout
    said = " ".join(done.stdout.split())
    assert re.search(
        r"→ at risk when “Gap before the window it predicts” is at least \d+ days, meets at \d+ days or", said
    )
    two = said[said.index("Two-month gap ✓ meets. ") :].partition("Three-month gap")[0]
    assert re.findall("→ [a-z ]+ when “([A-Z][a-z]+)", two)[:2] == ["Gap", "Persuasion"]


def test_assess_says_provisional_where_answers_are_missing(small: Path) -> None:
    done = run("assess", small)
    assert done.exit_code == 0
    assert re.search(r"^Provisional: not known yet is “", done.stdout, re.MULTILINE)
    assert re.search(r"^Nothing can be compared yet: ", done.stdout, re.MULTILINE)
    assert "ecommended" not in done.stdout
    assert re.search(r"^First option .* not known  0 †$", done.stdout, re.MULTILINE)
    assert "100 %" not in done.stdout
    assert "? unknown" in done.stdout


def test_assess_json_is_the_same_bytes_in_two_processes(churn: Path) -> None:
    arguments = ("assess", str(churn), "--json", "--on", "2026-11-20")
    first, second = (started(*arguments, env={"PYTHONHASHSEED": seed}) for seed in ("1", "2"))
    assert first.returncode == second.returncode == 0
    assert first.stderr == second.stderr == b""
    assert first.stdout == second.stdout
    assert first.stdout.isascii()
    said = json.loads(first.stdout)
    assert said["recommended"] == "three_month_gap"
    option = said["options"][0]
    assert {"key", "name", "meets_all", "payoff", "ledger", "findings"} <= option.keys()
    assert option["payoff"].keys() == {"mean", "p10", "p50", "p90"}
    found = option["findings"]["lead_time"]
    assert {"status", "probability", "headline", "detail", "missing", "unconfirmed", "flip_points"} <= found.keys()
    assert {"answer", "value", "unit", "status", "direction", "label"} <= found["flip_points"][0].keys()
    for number in re.findall(rb"-?\d+\.\d+(?:e[+-]?\d+)?", first.stdout):
        digits = re.sub(rb"e.*|[-.]", b"", number).lstrip(b"0").rstrip(b"0")
        assert len(digits) <= 9 or b'"' in number, number


def test_assess_is_on_the_day_asked_for_else_the_decisions_own(small: Path) -> None:
    text = small.read_text()
    dated = text.replace('"frame"', '"as_of": "2026-07-01", "frame"', 1)
    days = [
        json.loads(run("assess", "-", "--json", *more, input=source).stdout)["on"]
        for source, more in ((dated, ()), (dated, ("--on", "2026-08-02")), (text, ("--on", "2026-08-02")))
    ]
    assert days == ["2026-07-01", "2026-08-02", "2026-08-02"]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_days_at_the_ends_of_the_calendar(day: str) -> None:
    done = run("assess", "-", "--on", day, input=cases.text("shopping-assistant"))
    assert done.exit_code in (0, 2)
    assert "error" not in done.stderr, "no failure of ours"


def test_old_tables_are_warned_of_on_standard_error_alone(small: Path) -> None:
    done = run("assess", small, "--json", "--on", "2031-01-01")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["on"] == "2031-01-01"
    assert done.stderr.startswith(f"Warning: {small}: ")
    assert "shelf life" in done.stderr


# ---- what somebody typed


def hostile() -> Decision:
    decision = edits.with_frame(open_text(text_of()), title=HOSTILE)
    return edits.rename_option(decision, decision.options[0].key, "[red]\x1b[5m:bomb:[/red]")


@pytest.mark.parametrize("arguments", [("assess", "-"), ("assess", "-", "--json"), ("check", "-")], ids=" ".join)
def test_a_title_is_a_title_and_reaches_no_terminal_raw(arguments: tuple[str, ...]) -> None:
    done = run(*arguments, input=documents.write(hostile()))
    assert done.exit_code == 0, done.stderr
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", done.stdout + done.stderr)
    if "--json" in arguments:
        assert json.loads(done.stdout)["title"] == HOSTILE
    elif "assess" in arguments:
        first = done.stdout.splitlines()[0]
        assert r"Gap\x1b]0;owned\x07\x1b[31m\x9b2J\u202e\x0a<script>alert(1)" in first
        assert r"[red]\x1b[5m:bomb:[/red]" in done.stdout, "no markup, no emoji"


@pytest.mark.parametrize(
    "content",
    [
        text_of(options="\x1b[31m"),
        answered("cost", "priced", "\x1b[2J\x07"),
        '{"\\u001b[2J": 1}',
        text_of(schema_version="\x9b31m"),
    ],
)
def test_errors_do_not_repeat_what_a_terminal_would_obey(content: str) -> None:
    done = run("check", "-", input=content)
    assert done.exit_code == 2
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", done.stderr)


def test_a_file_name_is_not_obeyed_either() -> None:
    done = run("check", "no\x1b[31m\nsuch.json")
    assert r"no\x1b[31m\x0asuch.json: there is no such file" in done.stderr


# ---- export


def test_export_and_open_again(churn: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.html"
    done = run("export", churn, "-o", out)
    assert (done.exit_code, done.stdout) == (0, ""), done.stderr
    assert "Churn calls" in out.read_text(encoding="utf-8")
    assert run("check", out).stdout == run("check", churn).stdout
    out.write_text("old")
    assert run("export", churn, "-o", out).exit_code == 0
    assert len(out.read_text()) > 10_000
    edited = out.read_text(encoding="utf-8").replace("Retention desk, four people", "Retention desk, six people")
    out.write_text(edited, encoding="utf-8")
    warned = run("check", out)
    assert warned.exit_code == 0
    assert warned.stdout.startswith("OK: ")
    assert warned.stderr.startswith(f"Warning: {out}: ")
    assert "edited" in warned.stderr
    cut = tmp_path / "cut.html"
    cut.write_text(edited[: edited.index("Retention desk")], encoding="utf-8")
    assert run("check", cut).exit_code == 2


def test_export_to_places_that_cannot_be_written(small: Path, tmp_path: Path) -> None:
    for place, phrase in ((tmp_path, "folder"), (tmp_path / "no" / "out.html", "folder is not there")):
        done = run("export", small, "-o", place)
        assert done.exit_code == 2
        assert phrase in done.stderr
        assert len(done.stderr.splitlines()) == 1


@needs_terminal
def test_a_device_is_written_to_and_never_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        done = run("new", "--force", "-o", pipe)
        assert done.exit_code == 0
        assert stat.S_ISFIFO(pipe.stat().st_mode)
        assert open_text(os.read(reader, 100_000)).options
    finally:
        os.close(reader)


# ---- schema


def test_schema_accepts_the_examples_and_refuses_others() -> None:
    schema = json.loads(run("schema").stdout)
    validator = jsonschema.Draft202012Validator
    validator.check_schema(schema)
    for key in cases.keys():  # noqa: SIM118
        validator(schema).validate(json.loads(cases.text(key)))
    with pytest.raises(jsonschema.ValidationError):
        validator(schema).validate(json.loads(text_of(colour="red")))


def test_schema_leads_to_every_question() -> None:
    schema = json.loads(run("schema").stdout)
    assert schema["x-questions"].keys() == registry().keys()
    for key, consideration in registry().items():
        place = schema["x-questions"][key]["$ref"].removeprefix("#/$defs/")
        questions = schema["$defs"][place]
        assert questions["title"] == consideration.name
        assert questions["properties"].keys() == consideration.questions.keys()
        for name, question in consideration.questions.items():
            assert questions["properties"][name]["title"] == question.label
            assert questions["properties"][name]["shipworthy"].get("unit", "") == question.unit
    references = set(re.findall(r'"#/\$defs/([^"]+)"', json.dumps(schema)))
    assert references <= schema["$defs"].keys()


# ---- serve


def test_serve_hands_on_what_it_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
    monkeypatch.setattr("shipworthy.serve.serve", lambda *args, **named: calls.append((args, named)))
    arguments = ["--port", "0", "--no-browser", "--db", "sqlite:///x.sqlite", "--token", "secret"]
    assert run("serve", *arguments).exit_code == 0
    assert run("serve").exit_code == 0
    assert calls[0] == ((0,), {"open_browser": False, "db": "sqlite:///x.sqlite", "token": "secret"})
    assert calls[1] == ((8866,), {"open_browser": True, "db": None, "token": ""})


def test_serve_on_a_port_that_is_taken() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = started("serve", "--no-browser", "--port", str(other.getsockname()[1]))
    assert done.returncode == 2
    assert b"already in use" in done.stderr
    assert len(done.stderr.splitlines()) == 1
