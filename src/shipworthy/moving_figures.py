"""The chart of what moves the result: a bar an answer, from its low to its high value, the widest on top."""

from shipworthy._moving_words import Told
from shipworthy.considerations.base import Figure
from shipworthy.considerations.show import COLOURS, INK, SEA, layout, listed
from shipworthy.moving import Moving
from shipworthy.words import total

_LOW = COLOURS[1]


def bars(found: Moving, said: Told, money: str) -> Figure | None:
    """Bars from what is expected at the low value of an answer to what is at its high value; none where nothing moves it."""
    if not said.moves:
        return None
    names = [row[0] for row in said.rows]
    ends = [f"{total(each.bar.ends[0])} to {total(each.bar.ends[1])}" for each in said.moves]
    data = [_halves(said, "low"), _halves(said, "high"), _middles(said)]
    stands = {
        "type": "line", "x0": found.mean, "x1": found.mean, "yref": "paper", "y0": 0, "y1": 1,
        "line": {"color": INK, "width": 1, "dash": "dot"},
    }  # fmt: skip
    chart = layout(money, "", shapes=[stands], barmode="overlay")
    chart["xaxis"] = {**chart["xaxis"], "range": _scale(found, said), "zeroline": True}
    legend = ("answer at its low", "answer at its high", "answer as likely")
    alt = "; ".join(f"{name}: {end}" for name, end in zip(names, ends, strict=True))
    caption = (
        f"{said.what}, in {money}, with one answer at a time at its low and at its high value; the dot is where it is as "
        f"likely. The dotted line is what is expected as everything stands: {total(found.mean)} {money}. "
    ) + " ".join(said.notes)
    shown = listed(chart, list(zip(names, ends, strict=True)), legend)
    return Figure("moves", said.what, {"data": data, "layout": shown}, alt, caption, said.head, said.rows)  # fmt: skip


def _halves(said: Told, side: str) -> dict[str, object]:
    """From the middle of each bar to one of its ends."""
    middles = [each.bar.middle for each in said.moves]
    ends = [getattr(each.bar, side) for each in said.moves]
    spans = zip(ends, middles, strict=True)
    return {
        "type": "bar", "orientation": "h", "base": _rounded(middles), "x": _rounded([end - middle for end, middle in spans]),
        "y": [place + 0.2 for place in range(len(middles))], "width": 0.38, "name": f"answer at its {side}",
        "marker": {"color": SEA if side == "high" else _LOW, "opacity": 0.75}, "hoverinfo": "skip",
    }  # fmt: skip


def _middles(said: Told) -> dict[str, object]:
    return {
        "type": "scatter", "mode": "markers", "x": _rounded([each.bar.middle for each in said.moves]),
        "y": [place + 0.2 for place in range(len(said.moves))], "name": "answer as likely",
        "marker": {"color": INK, "size": 8, "line": {"color": "white", "width": 1.5}},
        "hovertemplate": "%{x:,.4s}<extra></extra>",
    }  # fmt: skip


def _scale(found: Moving, said: Told) -> list[float]:
    """All bars, and nought where it is near."""
    ends = [end for each in said.moves for end in each.bar.ends] + [found.mean]
    low, high = min(ends), max(ends)
    span = (high - low) or 1.0
    low, high = (min(low, 0.0) if low < 0.5 * span else low), (max(high, 0.0) if high > -0.5 * span else high)
    room = 0.04 * (high - low)
    return _rounded([low - room, high + room])


def _rounded(values: list[float]) -> list[float]:
    return [float(f"{each:.6g}") for each in values]
