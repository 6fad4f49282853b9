"""The command line: every command, what it says about bad input, its exit codes, and what reaches the terminal."""

import contextlib
import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

from shipworthy import __version__, documents, edits, terminal
from shipworthy import examples as cases
from shipworthy.cli import cli
from shipworthy.considerations import open_text, registry
from shipworthy.decision import MAX_BYTES, Correlation, Decision
from shipworthy.errors import InputError, ShipworthyError

COMMAND = [sys.executable, "-m", "shipworthy"]
HOSTILE = "Gap\x1b]0;owned\x07\x1b[31m\x9b2J\u202e\n<script>alert(1)</script>"
needs_terminal = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")


def run(*arguments: str | Path, input: bytes | str | None = None) -> Result:
    """Run in this process."""
    return CliRunner().invoke(cli, [str(each) for each in arguments], input=input, env={"COLUMNS": "80"})


def started(*arguments: str, **extra: Any) -> subprocess.CompletedProcess[bytes]:
    """Run as a process of its own."""
    env = {**os.environ, **extra.pop("env", {})}
    return subprocess.run([*COMMAND, *arguments], capture_output=True, check=False, timeout=120, env=env, **extra)


def text_of(**changes: Any) -> str:
    """A small decision as JSON text, with parts of it changed."""
    return json.dumps({**json.loads(run("new").stdout), **changes})


def answered(consideration: str, name: str, value: Any, **rest: Any) -> str:
    return text_of(answers={consideration: {name: {"value": value, **rest}}})


@pytest.fixture
def churn(tmp_path: Path) -> Path:
    path = tmp_path / "churn.json"
    path.write_text(cases.text("churn"), encoding="utf-8")
    return path


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.json"
    path.write_text(text_of(), encoding="utf-8")
    return path


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


# ---- check


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


# ---- failures of ours, interruption, readers that go away


@pytest.mark.parametrize("problem", [RuntimeError("boom"), MemoryError(), OSError(28, "No space left on device")])
def test_a_failure_of_ours_has_an_id_and_a_traceback_in_the_log(
    monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    def fail(_: Decision) -> str:
        raise problem

    monkeypatch.setattr(documents, "write", fail)
    done = run("new")
    assert (done.exit_code, done.stdout) == (1, "")
    found = re.fullmatch(r"Something went wrong in Shipworthy \(error (\w{8})\); .* stands in (.*)\n", done.stderr)
    assert found is not None, done.stderr
    log = Path(found[2])
    assert log == terminal.log_file()
    entry = log.read_text().partition(f"error {found[1]}\n")[2]
    assert "Traceback" in entry
    assert type(problem).__name__ in entry


def test_a_known_failure_is_said_in_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Decision) -> str:
        raise ShipworthyError("The table has a hole")

    monkeypatch.setattr(documents, "write", fail)
    done = run("new")
    assert done.exit_code == 1
    assert done.stderr.startswith("The table has a hole (")


def test_without_a_log_the_traceback_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setattr(terminal, "log_file", lambda: blocked / "log" / "errors.log")

    def fail(_: Decision) -> str:
        raise RuntimeError("boom\x1b[31m")

    monkeypatch.setattr(documents, "write", fail)
    done = run("new")
    assert done.exit_code == 1
    assert "Traceback" in done.stderr
    assert "cannot be written" in done.stderr
    assert "\x1b" not in done.stderr


def test_the_log_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "errors.log"
    log.write_text("x" * (terminal.LONGEST_LOG + 1))
    monkeypatch.setattr(terminal, "log_file", lambda: log)
    terminal.failure(InputError("small"))
    assert log.stat().st_size < 10_000
    assert (tmp_path / "errors.old.log").stat().st_size > terminal.LONGEST_LOG


def interrupt(process: "subprocess.Popen[bytes]") -> None:
    """Press Ctrl-C, and again where Python was about to wait and did not hear it."""
    for _ in range(5):
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
            return


@needs_terminal
def test_interruption_is_quiet_and_130() -> None:
    process = subprocess.Popen(
        [*COMMAND, "check", "-"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a test run in the background ignores it
    )
    try:
        assert process.stdin is not None
        process.stdin.write(b" " * 500_000)  # more than a pipe holds: it is reading when this returns
        process.stdin.flush()
        interrupt(process)
        assert process.returncode == 130
        _, said = process.communicate()
        assert said.strip() == b""
    finally:
        process.kill()
        process.wait()


@needs_terminal
@pytest.mark.parametrize(("arguments", "code"), [(("schema",), 141), (("new",), 141)])
def test_a_reader_that_has_gone_is_no_error(arguments: tuple[str, ...], code: int) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run([*COMMAND, *arguments], stdout=writer, stderr=subprocess.PIPE, check=False, timeout=60)
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (code, b"")


@needs_terminal
def test_progress_shows_on_a_terminal_and_leaves_standard_output_alone(small: Path) -> None:
    import pty

    screen, terminal_side = pty.openpty()
    try:
        process = subprocess.Popen(
            [*COMMAND, "assess", str(small), "--json"],
            stdout=subprocess.PIPE,
            stderr=terminal_side,
            env={**os.environ, "TERM": "xterm"},
        )
        out, _ = process.communicate(timeout=120)
        shown = os.read(screen, 100_000).decode()
    finally:
        os.close(terminal_side)
        os.close(screen)
    assert process.returncode == 0
    assert json.loads(out)["options"]
    assert "What would change it" in shown


def test_no_progress_and_no_colour_where_nobody_watches(small: Path) -> None:
    done = started("assess", str(small))
    assert done.returncode == 0
    assert done.stderr == b""
    assert b"\x1b" not in done.stdout


def test_an_output_that_knows_no_check_marks(small: Path) -> None:
    done = started("assess", str(small), env={"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"})
    assert done.returncode == 0, done.stderr
    text = done.stdout.decode("latin-1")
    assert "? unknown" in text
    assert "- n/a" in text
    assert "\\u" not in text
    assert max(map(len, text.splitlines())) <= 80
