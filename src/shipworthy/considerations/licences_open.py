"""What licences leave open: questions that turn out well or badly, each by itself, and limits against the team's numbers."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from shipworthy.calculators.licence_flow import Clearance, Issue
from shipworthy.considerations.base import Draws, Evaluation, View

_LIMITS = {"users": "licences.users", "revenue": "licences.revenue"}
PERSONAL = "personal"
"""The question whether what people gave their data for goes together with what is done with them."""


def question(issue: Issue) -> tuple[str, ...]:
    """What an issue hangs on: the same for two issues where the same answer settles both.

    Terms that nobody knows are a question for each asset; what a text means is one question, however many assets come
    under it.
    """
    if issue.terms is None:
        return issue.rule, issue.asset
    other = issue.clause if issue.with_asset else ""
    return issue.rule, issue.terms.licence, other


def coins(view: View, questions: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], Draws]:
    """Whether each of several questions turns out well, in each draw: each by itself, with the chance that is answered.

    The score of the answer is a place between 0 and 1. The first question cuts that line at the chance; each part,
    stretched to the whole line again, serves the next question. So n questions turn out well together with chance ** n.
    """
    asked = list(dict.fromkeys(questions))
    first = view.number("doubt") if asked else 1.0
    chance = view.world.value("licences.doubt", view.option)[1]
    if isinstance(first, float) or len(asked) < 2 or not isinstance(chance, float | int):
        return dict.fromkeys(asked, first)
    from scipy.special import ndtr

    place = ndtr(-view.world.scored("licences.doubt", view.option).astype(np.float64))
    found: dict[tuple[str, ...], Draws] = {}
    for each in asked:
        well = place < chance
        found[each] = well.astype(np.float64) if found else first
        place = np.where(well, place / chance, (place - chance) / (1.0 - chance))
    return found


class Open:
    """The open points of a product in the draws, and those that the answers settle."""

    def __init__(self, view: View, result: Evaluation, states: Iterable[Clearance], people: bool) -> None:
        self._view, self._result = view, result
        issues = [each for found in states for each in _open(found) if each.limit is None]
        self._coins = coins(view, [*map(question, issues), *([(PERSONAL,)] if people else [])])
        self.questions = len(self._coins)

    def people(self) -> Draws:
        """Whether what people gave their data for goes together with it, in each draw."""
        return self._coins[PERSONAL,]

    def badly(self, found: Clearance, settled: Mapping[str, Draws]) -> Draws:
        """How many points turn out badly in each draw; ``settled``: by asset, whether something that was paid for ends them."""
        badly: Draws = 0.0
        alike: dict[tuple[object, ...], list[Issue]] = {}
        for issue in _open(found):
            paid = {issue.asset, issue.with_asset} & settled.keys()
            alike.setdefault((question(issue), issue.limit, *sorted(map(str, paid))), []).append(issue)
        for issues in alike.values():
            first = issues[0]
            ended = np.maximum(settled.get(first.asset, 0.0), settled.get(first.with_asset or "", 0.0))
            holds = None if np.all(np.equal(ended, 1.0)) else self._holds(first)
            if holds is None:
                continue
            badly = badly + len(issues) * (1.0 - np.asarray(holds)) * (1.0 - ended)
            for state, value in (("settled", 1.0), ("against", 0.0)):
                if first.kind == "conditional" and np.all(np.equal(holds, value)):
                    self._result.notes[state] = (*self._result.notes.get(state, ()), *issues)
        return badly

    def hangs(self, found: Clearance) -> Iterator[Issue]:
        """What is open and not settled by the answers."""
        for issue in _open(found):
            holds = self._holds(issue, need=False)
            if holds is None or not np.all(np.equal(holds, 1.0)):
                yield issue

    def _holds(self, issue: Issue, need: bool = True) -> Draws | None:
        """Whether what an issue hangs on turns out well, in each draw; None where the team was asked and does not know."""
        view = self._view
        key = "licences.competes" if issue.rule == "competing" and not view.peek("competes") else ""
        if issue.limit is not None:
            key = _LIMITS[issue.limit[0]]
        if key:
            if need:
                view.need(key)
            if not view.known(key):
                return None
        if issue.limit is None:
            return self._coins[question(issue)]
        quantity, most = issue.limit
        value = view.number(key)
        if quantity == "revenue":  # the table's limits are in US dollars
            value = value / np.maximum(view.number("value_stream.usd_rate"), 1e-12)
        return np.where(np.asarray(value) <= most, 1.0, 0.0)[()]


def _open(found: Clearance) -> Iterator[Issue]:
    return (each for each in found.issues if each.kind != "blocked")
