"""Cost per use: what one use costs however it is priced, what is left of its value, and where the price turns."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from pydantic import BaseModel

from shipworthy.calculators import cost as calc
from shipworthy.considerations import questions as ask
from shipworthy.considerations.base import Consideration, Draws, Evaluation, Figure, Terms, View, Words, World
from shipworthy.considerations.show import COLOURS, currency, layout, mean, median, missing_words, money, summary
from shipworthy.errors import InputError
from shipworthy.reference import loader as reference
from shipworthy.reference import prices
from shipworthy.words import amount, percent, plain

_HOW = "How a use is priced"
_TALK = "What a conversation is made of"
_HOSTED = "Hosted model"
_SELF = "Own servers"
_ENOUGH = "What would be good enough"

PRICED = {
    "hosted": "Hosted model, by the token", "self_hosted": "Model on own servers", "per_call": "A price per call",
    "flat": "A flat price a month", "nothing": "Nothing beyond the running cost",
}  # fmt: skip
_CURVE_DRAWS = 2**10
_STEPS = ("value_stream.entering", "value_stream.steps", "value_stream.uplift")
_TOKENS = {"cost.priced": ("hosted", "self_hosted")}
_ONLY_HOSTED = {"cost.priced": ("hosted",)}
_ONLY_SELF = {"cost.priced": ("self_hosted",)}


class Questions(BaseModel):
    """What cost per use asks."""

    priced: ask.Choice = ask.choice(
        "How is a use priced?", PRICED, per_option=True, section=_HOW, help="How the bill grows with use.",
    )  # fmt: skip
    call_price: ask.Estimate = ask.money(
        "Price of a call", per_option=True, section=_HOW, when={"cost.priced": ("per_call",)},
        help="What the supplier charges for one use.",
    )  # fmt: skip
    flat_price: ask.Estimate = ask.money(
        "Flat price", per=" a month", per_option=True, section=_HOW, when={"cost.priced": ("flat",)},
        help="The same every month, however much it is used.",
    )  # fmt: skip
    turns: ask.SpreadAnswer = ask.spread(
        "Turns of a conversation", unit="turns", per_option=True, section=_TALK, when=_TOKENS,
        help="How often the user writes. Differs from conversation to conversation; long ones cost most.",
    )  # fmt: skip
    system_tokens: ask.Estimate = ask.estimate(
        "Instructions sent with every turn", unit="tokens", lower=0.0, per_option=True, section=_TALK, when=_TOKENS,
        search=(0.0, 200_000.0), help="System prompt, tools and documents. 1,000 tokens are about 800 English words.",
    )  # fmt: skip
    user_tokens: ask.Estimate = ask.estimate(
        "Tokens a user writes in a turn", unit="tokens", lower=0.0, per_option=True, section=_TALK, when=_TOKENS,
        search=(0.0, 50_000.0), help="About 4 characters of English a token; other languages need more.",
    )  # fmt: skip
    answer_tokens: ask.Estimate = ask.estimate(
        "Tokens of an answer", unit="tokens", lower=0.0, per_option=True, section=_TALK, when=_TOKENS,
        search=(0.0, 50_000.0), help="What the model writes in a turn, hidden thinking included.",
    )  # fmt: skip
    model: ask.Text = ask.text(
        "Model", per_option=True, optional=True, section=_HOSTED, when=_ONLY_HOSTED,
        help="Provider and model as in the price list, such as anthropic/claude-haiku-4-5. Or type the prices below.",
    )  # fmt: skip
    batch: ask.Choice = ask.choice(
        "Answered at once or in batch?", {"no": "At once", "yes": "In batch, hours later"}, default="no", per_option=True,
        section=_HOSTED, when=_ONLY_HOSTED, help="Batch is cheaper where nobody waits.",
    )  # fmt: skip
    cache_hit: ask.Estimate = ask.share(
        "Repeated text read from the cache", per_option=True, section=_HOSTED, when=_ONLY_HOSTED,
        help="Share of the instructions and earlier turns that the provider remembers; cheaper than sending them anew.",
    )  # fmt: skip
    input_price: ask.Estimate = ask.estimate(
        "Input price, if not from the list", unit="USD a million tokens", lower=0.0, per_option=True, optional=True,
        section=_HOSTED, when=_ONLY_HOSTED, search=(0.0, 1_000.0), help="Leave empty to take the price list's.",
    )  # fmt: skip
    output_price: ask.Estimate = ask.estimate(
        "Output price, if not from the list", unit="USD a million tokens", lower=0.0, per_option=True, optional=True,
        section=_HOSTED, when=_ONLY_HOSTED, search=(0.0, 1_000.0), help="Leave empty to take the price list's.",
    )  # fmt: skip
    gpu_price: ask.Estimate = ask.estimate(
        "Price of a GPU", unit="USD an hour", lower=0.0, per_option=True, section=_SELF, when=_ONLY_SELF,
        search=(0.0, 100.0), help="Rented, with storage and traffic.",
    )  # fmt: skip
    gpus: ask.Number = ask.number(
        "GPUs that are on at all times", unit="GPUs", lower=1.0, per_option=True, section=_SELF, when=_ONLY_SELF,
        search=(1.0, 1_000.0), help="At least what one copy of the model needs; more are added as use grows.",
    )  # fmt: skip
    throughput: ask.Estimate = ask.estimate(
        "Tokens a GPU writes at full load", unit="tokens a second", lower=0.0, per_option=True, section=_SELF,
        when=_ONLY_SELF, search=(1.0, 100_000.0), help="Published or measured.",
    )  # fmt: skip
    utilisation: ask.Estimate = ask.share(
        "Share of full load that real traffic gets", per_option=True, section=_SELF, when=_ONLY_SELF,
        help="Traffic comes and goes; published figures are tuned.",
    )  # fmt: skip
    people: ask.Estimate = ask.money(
        "People who keep it running", per=" a month", per_option=True, section=_SELF, when=_ONLY_SELF,
        help="On-call and upkeep of the servers and the model, beyond the running cost of the option.",
    )  # fmt: skip
    margin: ask.Requirement = ask.requirement(
        "Margin a use", unit="money a use", section=_ENOUGH, at_least=True, help="Least that is left of a use's value after its cost.",
    )  # fmt: skip


class Cost(Consideration):
    """Cost per use: tokens, prices, margin, and the volume at which another way of paying is cheaper."""

    key, order = "cost", 600
    name = "Cost per use"
    title = "Does a use bring more than it costs?"
    lead = "Each use is paid for. A long conversation sends its whole history again with every turn."
    formula = (
        "input tokens = n·p0 + u·n(n+1)/2 + a·n(n−1)/2 with n turns, p0 instructions, u tokens a user writes, a tokens of an "
        "answer; margin a use = volume × reach × effect × value / uses − cost a use"
    )
    source = "Prices: genai-prices, offline, as of the day shown. GPU prices and throughput: reference tables with their sources."
    Questions = Questions
    shows = ("value_stream.uses", "value_stream.effect", "value_stream.value")

    def check(self, name: str, value: Any, on: Any) -> None:
        """A model must be one that the price list knows."""
        if name == "model" and isinstance(value, str) and value.strip():
            prices.price(value.strip(), on)

    def evaluate(self, view: View) -> Evaluation:
        """Cost of a use and what is paid a month whatever the use."""
        result = Evaluation()
        uses, rate = view.number("value_stream.uses"), view.number("value_stream.usd_rate")
        priced = view.word("priced")
        result.notes["priced"] = priced
        variable: Draws = 0.0
        if priced == "hosted":
            variable = self._hosted(view, result) * rate
        elif priced == "per_call":
            variable = view.number("call_price")
        serving = self._serving(view, result, priced, rate)
        result.notes["bill"] = lambda volume: variable * volume + serving(volume)
        monthly = serving(uses)
        result.terms = {"cost_per_use": variable, "serving": monthly}
        result.figures["bill"] = variable * uses + monthly
        with np.errstate(divide="ignore", invalid="ignore"):
            fixed = np.where(np.asarray(uses) > 0, np.divide(monthly, uses), 0.0) if np.any(monthly) else 0.0
        result.figures["cost"] = variable + fixed
        return result

    def _hosted(self, view: View, result: Evaluation) -> Draws:
        """Cost of a conversation with a hosted model [USD]."""
        typed_in, typed_out = view.known("input_price"), view.known("output_price")
        reference, batch = view.text("model"), view.word("batch") == "yes"
        listed = None
        if reference:
            try:
                listed = prices.price(reference, view.world.on, batch)
            except InputError as problem:
                result.notes["problem"] = str(problem)
        typed = typed_in and typed_out
        if listed is None and not typed:
            view.missing["cost.model"] = None
        share = view.number("cache_hit")
        hit = share if view.known("cache_hit") else None
        chat = system, user, answer = _chat(view)
        p50, p95 = (np.maximum(1.0, each) for each in view.spread("turns"))
        turns = calc.turn_moments(p50, p95)
        tokens = calc.conversation_tokens(system, user, answer, turns, hit)
        result.figures["tokens"] = tokens.input + tokens.output
        fees: Draws = listed.per_request * turns.mean if listed and not typed else 0.0
        input_price = view.number("input_price") if typed_in else listed.input if listed else 0.0
        output_price = view.number("output_price") if typed_out else listed.output if listed else 0.0
        ratio = listed.cache_read / listed.input if listed and listed.input else _read_ratio()
        written = listed.cache_write / listed.input if listed and listed.input else 1.0
        result.notes["price"] = None if typed else listed
        before = input_price, output_price, input_price * ratio, input_price * written
        total = fees + calc.hosted_cost(tokens, *before)
        longest = np.max(calc.request_tokens(system, user, answer, 2 * p95))
        for tier in listed.tiers if listed and not typed else ():
            if longest <= tier.above:
                break
            read, kept = tier.cache_read / tier.input, tier.cache_write / tier.input
            above_in, above_out = input_price if typed_in else tier.input, output_price if typed_out else tier.output
            prices_above = above_in, above_out, above_in * read, above_in * kept
            _, high = calc.tokens_by_tier(chat, calc.TurnSpread(p50, p95), tier.above, hit)
            total = total + calc.hosted_cost(high, *prices_above) - calc.hosted_cost(high, *before)
            before = prices_above
        return total

    def _serving(self, view: View, result: Evaluation, priced: str, rate: Draws) -> Callable[[Draws], Draws]:
        """What is paid a month for a volume of uses whatever the price of a single one, as a function of the volume."""
        if priced == "flat":
            month = view.number("flat_price")
            return lambda volume: month
        if priced != "self_hosted":
            return lambda volume: 0.0
        if any(not view.known(name) for name in ("throughput", "utilisation")):
            view.number("throughput"), view.number("utilisation")
            return lambda volume: 0.0
        p50, p95 = (np.maximum(1.0, each) for each in view.spread("turns"))
        turns = calc.turn_moments(p50, p95)
        tokens = calc.conversation_tokens(*_chat(view), turns)
        people, gpu_price = view.number("people"), view.number("gpu_price")
        throughput, utilisation = (
            np.maximum(view.number("throughput"), 1e-9),
            np.maximum(view.number("utilisation"), 1e-9),
        )
        fleet = calc.Fleet(gpu_price, throughput, utilisation, minimum=view.number("gpus"))
        result.figures["tokens"] = tokens.input + tokens.output
        result.notes["fleet"], result.notes["written"] = fleet, tokens.output
        return lambda volume: calc.self_hosted(volume, tokens.output, fleet).cost_month * rate + people

    def judge(self, view: View, result: Evaluation, terms: Terms) -> None:
        """Margin a use against the limit asked for."""
        own = terms.owners.get("effect") == "value_stream"
        effect = _STEPS if view.peek("value_stream.form") == "funnel" else ("value_stream.effect",)
        for name in ("value_stream.value", *(effect if own else terms.lacking("reach", "effect"))):
            view.need(name)
        uses = np.maximum(terms.get("uses", 0.0), 1e-12)
        brought = (
            terms.get("volume", 0.0)
            * terms.get("reach", 1.0)
            * terms.get("effect", 0.0)
            * terms.get("value", 0.0)
            / uses
        )
        result.figures["brings"] = brought
        result.figures["margin"] = calc.margin(brought, result.figures["cost"])
        result.margins["margin"] = result.figures["margin"] - view.requirement("margin").limit

    def words(self, view: View, result: Evaluation) -> Words:
        """What a use costs, brings and leaves, and where the price comes from."""
        problem = result.notes.get("problem")
        if problem and result.missing:
            return Words(str(problem), ())
        if result.missing:
            return Words(missing_words(view, result, "whether a use pays"))
        margin, cost, brings = (summary(result.figures[name]) for name in ("margin", "cost", "brings"))
        uses = 12 * mean(view.number("value_stream.uses"))
        left = money(view, margin.mean)
        costs = f"A use costs {money(view, cost.mean)}" if abs(cost.mean * uses) >= 1 else "A use costs nothing"
        said = f"{costs} and brings {money(view, brings.mean)}: {left} is left."
        if abs(brings.mean * uses) < 1:  # in a year, over all uses
            said = f"{costs} and brings nothing to speak of."
        elif margin.mean < 0:
            said = f"{costs} and brings only {money(view, brings.mean)}: each one loses {money(view, -margin.mean)}."
        detail = []
        if not margin.certain:
            detail.append(
                f"In 8 of 10 cases what is left lies between {money(view, margin.p10)} and {money(view, margin.p90)}."
            )
        if "tokens" in result.figures:
            tokens = summary(result.figures["tokens"])
            detail.append(
                f"A conversation takes {amount(tokens.mean)} tokens on average, most of them earlier turns sent again."
            )
        listed = result.notes.get("price")
        if listed is not None:
            detail.append(
                f"Price: {listed.source}; {plain(listed.input)} USD in and {plain(listed.output)} USD out a million tokens."
            )
            detail += [listed.note] if listed.note else []
        if problem:
            detail.append(f"{problem} The prices typed in are used.")
        return Words(said, tuple(detail))

    def table(
        self, evaluations: Mapping[str, Evaluation], view: Callable[[str], View]
    ) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        """Cost and margin a use, the bill at today's volume and ten times it, and what would break even."""
        rows = []
        for option, result in evaluations.items():
            seen, figures = view(option), result.figures
            uses = seen.number("value_stream.uses")
            bills = (mean(result.notes["bill"](uses * factor)) for factor in (1.0, 10.0))
            tokens = amount(mean(figures["tokens"])) if "tokens" in figures else "–"
            cells = (money(seen, mean(figures[name])) for name in ("cost", "margin"))
            rows.append(
                (
                    option,
                    *cells,
                    tokens,
                    *(money(seen, bill) for bill in bills),
                    self._turns(seen, result, evaluations, view),
                )
            )
        return (
            "Cost a use",
            "Margin a use",
            "Tokens a use",
            "Bill a month",
            "Bill at ten times the use",
            "Breaks even at",
        ), rows

    def _turns(
        self, view: View, result: Evaluation, evaluations: Mapping[str, Evaluation], views: Callable[[str], View]
    ) -> str:
        """Where the margin turns: tokens and utilisation, and the volume at which own servers overtake a hosted price."""
        figures, said = result.figures, [f"{money(view, mean(result.figures['cost']))} brought by a use"]
        if result.notes.get("priced") == "hosted" and "tokens" in figures:
            turn = calc.break_even_tokens(figures["brings"], figures["cost"], figures["tokens"])
            said.append(f"{amount(median(turn))} tokens a conversation")
        fleet = result.notes.get("fleet")
        if fleet is not None:
            rate = view.number("value_stream.usd_rate")
            uses = max(float(np.median(view.number("value_stream.uses"))), 1e-12)
            worth, written = np.median(figures["brings"] / rate), np.median(result.notes["written"])
            worth = worth - np.median(view.number("people") / rate) / uses
            idle = np.median(fleet.gpu_price) * np.median(fleet.minimum) * calc.HOURS_PER_MONTH / uses
            needed = calc.break_even_utilisation(
                worth if idle <= worth else 0.0, written, np.median(fleet.gpu_price), np.median(fleet.throughput)
            )
            said.append("no utilisation" if np.isnan(needed) else f"{percent(float(needed))} utilisation")
            for option, other in evaluations.items():
                if other.notes.get("priced") == "hosted" and not other.missing:
                    hosted = other.terms["cost_per_use"] / rate
                    with_people = calc.Fleet(
                        fleet.gpu_price,
                        fleet.throughput,
                        fleet.utilisation,
                        view.number("people") / rate,
                        fleet.minimum,
                    )
                    found = np.asarray(calc.crossover_volume(hosted, result.notes["written"], with_people))
                    name = view.world.decision.option(option).name
                    often = mean(np.isfinite(found))
                    said.append(
                        f"never cheaper than {name}"
                        if often < 0.5
                        else f"cheaper than {name} from {amount(float(np.nanmedian(found)))} uses a month"
                    )
        return "; ".join(said)

    def figures(self, view: View, evaluations: Mapping[str, Evaluation]) -> Iterator[Figure]:
        """The bill a month against the volume, for every option."""
        uses = float(np.median(view.number("value_stream.uses")))
        if uses <= 0 or not any(np.any(result.figures["bill"]) for result in evaluations.values()):
            return
        world = World(view.world.decision, view.world.on, view.world.registry, size=_CURVE_DRAWS, kept=view.world.kept)
        volumes = np.geomspace(uses / 100, uses * 100, 25)
        colours, data, rows = COLOURS, [], []
        for colour, option in zip(colours, evaluations, strict=False):
            bill = self.evaluate(View(world, self.key, option)).notes["bill"](volumes[:, None])
            bills = np.median(np.broadcast_to(bill, (volumes.size, world.size)), axis=1).tolist()
            name = view.world.decision.option(option).name
            shown = {"color": colour, "width": 4 if option == view.option else 2}
            data.append(
                {"type": "scatter", "mode": "lines", "name": name, "x": volumes.tolist(), "y": bills, "line": shown}
            )
            rows.append((name, *(money(view, bills[i]) for i in (0, 6, 12, 18, 24))))
        now = {
            "type": "line",
            "x0": uses,
            "x1": uses,
            "yref": "paper",
            "y0": 0,
            "y1": 1,
            "line": {"color": "#5a6672", "dash": "dot"},
        }
        log = {"type": "log", "gridcolor": "#dde3e9", "automargin": True}
        chart = layout("", "", showlegend=True, legend={"orientation": "h", "y": 1.12}, shapes=[now])
        chart["xaxis"] = {**log, "title": {"text": "uses a month (dotted: today's estimate)"}}
        chart["yaxis"] = {**log, "title": {"text": f"{currency(view)} a month"}}
        alt = f"Bill a month against uses a month; at {amount(uses)} uses: " + "; ".join(
            f"{row[0]} {row[3]}" for row in rows
        )
        head = ("Option", *(f"{amount(float(volumes[i]))} uses" for i in (0, 6, 12, 18, 24)))
        caption = "Flat stretches are servers that run whether they are used or not."
        yield Figure(
            "bill", "The bill a month as use grows", {"data": data, "layout": chart}, alt, caption, head, tuple(rows)
        )


def _chat(view: View) -> tuple[Draws, Draws, Draws]:
    """Tokens of the instructions, of what a user writes in a turn, and of an answer."""
    return view.number("system_tokens"), view.number("user_tokens"), view.number("answer_tokens")


@lru_cache(maxsize=1)
def _read_ratio() -> float:
    """Price of a cached token over an uncached one where only prices typed in are known."""
    return reference.load("defaults")["cost.cache_read_ratio"].number("likely")
