"""The three anywidgets, in process: traits and messages, without a browser."""

import gzip
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ipywidgets
import pytest

from shipworthy.ui import bridge as bridge_module
from shipworthy.ui.bridge import INSTANCE, Bridge
from shipworthy.ui.chart import Chart, plotly_js, plotly_version
from shipworthy.ui.form import QuestionForm

UI = Path(bridge_module.__file__).parent
Sent = list[tuple[dict[str, Any], list[bytes]]]


@pytest.fixture
def record(monkeypatch: pytest.MonkeyPatch) -> Callable[[ipywidgets.Widget], Sent]:
    """Keeps what a widget sends to the browser."""

    def keep(widget: ipywidgets.Widget) -> Sent:
        sent: Sent = []
        monkeypatch.setattr(widget, "send", lambda content, buffers=None: sent.append((content, buffers or [])))
        return sent

    return keep


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    ipywidgets.Widget.close_all()


def tell(widget: ipywidgets.Widget, content: Any, buffers: list[memoryview] | None = None) -> None:
    """A custom message, the way it comes from the browser."""
    widget._handle_custom_msg(content, buffers or [])


def answer(**fields: Any) -> dict[str, Any]:
    return {"state": "given", "differs": False, "shared": fields, "own": {}, "tag": "", "error": ""}


# ---- the question form


def test_an_answer_reaches_the_callback_and_is_acknowledged_with_what_changed(record: Any) -> None:
    form = QuestionForm(answers={"gap": answer(value="0"), "delay": answer(low="1")})
    sent = record(form)
    seen: list[dict[str, Any]] = []

    def respond(message: dict[str, Any]) -> dict[str, Any]:
        seen.append(message)
        return {"gap": answer(value="61")}

    form.on_event(respond)
    message = {"type": "answer", "seq": 7, "question": "gap", "option": None, "fields": {"value": "61 "}}
    tell(form, message)
    assert seen == [message]
    assert sent == [({"type": "ack", "seq": 7, "patch": {"gap": answer(value="61")}}, [])]
    assert form.answers == {"gap": answer(value="61"), "delay": answer(low="1")}


def test_a_patch_updates_the_trait_without_sending_all_of_it(record: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    form = QuestionForm(answers={"gap": answer(value="0"), "delay": answer(low="1")})
    states: list[Any] = []
    monkeypatch.setattr(form, "send_state", lambda key=None: states.append(key))
    sent = record(form)
    tell(form, {"type": "goto", "seq": 1, "question": "gap"})  # the browser is there
    sent.clear()
    form.patch({"gap": answer(value="5")})
    assert form.answers["gap"]["shared"] == {"value": "5"}
    assert form.answers["delay"]["shared"] == {"low": "1"}
    assert sent == [({"type": "patch", "patch": {"gap": answer(value="5")}}, [])]
    assert states == []
    form.answers = {}
    assert states == ["answers"]


def test_before_the_browser_is_heard_a_patch_goes_with_the_whole_trait(record: Any) -> None:
    form = QuestionForm(answers={"gap": answer(value="0")})
    sent = record(form)
    form.patch({"gap": answer(value="5")})
    assert form.answers == {"gap": answer(value="5")}
    assert sent == []


@pytest.mark.parametrize("seq", [1, 2**40])
def test_a_callback_that_raises_is_still_acknowledged(record: Any, seq: int) -> None:
    form = QuestionForm(answers={"gap": answer(value="0")})
    sent = record(form)

    def fail(message: dict[str, Any]) -> None:
        raise RuntimeError("boom")

    failures: list[tuple[str, str]] = []

    def hook(error: Exception, message: dict[str, Any]) -> dict[str, Any]:
        failures.append((str(error), message["question"]))
        return {"gap": {**answer(value="x"), "error": "Something failed"}}

    form.on_event(fail)
    form.on_error(hook)
    tell(form, {"type": "unknown", "seq": seq, "question": "gap", "option": None})
    assert failures == [("boom", "gap")]
    assert sent[0][0]["seq"] == seq
    assert form.answers["gap"]["error"] == "Something failed"


def test_without_a_hook_or_with_one_that_raises_the_log_has_the_traceback(
    record: Any, caplog: pytest.LogCaptureFixture
) -> None:
    form = QuestionForm()
    sent = record(form)

    def fail(*_: Any) -> None:
        raise RuntimeError("boom")

    form.on_event(fail)
    tell(form, {"type": "confirm", "seq": 1, "question": "gap"})
    form.on_error(fail)
    tell(form, {"type": "confirm", "seq": 2, "question": "gap"})
    assert [content["seq"] for content, _ in sent] == [1, 2]
    assert caplog.text.count("RuntimeError: boom") >= 2


@pytest.mark.parametrize("content", [None, 3, "answer", [], {}, {"type": "eval"}, {"type": None}, {"type": ["answer"]}])
def test_messages_that_nobody_knows_are_logged_and_left(
    record: Any, caplog: pytest.LogCaptureFixture, content: Any
) -> None:
    form, bridge, chart = QuestionForm(), Bridge(), Chart()
    called: list[Any] = []
    form.on_event(lambda message: called.append(message))  # type: ignore[func-returns-value]
    bridge.on_event(called.append)
    for widget in (form, bridge, chart):
        sent = record(widget)
        with caplog.at_level(logging.WARNING):
            tell(widget, content)
        assert sent == []
    assert called == []
    assert caplog.text.count("does not know") == 3


# ---- the chart


def test_plotly_js_is_sent_compressed_when_asked_and_is_never_state(record: Any) -> None:
    chart = Chart(figure={"data": [{"type": "bar", "y": [1]}], "layout": {}}, alt="One bar")
    sent = record(chart)
    tell(chart, {"type": "plotly"})
    (content, buffers) = sent[0]
    assert content == {"type": "plotly"}
    assert gzip.decompress(buffers[0]) == plotly_js().read_bytes()
    assert len(buffers[0]) < 2_000_000
    assert chart.version == plotly_version()
    assert len(str(chart.get_state())) < 20_000


def test_a_missing_plotly_js_is_said(record: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("shipworthy.ui.chart.plotly_js", lambda: tmp_path / "plotly.min.js")
    chart = Chart()
    sent = record(chart)
    tell(chart, {"type": "plotly"})
    assert "plotly.min.js" in sent[0][0]["error"]


def test_the_widgets_import_neither_plotly_nor_pandas_nor_scipy_stats() -> None:
    code = (
        "import sys, shipworthy.ui.form, shipworthy.ui.bridge, shipworthy.ui.chart as c; c.Chart(); c.plotly_js();"
        "print([m for m in ('plotly', 'pandas', 'scipy.stats') if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


# ---- the bridge


def test_a_heartbeat_is_answered_by_this_process_and_not_passed_on(record: Any) -> None:
    bridge = Bridge()
    sent = record(bridge)
    called: list[Any] = []
    bridge.on_event(called.append)
    tell(bridge, {"type": "beat", "n": 4})
    assert sent == [({"type": "beat", "n": 4, "instance": INSTANCE}, [])]
    assert called == []
    assert len(INSTANCE) == 16


def test_hello_brings_the_id_in_the_address_and_what_the_browser_remembers() -> None:
    bridge = Bridge(fragment=True)
    seen: list[dict[str, Any]] = []
    bridge.on_event(seen.append)
    tell(bridge, {"type": "hello", "id": "abc", "place": "cost", "remembered": ["x", 3, None, "y"], "extra": 1})
    tell(bridge, {"type": "hello", "id": None, "remembered": "nonsense"})
    assert seen == [
        {"type": "hello", "id": "abc", "place": "cost", "remembered": ["x", "y"]},
        {"type": "hello", "id": "", "place": "", "remembered": []},
    ]
    assert bridge.remembered == ["x", "y"]


def test_decisions_are_remembered_newest_first_at_most_twenty_and_forgotten(record: Any) -> None:
    bridge = Bridge()
    sent = record(bridge)
    for number in range(25):
        bridge.decision = f"d{number}"
    bridge.decision = "d10"
    assert bridge.remembered[:3] == ["d10", "d24", "d23"]
    assert len(bridge.remembered) == 20
    bridge.forget("d24")
    assert "d24" not in bridge.remembered
    assert sent == [({"type": "forget", "id": "d24"}, [])]


def test_what_is_in_view_reaches_the_browser_in_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    bridge = Bridge(fragment=True)
    states: list[Any] = []
    monkeypatch.setattr(bridge, "send_state", lambda key=None: states.append(set(key or ())))
    bridge.go("abc", "cost")  # else the browser would keep a step to the new decision's old place
    assert states == [{"decision", "place"}]
    assert (bridge.decision, bridge.place) == ("abc", "cost")
    states.clear()
    bridge.go("abc", "cost")
    assert set().union(*states) == set()


@pytest.mark.parametrize("kind", ["open", "hello"])
def test_a_step_through_the_browsers_history_is_acknowledged_once_it_is_taken(record: Any, kind: str) -> None:
    bridge = Bridge(fragment=True)
    sent = record(bridge)
    bridge.on_event(lambda message: sent.append((message["id"], [])))
    tell(bridge, {"type": kind, "id": "abc", "place": "cost", "n": 3})
    assert sent == [("abc", []), ({"type": "there", "n": 3}, [])]

    def fail(message: dict[str, Any]) -> None:
        raise RuntimeError("boom")

    bridge.on_event(fail)
    tell(bridge, {"type": kind, "id": "abc", "place": "cost", "n": 4})  # refused: the address goes back
    assert sent[-1] == ({"type": "there", "n": 4}, [])


def test_a_file_arrives_as_bytes_and_one_that_is_too_large_does_not() -> None:
    bridge = Bridge(max_bytes=5)
    seen: list[dict[str, Any]] = []
    bridge.on_event(seen.append)
    tell(bridge, {"type": "file", "name": "a.json"}, [memoryview(b"hello")])
    tell(bridge, {"type": "file", "name": "b.json"}, [memoryview(b"hello!")])
    tell(bridge, {"type": "file", "name": "c.json"})
    assert seen == [{"type": "file", "name": "a.json", "content": b"hello"}]


def test_a_download_goes_out_as_bytes(record: Any) -> None:
    bridge = Bridge()
    sent = record(bridge)
    bridge.download("a.html", "é", "text/html")
    bridge.download("b.bin", b"\x00")
    assert sent[0] == ({"type": "download", "name": "a.html", "mime": "text/html"}, ["é".encode()])
    assert sent[1][1] == [b"\x00"]


def test_notices_have_new_ids_and_are_dismissed() -> None:
    bridge = Bridge()
    bridge.notify("Saved again", "ok")
    first = bridge.notice
    bridge.notify("Saved again", "ok")
    assert bridge.notice["text"] == first["text"]
    assert bridge.notice["id"] != first["id"]
    tell(bridge, {"type": "dismiss"})
    assert bridge.notice == {}


def test_a_bridge_callback_that_raises_goes_to_the_hook_or_the_log(caplog: pytest.LogCaptureFixture) -> None:
    bridge = Bridge()

    def fail(message: dict[str, Any]) -> None:
        raise RuntimeError("boom")

    bridge.on_event(fail)
    tell(bridge, {"type": "undo"})
    assert "RuntimeError: boom" in caplog.text
    hooked: list[str] = []
    bridge.on_error(lambda error, message: hooked.append(f"{message['type']}: {error}"))
    tell(bridge, {"type": "redo"})
    assert hooked == ["redo: boom"]


# ---- the files that go to the browser


@pytest.mark.parametrize("name", ["form.js", "chart.js", "bridge.js"])
def test_the_modules_make_no_html_of_data_and_run_under_a_strict_policy(name: str) -> None:
    text = (UI / name).read_text(encoding="utf-8")
    for forbidden in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "http:",
        "https:",
    ):
        assert forbidden not in text
    assert "export default" in text


def test_the_stylesheet_travels_once_and_asks_for_nothing_from_elsewhere() -> None:
    style = (UI / "style.css").read_text(encoding="utf-8")
    assert "url(" not in style
    assert "@import" not in style
    assert Bridge().get_state()["_css"] == style
    assert "_css" not in QuestionForm().get_state()
    assert "_css" not in Chart().get_state()
