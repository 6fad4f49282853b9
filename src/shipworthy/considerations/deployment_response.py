"""How long a use takes where it runs: its stages, the network, the wait for a server, the ways it can go."""

from typing import Any, NamedTuple

import numpy as np

from shipworthy.calculators import response
from shipworthy.calculators.response_mixture import Mixture, Way, then
from shipworthy.considerations.base import Draws, Evaluation, View
from shipworthy.considerations.deployment_device import stage
from shipworthy.considerations.deployment_questions import ON_DEVICE, P95, REMOTE
from shipworthy.considerations.show import mean, median
from shipworthy.considerations.world import RowView
from shipworthy.decision import RangeValue
from shipworthy.reference import loader as reference
from shipworthy.words import one_line, plain

Stage = tuple[Draws, Draws]

MINUTE = 60_000.0
_FEW = 1e-3
"""Share of the uses: where fewer wait, on average, the wait moves nothing."""
NAMED = {"stages": "Stage", "components": "Component"}


class Waiting(NamedTuple):
    """A part of the uses that wait for a free server, and for how long; the rest do not wait."""

    share: Draws
    typical: Draws
    slow: Draws


def evaluate(view: View, result: Evaluation, remote: Draws, waits: tuple[Waiting, ...]) -> None:
    """What is in time, in the draws; and the delay of a page that waits for it."""
    target = result.notes["target"]
    stages = _stages_of(view, result)
    result.notes["stages"] = stages
    network = _network(view)
    near = [(typical, slow) for _, where, typical, slow in stages if where != "cloud"]
    far = [*((typical, slow) for _, where, typical, slow in stages if where != "device"), *network]
    cold, cold_ms = (view.number("cold"), view.number("cold_ms")) if target in REMOTE else (0.0, 0.0)
    limit, alike = view.number("limit"), view.number("alike")
    longest = max(MINUTE, 10.0 * median(limit))
    waits = tuple(
        Waiting(each.share, np.minimum(each.typical, longest), np.minimum(each.slow, longest)) for each in waits
    )
    result.notes["chain"] = {
        "near": near, "far": far, "network": network, "remote": remote, "cold": cold, "cold_ms": cold_ms, "alike": alike,
        "waits": waits,
    }  # fmt: skip
    ways: list[Way] = []
    if target in REMOTE:
        straight: Draws = remote
        time = _time(view, far, alike, cold, cold_ms)
        for each in waits:
            if mean(each.share) > _FEW:
                straight = straight - remote * each.share
                ways.append(Way(remote * each.share, then(time, np.maximum(each.typical, 0.01 * each.slow), each.slow)))
        ways.append(Way(straight, time))
    if target in ON_DEVICE:
        ways.append(Way(1.0 - remote, _time(view, near, alike, 0.0, 0.0)))
    _judged(view, result, ways, limit)


def _judged(view: View, result: Evaluation, ways: list[Way], limit: Draws) -> None:
    """The share in time, the requirement that was asked for, and the delay that a page waits for."""
    share: Draws = 0.0
    for way in ways:
        time: Any = way.time
        share = share + np.asarray(way.share) * view.world.once(_within, time, limit)
    share = np.minimum(share, result.notes["served"])
    result.figures["in_time"] = share
    result.figures["p95_in_time"] = np.where(np.asarray(share) >= 0.95, 1.0, 0.0)[()]
    if view.word("asked") == P95:
        result.figures["p95"] = rare = Mixture(ways).percentile(0.95)
        result.margins["to_spare"] = limit - rare - view.requirement("to_spare").limit
    else:
        result.margins["in_time"] = share - view.requirement("in_time").limit
    if view.peek("page") == "yes":
        result.terms["added_ms"] = Mixture(ways).percentile(0.5)


def cloud_share(view: View, result: Evaluation) -> Draws:
    """Share of the uses that go to the cloud: all of them where the device's part of a hybrid does not fit."""
    target = result.notes["target"]
    if target != "hybrid":
        return 1.0 if target in REMOTE else 0.0
    share, fits = view.number("cloud_share"), result.notes["fits"]
    if np.ndim(fits) == 0:
        return share if fits else 1.0
    found: Draws = np.where(fits, share, 1.0)
    return found


def named(row: RowView, place: int, kind: str) -> str:
    """What a row is called in a sentence: its name, or its place in the list."""
    name = one_line(row.word("name"), 60)
    return f"{NAMED[kind]} “{name}”" if name else f"{NAMED[kind]} {place}"


def spoilt(view: View, result: Evaluation, kind: str, sentence: str) -> None:
    """A row that says too little or contradicts itself: the finding is unknown until somebody mends it."""
    view.missing[f"deployment.{kind}"] = None
    result.notes.setdefault("problem", sentence)


def _stages_of(view: View, result: Evaluation) -> list[tuple[str, str, Draws, Draws]]:
    """Name, where, typical and slow time of every stage; the model's own on the device is the last."""
    found: list[tuple[str, str, Draws, Draws]] = []
    for place, row in enumerate(view.rows("stages"), start=1):
        if not any(row.known(each) for each in ("name", "typical", "slow")):
            continue
        typical, slow = row.number("typical"), row.number("slow")
        who = named(row, place, "stages")
        if not (row.known("typical") and row.known("slow")):
            which = "“1 in 20 takes longer than”" if row.known("typical") else "typical time"
            spoilt(view, result, "stages", f"{who} has no {which} yet: type it, 0 where it takes none.")
        elif (said := _said(row)) and said[1] < said[0]:
            result.notes.setdefault("crossed", []).append(
                f"{who} takes {plain(said[0])} ms typically, and 1 in 20 is said to take longer than {plain(said[1])} ms: "
                f"the second has to be the larger one, so {plain(said[0])} is counted for both."
            )
        found.append((row.word("name"), row.word("where"), typical, slow))
    return found + stage(result)


def _said(row: RowView) -> list[float]:
    """Typical and slow time as they were typed, whatever a flip point is looked for at."""
    cells = (row.row.cells.get(name) for name in ("typical", "slow"))
    return [float(each.likely if isinstance(each, RangeValue) else each) for each in cells if isinstance(each, float | int | RangeValue)]  # fmt: skip


def _network(view: View) -> list[Stage]:
    """Round trip and transfer of the payload as one stage, from the table."""
    name = view.word("network")
    if name in ("", "none"):
        return []
    row = reference.load("networks")[name]
    measured = view.known("round_trip")
    way: Draws = view.number("round_trip") if measured else row.number("round_trip_p50")
    payload = (view.number("payload_up"), row.number("up"), view.number("payload_down"), row.number("down"))
    rare = row.number("round_trip_p95") / row.number("round_trip_p50")
    return [view.world.once(_travel, way, rare, *payload)]


def _travel(way: Draws, rare: Draws, up: Draws, up_speed: Draws, down: Draws, down_speed: Draws) -> Any:
    """Typical and slow time of a round trip with the payload both ways."""
    moved = response.transfer_time(up, up_speed) + response.transfer_time(down, down_speed)
    return way + moved, way * rare + moved


def _time(view: View, stages: list[Any], *conditions: Draws) -> Any:
    """The time of the stages together; worked out once for options that share them."""
    return view.world.once(_fitted, *conditions, *(part for each in stages for part in each))


def _fitted(alike: Draws, cold: Draws, cold_ms: Draws, *flat: Draws) -> Any:
    """Slow times never below the typical ones, nor a hundred times above them."""
    typical, slow = flat[::2] or (0.0,), flat[1::2] or (0.0,)
    lengths = (
        [np.maximum(a, np.multiply(b, 0.01)) for a, b in zip(typical, slow, strict=True)],
        [np.maximum(a, b) for a, b in zip(typical, slow, strict=True)],
    )
    starts = response.ColdStart(cold, cold_ms, cold_ms) if np.any(cold) else None
    return response.response_time(*lengths, float(np.mean(alike)), starts)


def _within(time: Any, limit: Draws) -> Any:
    return time.share_within(limit)
