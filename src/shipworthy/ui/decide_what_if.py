"""What if: scenarios side by side, draw by draw, and the list in which they are written."""

import weakref
from collections.abc import Callable, Mapping
from functools import partial

import ipywidgets as widgets

from shipworthy import edits
from shipworthy._answer_names import EVERY, Names
from shipworthy._scenario_words import AS_IT_STANDS, NONE_YET, told
from shipworthy.considerations.questions import Question
from shipworthy.decision import Decision, Scenario, Value
from shipworthy.errors import InputError
from shipworthy.record.what_if import changes, changes_text
from shipworthy.scenario_answers import Kept, from_changes, restored
from shipworthy.scenario_figures import figure
from shipworthy.scenarios import side_by_side
from shipworthy.ui import html, scenarios
from shipworthy.ui.chart import Chart
from shipworthy.ui.face import Face
from shipworthy.ui.lines import Stated
from shipworthy.ui.panel import HEIGHT, box, button, chart_source
from shipworthy.ui.session import Session
from shipworthy.words import join, one_line

_NAMED = 3
"""Answers that are named in the sentence above the buttons."""


class WhatIfFace(Face):
    """Two scenarios, or one and the answers as they stand."""

    name = "What if"

    def __init__(self, session: Session) -> None:
        lead = (
            "Two sets of answers in the same states of the world, so that only what was changed makes the difference."
        )
        super().__init__(session, "What if some answers were different?", lead)
        self.finding, self.notes, self.since = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.left, self.right = widgets.Dropdown(description="Left"), widgets.Dropdown(description="Right")
        self._sides: list[str | None] = ["", None]  # names; as they stand, and the first scenario until one is chosen
        self._showing = False
        self._shown: tuple[Callable[[], object], list[Scenario | None]] = (
            lambda: None,
            [],
        )  # weakly: it holds some 10 MB
        for number, menu in enumerate((self.left, self.right)):
            menu.observe(partial(self._picked, number), "value")
        self.chart = Chart(source=chart_source(), height=HEIGHT)
        self.menus = box("sw-tabs", [self.left, self.right])
        self.card = box("sw-card", [self.chart, self.notes], vertical=True)
        back = button(session, "Keep the changes as a scenario and go back", self._keep_and_go_back)
        before = button(session, "Keep how it stood before as a scenario", self._keep_before)
        self.keeping = box("sw-tabs", [back, before])
        self._marks: list[Decision] = []
        lines = box("sw-card", [self.form, self.since, self.keeping], vertical=True)
        first = box("sw-card", [self.menus, self.finding], vertical=True)
        self.children = [self.head, first, self.card, lines]
        self.add_class("sw-stack")

    # ---- showing

    def questions(self) -> tuple[Question, ...]:
        """The list of scenarios."""
        return (scenarios.question(self.session.decision),)

    def lists(self) -> Mapping[str, Stated]:
        """The scenarios, a line a change."""
        return {"scenarios": scenarios.stated(self.session.decision)}

    def refresh(self) -> None:
        """Show the two sides and the list."""
        self.show({})
        self._show_menus(self.session.decision.scenarios)
        self._show_sides()
        self._show_since()

    def _show_menus(self, known: tuple[Scenario, ...]) -> None:
        choices = [(AS_IT_STANDS, -1), *((one_line(each.name, 60), place) for place, each in enumerate(known))]
        self._showing = True
        try:
            for number, menu in enumerate((self.left, self.right)):
                if menu.options != tuple(choices):
                    menu.options = choices
                menu.value = self._place(number)
        finally:
            self._showing = False
        self.menus.layout.display = None if known else "none"

    def _place(self, number: int) -> int:
        """Which scenario a side shows, by its place; −1 for the answers as they stand."""
        known, name = self.session.decision.scenarios, self._sides[number]
        found = next((place for place, each in enumerate(known) if each.name == name), None)
        if found is None:
            return 0 if known and number and name != "" else -1
        return found

    def _scenario(self, number: int) -> Scenario | None:
        place = self._place(number)
        return None if place < 0 else self.session.decision.scenarios[place]

    def _show_sides(self) -> None:
        assessment = self.session.assessment
        sides = [self._scenario(number) for number in (0, 1)]
        if self._shown[0]() is assessment and self._shown[1] == sides:
            return
        self._shown = weakref.ref(assessment), sides
        self.card.layout.display = None if sides != [None, None] else "none"
        if sides == [None, None]:
            there = bool(self.session.decision.scenarios)
            same = "The answers as they stand are on both sides: choose a scenario on one of them."
            self.finding.value = str(_finding(same if there else NONE_YET, ()))
            return
        found = side_by_side(assessment, *sides)
        said = told(found, assessment)
        self.finding.value = str(_finding(said.finding, said.more))
        made = figure(found, said, assessment)
        with self.chart.hold_sync():
            self.chart.height = made.plotly["layout"]["height"]
            self.chart.alt, self.chart.figure = made.alt, made.plotly
        turned = html.Markup("").join(html.Markup("<li>{}</li>").format(each) for each in said.turned)
        lines = (
            html.Markup('<h3>Findings that change</h3><ul class="sw-plain">{}</ul>').format(turned) if turned else ""
        )
        caption = f"What each option pays over the period, in {assessment.currency()}"
        self.notes.value = str(html.paragraph(made.caption) + html.table(said.head, said.rows, caption) + lines)

    def _picked(self, number: int, change: object) -> None:
        if not self._showing:  # a person did
            self.session.guard(partial(self._choose, number))()

    def _choose(self, number: int) -> None:
        place = (self.left, self.right)[number].value
        known = self.session.decision.scenarios
        self._sides[number] = known[place].name if place is not None and 0 <= place < len(known) else ""
        self._show_sides()

    # ---- the list

    def take(self, question: Question, value: Value | None) -> None:
        """Change the scenarios; a line that is not whole yet is told, the others count."""
        made, found = scenarios.typed(self.session.assessment, value, self.stood("scenarios"))
        self.keep_typed("scenarios", found, scenarios.lines(made))
        before = self.session.decision.scenarios
        if len(made) == len(before):  # one that is called anew stays on its side
            names = {old.name: new.name for old, new in zip(before, made, strict=True)}
            there = {each.name for each in made}
            self._sides = [name if name in there else names.get(name or "", name) for name in self._sides]
        self._change(self.session.decision, made, "changed")

    def _change(self, decision: Decision, made: tuple[Scenario, ...], what: str) -> None:
        """Take a document with these scenarios, logged."""
        before = self.session.decision.scenarios
        if made == before and decision is self.session.decision:
            return
        texts = [_text(decision, each) for each in (before, made)]
        self.session.change(edits.logged(edits.with_scenarios(decision, made), "Scenarios", what, *texts))

    # ---- what was changed since

    def _before(self) -> Decision:
        """The state that changes are counted from: when something was kept last, else when the decision was opened.

        A state that was undone is not among those that can be gone back to, and does not count.
        """
        past = self.session.past
        kept = (mark for mark in reversed(self._marks) if any(mark is each for each in past))
        return next(kept, past[0])

    def _since(self) -> Kept:
        return from_changes(self._before(), self.session.decision, self.name)

    def _show_since(self) -> None:
        try:
            found, problem = self._since(), ""
        except InputError as wrong:
            found, problem = None, str(wrong)
        count = len(found.scenario.changes) if found else 0
        self.keeping.layout.display = None if count else "none"
        since = "this decision was opened" if self._before() is self.session.past[0] else "something was kept last"
        if problem:
            said = f"Since {since}: {problem}."
        elif found is None or not count:
            said = "Or change answers where they are asked, and come back: they can be kept here as a scenario."
        else:
            labels = list(dict.fromkeys(f"“{label}”" for label, *_ in self._told(found.scenario)))
            more = [*labels[:_NAMED], *([f"{len(labels) - _NAMED} more"] if len(labels) > _NAMED else [])]
            said = f"Changed since {since}: {join(more)}."
        self.since.value = str(html.paragraph(said))

    def _told(self, scenario: Scenario) -> list[tuple[str, ...]]:
        return list(changes(self.session.assessment, scenario))

    def _keep_and_go_back(self) -> None:
        """The changes become a scenario, and the answers stand as they did before."""
        self._keep(self._since(), lambda scenario: restored(self.session.decision, self._before(), scenario))

    def _keep_before(self) -> None:
        """How it stood before becomes a scenario; the answers stay as they are."""
        self._keep(
            from_changes(self.session.decision, self._before(), self.name),
            lambda scenario: self.session.decision,
            "Before: ",
        )

    def _keep(self, found: Kept, then: Callable[[Scenario], Decision], prefix: str = "") -> None:
        before = self.session.decision.scenarios
        if not found.scenario.changes:
            raise InputError("Nothing was changed that a scenario could hold: change an answer first")
        if len(before) >= scenarios.MOST_SCENARIOS:
            raise InputError(f"{len(before)} scenarios are there already: remove one first")
        name = _free(prefix + self._called(found.scenario), {each.name for each in before})
        scenario = found.scenario.model_copy(update={"name": name})
        self._sides = ["", name]
        self._change(then(scenario), (*before, scenario), "kept")
        self._marks = [*self._marks[-20:], self.session.decision]
        self.refresh()
        self.session.tell(f"Kept as “{one_line(name, 60)}”. " + " ".join(found.left_out), "ok")

    def _called(self, scenario: Scenario) -> str:
        """A name from what it changes; people give it a better one."""
        first, names = scenario.changes[0], Names(self.session.decision, EVERY)
        asked, label = names.declared(first.answer), names.label(first.answer).rpartition(" › ")[2]
        short = label if "#" in first.answer else label.partition(":")[0]
        rest = len(scenario.changes) - 1
        value = scenarios.box(asked, first.value, names.currency)
        return one_line(f"{short}: {value}", 60) + (f" and {rest} more" if rest else "")


def _finding(text: str, more: tuple[str, ...]) -> html.Markup:
    lines = html.Markup("").join(html.Markup("<p>{}</p>").format(each) for each in more)
    return html.Markup('<h3 class="sw-verdict">{}</h3>{}').format(text, lines)


def _text(decision: Decision, made: tuple[Scenario, ...]) -> str:
    """Scenarios as the log tells them."""
    return " | ".join(f"“{each.name}”: {changes_text(decision, each)}" for each in made)[:300]


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number behind it where there is one of that name."""
    name, count, found = name[:110], 1, name[:110]
    while found in taken:
        count += 1
        found = f"{name} ({count})"
    return found
