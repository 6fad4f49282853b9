"""The workbook without a browser: what a test presses, types and hears."""

from typing import Any

import ipywidgets
import pytest

from shipworthy.ui.panel import Panel
from shipworthy.ui.shell import Workbook

PERSUASION = "lead_time.persuasion"
EVIL = "<script>alert('x')</script>\"&"
Sent = list[dict[str, Any]]


def buttons(widget: ipywidgets.Widget) -> list[ipywidgets.Button]:
    if isinstance(widget, ipywidgets.Button):
        return [widget]
    return [button for child in getattr(widget, "children", ()) if shown(child) for button in buttons(child)]


def shown(widget: ipywidgets.Widget) -> bool:
    return widget.layout.display != "none"


def press(book: ipywidgets.Widget, description: str) -> None:
    """Click a button that is on the screen."""
    (button,) = {id(each): each for each in buttons(book) if each.description == description and shown(each)}.values()
    assert not button.disabled
    button.click()


def panel(book: Workbook, key: str = "lead_time") -> Panel:
    book.session.place = key
    found = book.place(key)
    assert isinstance(found, Panel)
    return found


def answer(form: Any, question: str, option: str | None = None, **fields: Any) -> None:
    form.receive({"type": "answer", "question": question, "option": option, "fields": fields, "seq": 1})


def persuade(book: Workbook, p50: str = "2 weeks", p95: str = "3 weeks") -> None:
    answer(panel(book).form, PERSUASION, p50=p50, p95=p95)


def heard(widget: Any, monkeypatch: pytest.MonkeyPatch) -> Sent:
    """What a widget sends to the browser from now on."""
    sent: Sent = []
    monkeypatch.setattr(
        widget, "send", lambda content, buffers=None: sent.append({**content, "buffers": buffers or []})
    )
    return sent
