"""Overnight: is an answer of last night still of use, is the night long enough, and what does its run cost?"""

from collections.abc import Iterator

import numpy as np

from shipworthy.calculators import overload
from shipworthy.considerations.base import Draws, Evaluation, View
from shipworthy.considerations.deployment_scale import servers
from shipworthy.considerations.show import mean, money
from shipworthy.words import DAYS_A_MONTH, percent, plain

HOURS = 8.0
"""Hours of a night where nobody said."""


def evaluate(view: View, result: Evaluation) -> None:
    """What last night's answer keeps of the effect, how long the run takes against the night, and its servers.

    Uses that the night is too short for have no answer.
    """
    kept = view.number("night_kept")
    result.figures["kept"] = kept
    result.margins["fresh"] = kept - view.requirement("fresh").limit
    lines = view.number("night_servers") if view.known("night_servers") else 1.0
    done: Draws = 1.0
    if view.known("night_work"):
        known = view.known("night_uses")
        uses = view.number("night_uses") if known else view.number("value_stream.uses") / DAYS_A_MONTH
        takes = overload.night_hours(uses, view.number("night_work") / 1000.0, lines)
        there = view.number("night_hours") if view.known("night_hours") else HOURS
        result.figures.update(night_uses=uses, night_takes=takes)
        result.notes["night_there"] = there
        result.margins["night"] = there - takes - view.requirement("night").limit
        done = 1.0 / np.maximum(takes / there, 1.0)
    if view.known("night_price"):
        result.figures["servers"] = lines
        result.figures["server_cost"] = result.terms["servers"] = lines * view.number("night_price")
    result.terms["availability"] = kept * done


def words(result: Evaluation, view: View) -> tuple[str, tuple[str, ...]]:
    """The headline and what else there is to say."""
    kept, asked = mean(result.figures["kept"]), view.requirement("fresh").limit
    if np.mean(np.greater_equal(result.margins["fresh"], 0.0)) < view.requirement("fresh").confidence:
        head = f"An answer of last night keeps {percent(kept)} of its effect; {percent(asked)} are asked for."
        if kept == 0:
            head = "An answer of last night is of no use any more: it has to be worked out when it is needed."
    elif "night" in result.margins and np.mean(np.greater_equal(result.margins["night"], 0.0)) < (
        view.requirement("night").confidence
    ):
        head = (
            f"The night is too short: the run takes {plain(mean(result.figures['night_takes']))} hours, "
            f"and there are {plain(mean(result.notes['night_there']))}."
        )
    else:
        head = "Nobody waits for it: it is worked out overnight."
    return head, tuple(_detail(result, view))


def _detail(result: Evaluation, view: View) -> Iterator[str]:
    figures = result.figures
    if mean(figures["kept"]) == 1.0:
        yield "Counted as if an answer of last night were as good as one of this moment."
    elif mean(figures["kept"]) > 0:
        yield f"An answer of last night keeps {percent(mean(figures['kept']))} of its effect."
    if "night_takes" in figures:
        yield (
            f"{plain(mean(figures['night_uses']))} are worked out in a night: {plain(mean(figures['night_takes']))} hours of "
            f"{plain(mean(result.notes['night_there']))}. Those it is too short for have no answer."
        )
    if "server_cost" in figures:
        yield f"The night's run takes {servers(mean(figures['servers']))}, {money(view, mean(figures['server_cost']))} a month."
    if mean(figures.get("lost", 0.0)) >= 1.0:
        yield f"What is a night old, or not worked out, costs {money(view, mean(figures['lost']))} a year of what it would bring."
    yield "Outages are caught up the next night."
