"""The charts of the value stream's steps."""

import numpy as np

from shipworthy.calculators import funnel as calc
from shipworthy.considerations.base import Evaluation, Figure, Terms, View
from shipworthy.considerations.show import BAD, LINE, OK, SEA, currency, layout, listed, mean, money
from shipworthy.considerations.value_stream_funnel import Stream
from shipworthy.words import amount, join

FUNNEL, WATERFALL = "funnel", "waterfall"
OUT, TODAY, WITH = "Come out at the end", "as today", "with this option"
PALE = "#9fb0c0"


def funnel(view: View, result: Evaluation) -> Figure:
    """How many enter each step a month and come out at the end, as today and with the model."""
    stream: Stream = result.notes["stream"]
    terms: Terms = result.notes["terms"]
    steps = [*stream.names, OUT]
    today = [mean(each) for each in calc.reached(stream.volume, stream.chain.shares)]
    now = [mean(each) for each in calc.reached(stream.volume, stream.shares(terms.get("added_ms", 0.0)))]
    option = view.world.decision.option(view.option).name
    names = [f"{place}. {name}" for place, name in enumerate(stream.names, start=1)] + [OUT]
    data = [_bars(TODAY, names, today, PALE, 0.08), _bars(WITH, names, now, SEA, 0.32)]
    shown = [_moved(a, b) for a, b in zip(today, now, strict=True)]
    chart = listed(layout("a month", ""), list(zip(names, shown, strict=True)), (TODAY, WITH))
    rows = tuple((label, amount(a), amount(b), _change(a, b)) for label, a, b in zip(steps, today, now, strict=True))
    alt = f"Of {amount(today[0])} a month that enter “{steps[0]}”, {amount(today[-1])} come out at the end as today and {amount(now[-1])} with “{option}”."
    models = join([f"“{stream.names[place]}”" for place in stream.models])
    caption = f"A month, as today → with “{option}”. The model acts at {models}; the delay that it adds is counted."
    head = ("Step", "Enter as today", "Enter with it", "Change")
    return Figure(FUNNEL, "Who gets through", {"data": data, "layout": chart}, alt, caption, head, rows)


def waterfall(view: View, result: Evaluation) -> Figure:
    """From the uplift of the model alone to what is left of it in a year, costs included."""
    gross, bars = net_steps(result)
    net = bars[-1][2] if bars else gross
    names = ["Uplift of the model alone", *(name for name, _, _ in bars), "Left a year"]
    values = [gross, *(change for _, change, _ in bars), net]
    kinds = ["absolute", *("relative" for _ in bars), "total"]
    shown = [amount(each) for each in values]
    places = [each + 0.2 for each in range(len(names))]
    trace = {
        "type": "waterfall", "orientation": "h", "y": places, "x": values, "measure": kinds, "width": 0.46,
        "hovertext": [f"{name}: {each}" for name, each in zip(names, shown, strict=True)], "hoverinfo": "text", "connector": {"line": {"color": LINE}},
        "increasing": {"marker": {"color": OK}}, "decreasing": {"marker": {"color": BAD}}, "totals": {"marker": {"color": SEA}},
    }  # fmt: skip
    chart = listed(layout(f"{currency(view)} a year", ""), list(zip(names, shown, strict=True)))
    rows = tuple((name, money(view, value)) for name, value in zip(names, values, strict=True))
    largest = min(bars, key=lambda bar: bar[1], default=("", 0.0, 0.0))
    most = f"; most is taken by: {largest[0]}, {money(view, -largest[1])}" if largest[1] < 0 else ""
    alt = f"The uplift of the model alone is worth {money(view, gross)} a year and {money(view, net)} is left{most}."
    caption = "A year once it is live, the mean of all cases; what is paid once is not in it."
    plotly = {"data": [trace], "layout": chart}
    return Figure(WATERFALL, "From the uplift to what is left", plotly, alt, caption, ("Part", "A year"), rows)


def net_steps(result: Evaluation) -> tuple[float, list[tuple[str, float, float]]]:
    """The uplift of the model alone, and every change on the way to what is left a year, with the level after it."""
    stream: Stream = result.notes["stream"]
    terms: Terms = result.notes["terms"]
    found: calc.Flow = result.notes["flow"]
    get = terms.get
    uplift = 12.0 * stream.volume * found.effect * get("value", 1.0)
    kept = uplift * get("accuracy_kept", 1.0)
    used = kept * get("reach", 1.0) * get("availability", 1.0) * get("adoption", 1.0)
    gross, retraining = mean(result.figures["uplift"]), mean(result.notes["retraining"])
    changes = {
        "Uplift lost to the delay": mean(uplift) - gross,
        "Wears off between trainings": mean(np.subtract(kept, uplift)),
        "Down, not reached or not used": mean(np.subtract(used, kept)),
        "Business of today lost to the delay": -12.0 * mean(get("baseline_lost", 0.0)),
        "Harm of wrong outputs": -12.0 * mean(get("harm", 0.0)),
        "Cost of uses": -12.0 * mean(get("uses", 0.0) * get("cost_per_use", 0.0)),
        "Cost of acting on it": -12.0 * mean(get("intervention", 0.0)),
        "Servers and flat fees": -12.0 * mean(get("serving", 0.0)),
        "Servers for the busiest hour": -12.0 * mean(get("servers", 0.0)),
        "Training it again": -12.0 * retraining,
        "Running cost": -12.0 * (mean(get("running", 0.0)) - retraining),
    }
    small = 1e-9 * max(abs(gross), *(abs(each) for each in changes.values()))
    return gross, calc.waterfall(gross, {name: 0.0 if abs(each) <= small else each for name, each in changes.items()})


def _bars(name: str, labels: list[str], values: list[float], colour: str, down: float) -> dict[str, object]:
    return {
        "type": "bar", "orientation": "h", "name": name, "y": [place + down for place in range(len(values))], "x": values,
        "width": 0.22, "hovertext": [f"{label}, {name}: {amount(each)}" for label, each in zip(labels, values, strict=True)],
        "hoverinfo": "text", "marker": {"color": colour},
    }  # fmt: skip


def _moved(before: float, after: float) -> str:
    """What stands beside a step: ``1.9M → 1.8M (−4.8 %)``, or one amount where the model changes nothing there."""
    change = _change(before, after)
    return amount(before) if change == "none" else f"{amount(before)} → {amount(after)} ({change})"


def _change(before: float, after: float) -> str:
    if before == after or before <= 0:
        return "none"
    share = 100 * (after / before - 1)
    return f"{'+' if share > 0 else '−'}{abs(share):.1f} %"
