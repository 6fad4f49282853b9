"""The command line when things go wrong: failures of ours, interruption, readers that go away, narrow terminals."""

import contextlib
import json
import os
import re
import signal
import subprocess
from pathlib import Path

import pytest
from commands import COMMAND, needs_terminal, run, small_file, started

from shipworthy import documents, terminal
from shipworthy.decision import Decision
from shipworthy.errors import InputError, ShipworthyError


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return small_file(tmp_path)


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
