"""A consideration on the screen: its questions, the finding for the option in view, one chart, the options' numbers."""

import os
import weakref
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import ipywidgets as widgets

from shipworthy.considerations.base import Consideration, Figure, FlipPoint, View
from shipworthy.considerations.show import SIGNS
from shipworthy.ui import fields, html
from shipworthy.ui.chart import Chart
from shipworthy.ui.form import QuestionForm
from shipworthy.ui.session import Session
from shipworthy.words import percent

PLOTLY = "SHIPWORTHY_PLOTLY"
HEIGHT = 300
"""Of a chart that does not say how high it is [px]."""


class Panel(widgets.VBox):  # type: ignore[misc]
    """One consideration. Built once; afterwards only traits change."""

    def __init__(self, session: Session, consideration: Consideration, tabs: widgets.Widget) -> None:
        self.session, self.consideration = session, consideration
        self.flips: dict[str, list[FlipPoint]] = {}
        self._shown: tuple[Callable[[], object], str] = (lambda: None, "")  # weakly: each holds some 10 MB
        self._early: tuple[object, str, Figure | None] = (None, "", None)
        self._figure, self._charts, self._in_turn = "", list[str](), False
        self.form = QuestionForm(option=session.option)
        self.form.on_event(self._said)
        self.form.on_error(lambda error, message: self._broken(error, message))
        self.finding, self.brief = widgets.HTML(), widgets.HTML()
        self.brief.add_class("sw-brief")
        hidden = {"display": "none"}  # until there is something to show
        self.chart = Chart(source=chart_source(), height=HEIGHT, layout=hidden)
        self.notes, self.numbers, self.lists = widgets.HTML(layout=hidden), widgets.HTML(), widgets.HTML()
        how = widgets.HTML(str(html.how(consideration)))
        self.which = [widgets.Button(layout=hidden) for _ in range(3)]
        for number, button in enumerate(self.which):
            button.on_click(session.guard(partial(self._choose, number)))
        self.picks = box("sw-tabs", self.which)
        self.card = box("sw-card", [self.picks, self.chart, self.notes, self.numbers, self.lists, how], vertical=True)
        right = box("sw-stack", [self.finding, self.card], vertical=True)
        left = box("sw-card", [self.form], vertical=True)
        head = widgets.HTML(str(html.heading(consideration.title, consideration.lead)))
        super().__init__([head, tabs, self.brief, box("sw-cols", [left, right])])

    # ---- showing

    def refresh(self) -> None:
        """Show the assessment for the option in view: form, finding, numbers, chart."""
        session = self.session
        shown, option = self._shown
        if session.assessment is None or (shown() is session.assessment and option == session.option):
            return
        self._shown = weakref.ref(session.assessment), session.option
        self.flips = {}
        self.form.option = session.option
        self._declare()
        self.form.patch(self.changed_answers())
        self.show_finding()
        self.numbers.value = str(html.options_table(self.consideration, session.assessment))
        self._draw()  # last: the browser shows the rest while the chart is made

    def _declare(self) -> None:
        session = self.session
        options = [{"key": each.key, "name": each.name} for each in session.decision.options]
        if self.form.options != options:
            self.form.options = options
        made = fields.sections(self.consideration, session.assessment.registry, session.assessment.currency())
        if self.form.sections != made:
            self.form.sections = made

    def changed_answers(self) -> dict[str, Mapping[str, Any]]:
        """What the form must show anew."""
        now = self.answers()
        return {key: each for key, each in now.items() if self.form.answers.get(key) != each}

    def answers(self) -> dict[str, Mapping[str, Any]]:
        """Every answer as the form shows it for the option in view."""
        session, world = self.session, self.session.assessment.world
        found: dict[str, Mapping[str, Any]] = {}
        for question in self.consideration.questions.values():
            error, typed = session.problem(question.key)
            found[question.key] = fields.answer_fields(world, question, session.option, error=error, typed=typed)
        for key in self.consideration.shows:
            owner = key.partition(".")[0]
            if owner in world.registry:
                name = world.registry[owner].name
                found[key] = fields.answer_fields(world, world.question(key), session.option, shown_from=name)
        return found

    def show_finding(self) -> None:
        """The finding; flip points join it when they are found."""
        assessment, key = self.session.assessment, self.consideration.key
        found = assessment.options[self.session.option].findings[key]
        self.brief.value = str(html.brief(found)) + str(html.earlier(self.session.stands_on_earlier(key)))
        self.lists.value = str(html.listings(found.words.lists))
        flips = sorted(self.flips.get(key, []), key=lambda flip: flip.distance)
        self.finding.value = str(html.earlier(self.session.stands_on_earlier(key))) + str(
            html.finding(
                found, flips, assessment.currency(), self._requirement(assessment.view(key, self.session.option))
            )
        )

    def _requirement(self, view: View) -> str:
        for question in self.consideration.questions.values():
            if question.kind == "requirement":
                return f"asked: {percent(view.requirement(question.name).confidence)}"
        return ""

    def headline(self) -> str:
        """What a screen reader is told after an answer."""
        found = self.session.assessment.options[self.session.option].findings[self.consideration.key]
        return f"{SIGNS[found.status][1]}: {found.headline}"

    # ---- the chart

    def _draw(self) -> None:
        in_turn = bool(self.session.decision.option(self.session.option).phases)
        same = in_turn == self._in_turn  # else there may be other charts: a plan each, and none together
        self._in_turn = in_turn
        shown = (self._known() if same else None) or self._first()
        self.chart.layout.display = self.notes.layout.display = None if shown else "none"
        if shown is not None:
            self._send(shown)

    def _send(self, shown: Figure) -> None:
        with self.chart.hold_sync():
            self.chart.height = shown.plotly["layout"].get("height", HEIGHT)
            self.chart.alt, self.chart.figure = shown.alt, shown.plotly
        self.notes.value = str(html.figure_notes(shown))

    def draw_early(self) -> None:
        """Send the chart before everything is assessed, where it does not hang on that: the browser draws meanwhile."""
        session = self.session
        if self._figure and session.option in {each.key for each in session.decision.options}:
            view = View(session.world(), self.consideration.key, session.option)
            self._early = (session.decision, session.option, self.consideration.early_figure(view, self._figure))
            if self._early[2] is not None:
                self._send(self._early[2])

    def _known(self) -> Figure | None:
        """The chart that was looked at before; those after it are not made."""
        if self._early[0] is self.session.decision and self._early[1] == self.session.option and self._early[2]:
            return self._early[2]
        return next((each for each in self._figures() if each.key == self._figure), None) if self._figure else None

    def _first(self) -> Figure | None:
        """The chart that was chosen, else the first, with a button for each where there are several."""
        figures = list(self._figures())
        self._charts = [each.key for each in figures]
        self._figure = self._figure if self._figure in self._charts else next(iter(self._charts), "")
        for button, figure in zip(self.which, [*figures, *[None] * 3], strict=False):
            button.layout.display = None if figure is not None and len(figures) > 1 else "none"
            if figure is not None:
                button.description = figure.title
        self._mark_chart()
        return next((each for each in figures if each.key == self._figure), None)

    def _mark_chart(self) -> None:
        for button, key in zip(self.which, self._charts, strict=False):
            mark(button, "sw-on", key == self._figure)

    def _figures(self) -> Iterator[Figure]:
        assessment, key = self.session.assessment, self.consideration.key
        usable = {option: each for option, each in assessment.evaluations(key).items() if not each.missing}
        if self.session.option in usable:
            yield from self.consideration.figures(assessment.view(key, self.session.option), usable)

    def _choose(self, number: int) -> None:
        self._figure = self._charts[number]
        self._mark_chart()
        self._draw()

    # ---- hearing

    def _said(self, message: dict[str, Any]) -> Mapping[str, Any]:
        before = self.session.stands_on_earlier(self.consideration.key)
        self.session.acted(partial(hear, self.session, message))
        if self.session.stands_on_earlier(self.consideration.key) != before:
            self.show_finding()  # it says whether it stands on what was typed last
        return self.changed_answers()

    def _broken(self, error: Exception, message: Mapping[str, Any]) -> Mapping[str, Any]:
        self.session.failed(error)
        return self.changed_answers()

    def search(self) -> Iterator[object]:
        """Find flip points, answer by answer, and show them."""
        assessment = self.session.assessment
        found: dict[str, list[FlipPoint]] = {}
        for pairs in assessment.flip_search(self.session.option):
            for key, flip in pairs:
                found.setdefault(key, []).append(flip)
            yield None
        if self.session.assessment is not assessment:  # closed meanwhile, or answered
            return
        self.flips = found
        self.show_finding()


def hear(session: Session, message: dict[str, Any]) -> None:
    """One message of a form, to the session."""
    key, option = str(message.get("question", "")), message.get("option")
    if option is not None and option not in {each.key for each in session.decision.options}:
        option = None
    acts: dict[str, Callable[[], None]] = {
        "answer": lambda: session.answer(key, option, message.get("fields") or {}),
        "unknown": lambda: session.say_unknown(key, option),
        "confirm": lambda: session.confirm(key),
        "reset": lambda: session.reset(key),
        "differs": lambda: session.differ(key, bool(message.get("on"))),
        "evidence": lambda: session.evidence(key, message.get("evidence") or {}),
        "copy": lambda: session.copy_stand_in(key),
        "goto": lambda: setattr(session, "place", key.partition(".")[0]),
    }
    acts[message["type"]]()


def chart_source() -> str:
    """Where a browser gets plotly.js from; empty where it comes with the first chart."""
    return os.environ.get(PLOTLY, "")


def box(style: str, children: list[widgets.Widget], *, vertical: bool = False) -> widgets.Box:
    """Widgets side by side, or one below the other, with a class of the stylesheet."""
    made = widgets.VBox(children) if vertical else widgets.HBox(children)
    made.add_class(style)
    return made


def button(session: Session, text: str, act: Callable[[], None]) -> widgets.Button:
    """A button whose act never fails silently."""
    made = widgets.Button(description=text)
    made.on_click(session.guard(act))
    return made


def mark(widget: widgets.DOMWidget, style: str, on: bool) -> None:
    """Give a widget a class of the stylesheet, or take it away."""
    if on:
        widget.add_class(style)
    else:
        widget.remove_class(style)
