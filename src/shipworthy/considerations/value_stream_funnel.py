"""The value stream as steps: its terms of the joint model, and what is said about them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from shipworthy.calculators.bottleneck import Bottleneck, bottleneck, broken, point_values
from shipworthy.calculators.funnel import Chain, Flow, flow, reached, slowed, with_model
from shipworthy.calculators.wear import effect_kept, retraining_cost
from shipworthy.considerations.base import Draws, Evaluation, Terms, View
from shipworthy.considerations.show import mean, median, money
from shipworthy.words import DAYS_A_MONTH, amount, join, one_line, percent, plain, with_unit

KEY = "value_stream"
_POINT = 0.01


@dataclass(frozen=True)
class Stream:
    """The steps of one option: names, who enters, the chain as it is today, and what the model changes in it."""

    names: tuple[str, ...]
    volume: Draws
    chain: Chain
    uplift: Draws
    models: tuple[int, ...]
    """The steps where the model acts, from 0."""
    down: tuple[int, ...]
    """The steps that do not work today."""
    left: Draws
    rule: Draws | None = None
    """Uplift of the simplest rule, where the model was measured against it."""

    def shares(self, added_ms: Draws, *, model: bool = True) -> list[Draws]:
        """Share that goes on from each step, with the model and its delay or as today."""
        return slowed(self.chain, with_model(self.chain, self.uplift), added_ms) if model else list(self.chain.shares)

    def flow(self, added_ms: Draws, more: float = 0.0) -> Flow:
        """What the model changes for one that enters, with more uplift where that is asked."""
        return flow(self.chain, self.uplift + more, added_ms)

    def closed(self) -> tuple[int, ...]:
        """The steps that nobody goes on from, with the model as without it."""
        shares = with_model(self.chain, self.uplift)
        return tuple(place for place, share in enumerate(shares) if place not in self.down and np.max(share) <= 0)

    def later(self) -> list[int]:
        """The steps behind the model's that work today."""
        first = self.models[0] if self.models else 0
        return [place for place in range(first + 1, len(self.names)) if place not in self.down + self.models]


def evaluate(view: View, result: Evaluation) -> None:
    """Put the terms that steps give in the place of a plain effect.

    Effect is counted in money for one that enters, what is paid on the way taken off, and value is 1: their product with
    the volume is what the joint model needs. A later consideration may supply the term ``added_ms``.
    """
    stream = _stream(view, result)
    added = view.number("added_ms") if _asked(view, "added_ms") else 0.0
    every, cost = view.number("retrain_every"), view.number("retrain_cost")
    decay = view.number("decay")
    if stream is None:
        return
    result.notes.update(stream=stream, wear=(decay, every))
    result.notes["retraining"] = retraining = retraining_cost(cost, every)
    result.terms.update(volume=stream.volume, value=1.0, added_ms=added)
    result.terms["running"] = result.terms["running"] + retraining
    _put_flow(result, result.terms, stream.flow(added))


def judge(view: View, result: Evaluation, terms: Terms) -> None:
    """Take over the delay that another consideration supplies, and what of the effect is kept until it is trained again."""
    stream: Stream = result.notes["stream"]
    added = terms.get("added_ms", 0.0)
    if terms.owners.get("added_ms") != KEY:
        _put_flow(result, terms.values, stream.flow(added))
    decay, every = result.notes["wear"]
    months = np.maximum(terms.get("period", 0.0) - terms.get("launch", 0.0), 0.0) / DAYS_A_MONTH
    result.figures["kept"] = kept = effect_kept(decay, every, months, mean(terms.get("rate", 0.0)))
    terms.values["accuracy_kept"] = terms.get("accuracy_kept", 1.0) * kept
    found: Flow = result.notes["flow"]
    result.figures["baseline_lost"] = 12.0 * terms.get("baseline_lost", 0.0)
    result.figures["uplift"] = 12.0 * stream.volume * found.gross
    result.figures["delay"] = 12.0 * stream.volume * (found.gross - found.effect + found.lost)


def lost_a_year(result: Evaluation, terms: Terms) -> Draws:
    """What wears off, and what a delay takes from the business that is there today [money/year]."""
    worn = result.figures["gross"] * (1.0 - terms.get("accuracy_kept", 1.0))
    return worn + result.figures["baseline_lost"]


def headline(view: View, result: Evaluation) -> str:
    """What to say first where a step does not work or a delay eats the uplift; else nothing."""
    stream: Stream = result.notes["stream"]
    uplift, delay, worth = (mean(result.figures[name]) for name in ("uplift", "delay", "worth"))
    if stream.down and mean(stream.left) == 0:
        return f"It is worth nothing while {_quoted(stream, stream.down)} does not work: nobody comes out at the end."
    if closed := stream.closed():
        return f"It is worth nothing while nobody goes on from {_quoted(stream, closed)}: nobody comes out at the end."
    if worth <= 0 < uplift <= delay:
        return (
            f"The delay eats the uplift: the model would bring {money(view, uplift)} a year, and the slower page loses "
            f"{money(view, delay)} of it and of the business that is there today."
        )
    return ""


def detail(view: View, result: Evaluation) -> Iterator[str]:
    """Bottleneck, delay, later steps, what a point more is worth, and what is kept."""
    stream: Stream = result.notes["stream"]
    terms: Terms = result.notes["terms"]
    added, kept = terms.get("added_ms", 0.0), terms.get("accuracy_kept", 1.0)
    yield _bottleneck_words(view, stream, thin(stream, added))
    delay, own = mean(result.figures["delay"]), mean(result.figures["baseline_lost"])
    if mean(added) > 0 and not np.isclose(delay, 0.0):
        yield (
            f"The {plain(mean(added))} ms that it adds cost {money(view, delay)} a year: {money(view, delay - own)} of what the "
            f"model brings, {money(view, own)} of the business that is there today."
        )
    yield from _broken_words(view, stream, result, added, kept)
    point = _a_year(stream, stream.flow(added, _POINT), kept) - _a_year(stream, stream.flow(added), kept)
    now = median(stream.uplift)
    yield (
        f"One point more of uplift ({with_unit(now + _POINT, 'share')} instead of {with_unit(now, 'share')}) is worth {money(view, point)} a year: more "
        "work on the model pays where a point costs less."
    )
    if stream.rule is not None:
        simple = _a_year(stream, flow(stream.chain, stream.rule), 1.0)
        yield f"The simplest rule alone, on a page as fast as today, would bring {money(view, simple)} a year of it."
    yield from _use_words(view, stream)
    decay, every = result.notes["wear"]
    if mean(decay) > 0:
        often = f"trained again every {plain(mean(every))} months" if mean(every) > 0 else "never trained again"
        yield f"It keeps {percent(mean(result.figures['kept']))} of its effect on average, {often}."


def thin(stream: Stream, added_ms: Draws) -> Bottleneck:
    """The step where one point more is worth most, with the model at work."""
    return bottleneck(point_values(12.0 * stream.volume, stream.chain, stream.shares(added_ms)))


def _bottleneck_words(view: View, stream: Stream, found: Bottleneck) -> str:
    step, worth = stream.names[found.place], money(view, found.points[found.place])
    said = f"The bottleneck is “{step}”: one more in a hundred who goes on there is worth {worth} a year"
    if found.often[found.place] < 0.9:
        said += f" (it is the thinnest in {percent(found.often[found.place])} of the cases)"
    if found.place in stream.models:
        return f"{said}, and the model works there."
    best = min(stream.models, key=lambda place: found.ranks[place])
    return (
        f"{said}. The model works at “{stream.names[best]}”, where that is worth {money(view, found.points[best])}: place "
        f"{found.ranks[best]} of {len(stream.names)}."
    )


def _broken_words(view: View, stream: Stream, result: Evaluation, added: Draws, kept: Draws) -> Iterator[str]:
    """What is left when a later step breaks."""
    left = {place: when_broken(stream, place, added, kept) for place in stream.later()}
    if not left or stream.down:
        return
    worst = min(left, key=lambda place: left[place])
    if max(abs(each) for each in left.values()) <= 0.005 * abs(mean(result.figures["uplift"])):
        yield f"If a later step breaks, nothing of it is left: {_quoted(stream, tuple(left), 'or')}."
    else:
        yield (
            f"If {_quoted(stream, (worst,))} breaks, which comes later, {money(view, left[worst])} a year is left of what the "
            "model changes."
        )


def _use_words(view: View, stream: Stream) -> Iterator[str]:
    """A model used less often than people reach its step cannot change what all of them do."""
    place = stream.models[0]
    there = median(reached(stream.volume, stream.chain.shares)[place])
    if view.known("uses") and median(view.number("uses")) < 0.8 * there:
        yield (
            f"{amount(there)} a month reach “{stream.names[place]}” and the model is used only {amount(median(view.number('uses')))} "
            "times: its uplift is counted for all of them. One of the two numbers is off."
        )


def when_broken(stream: Stream, place: int, added_ms: Draws, kept: Draws = 1.0) -> float:
    """What the model changes a year, on average, once a step breaks [money/year]."""
    chain = replace(stream.chain, shares=broken(stream.chain.shares, place, stream.left))
    return _a_year(stream, flow(chain, stream.uplift, added_ms), kept)


def _a_year(stream: Stream, found: Flow, kept: Draws) -> float:
    return mean(12.0 * stream.volume * (found.effect * kept - found.lost))


def _stream(view: View, result: Evaluation) -> Stream | None:
    """The steps as they are answered; None where they do not say enough, with what is missing noted."""
    rows, volume, value = view.rows("steps"), view.number("entering"), view.number("value")
    uplift, left, loss = view.number("uplift"), view.number("left"), view.number("latency_loss")
    relative = view.word("uplift_kind") != "absolute"
    rule: Draws | None = None
    if view.word("against") == "rule":
        rule = view.number("rule")
        uplift = (1.0 + rule) * (1.0 + uplift) - 1.0 if relative else rule + uplift
    if not rows:
        return None
    names = _apart([one_line(row.word("name"), 40) or f"Step {place}" for place, row in enumerate(rows, start=1)])
    models = tuple(place for place, row in enumerate(rows) if row.known("acts") and np.any(row.number("acts")))
    lacking = [name for name, row in zip(names, rows, strict=True) if not row.known("share")]
    if lacking or not models:
        view.missing[f"{KEY}.steps"] = None
        what = f"the share that goes on from {join([f'“{each}”' for each in lacking[:3]])}"
        result.notes["problem"] = (
            f"Steps: {what} is missing. Type it, or a range." if lacking
            else "Steps: none says where the model acts. Type 100 % there as the part of its uplift that is at work."
        )  # fmt: skip
        return None
    down = tuple(place for place, row in enumerate(rows) if row.word("works") == "no")
    waits = [place for place, row in enumerate(rows) if row.known("loss")]
    losses = [row.number("loss") if waits else loss if place == models[0] else 0.0 for place, row in enumerate(rows)]
    costs = [row.number("cost") for row in rows] if any(row.known("cost") for row in rows) else []
    shares = [row.number("share", 1.0) * (left if place in down else 1.0) for place, row in enumerate(rows)]
    acts = [row.number("acts") for row in rows]
    chain = Chain(shares, value, costs, acts, losses, relative)
    return Stream(names, volume, chain, uplift, models, down, left, rule)


def _apart(names: list[str]) -> tuple[str, ...]:
    """Names of steps; those of one name are told apart by their place."""
    return tuple(
        f"{name} (step {place})" if names.count(name) > 1 else name for place, name in enumerate(names, start=1)
    )


def _put_flow(result: Evaluation, terms: dict[str, Draws], found: Flow) -> None:
    result.notes["flow"] = found
    terms["effect"] = found.effect
    terms["baseline_lost"] = result.notes["stream"].volume * found.lost


def _asked(view: View, name: str) -> bool:
    """Whether a question is asked here at all; what that hangs on is noted as used."""
    question = view.world.question(f"{KEY}.{name}")
    for key in question.when or {}:
        view.peek(key)
    return view.world.asked(question, view.option)


def _quoted(stream: Stream, places: tuple[int, ...], last: str = "and") -> str:
    return join([f"“{stream.names[place]}”" for place in places], last)
