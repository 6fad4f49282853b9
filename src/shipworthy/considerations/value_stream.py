"""Value stream: what a use changes and what that is worth, or the whole chain of steps that people go through."""

from collections.abc import Callable, Iterator, Mapping

from pydantic import BaseModel

from shipworthy.considerations import questions as ask
from shipworthy.considerations import value_stream_figures, value_stream_funnel, value_stream_phases
from shipworthy.considerations.base import Consideration, Evaluation, Figure, Terms, View, Words
from shipworthy.considerations.show import (
    begins_later,
    currency,
    mean,
    median,
    missing_words,
    money,
    money_range,
    summary,
)
from shipworthy.words import percent, plain

_WHEN = "How long we count"
_USE = "What a use is worth"
_STEPS = "The steps that people go through"
_MODEL = "What the model changes"
_WEAR = "How long the effect lasts"
_OPTION = "What the option costs to have"
_ENOUGH = "What would be good enough"

CURRENCIES = {
    code: code for code in ("USD", "EUR", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CAD", "AUD", "JPY", "INR", "BRL")
}

FORMS = {"simple": "A use, its effect, its value", "funnel": "Steps that people go through, one after the other"}
KINDS = {"relative": "Of those who go on today: 5 % more of them", "absolute": "In points: 2 % become 7 %"}
AGAINST = {"today": "What happens today", "rule": "The simplest rule, such as a bestseller list"}
_NOT_LATE = {"lead_time.depends": ("no", "")}
_FUNNEL = {"value_stream.form": ("funnel",), **_NOT_LATE}
_NO_PLAN = {"deadline.planned": ("no", "")}


class Questions(BaseModel):
    """What the value stream asks."""

    form: ask.Choice = ask.choice(
        "How does value arise?", FORMS, default="simple", section=_USE, when=_NOT_LATE,
        help="Steps show what a delay, a broken step or a thin one does to it: a shop, an application, a claim.",
    )  # fmt: skip
    uses: ask.Estimate = ask.estimate(
        "Uses a month", unit="uses a month", lower=0.0, section=_USE, search=(1.0, 1e9),
        help="How often the product does its work: customers scored, conversations held, pages shown.",
    )  # fmt: skip
    effect: ask.Estimate = ask.estimate(
        "Effect of a use", unit="effects a use", per_option=True, section=_USE, neutral=0.0,
        when={"value_stream.form": ("simple", ""), **_NOT_LATE},
        help="Change against doing nothing, in effects a use: 0.02 is two more orders in 100 conversations. May be negative.",
    )  # fmt: skip
    value: ask.Estimate = ask.money(
        "Value of one effect", section=_USE,
        help="What one more order, saved customer or avoided loss brings, after its own costs.",
    )  # fmt: skip
    wrong: ask.Estimate = ask.share(
        "Wrong outputs that do harm", per_option=True, section=_USE,
        help="Share of uses with an output that is wrong and costs something: a refund, a complaint.",
    )  # fmt: skip
    harm: ask.Estimate = ask.money("Harm of one wrong output", section=_USE, help="What one of them costs on average.")
    entering: ask.Estimate = ask.estimate(
        "Enter the first step", unit="a month", lower=0.0, section=_STEPS, when=_FUNNEL, search=(1.0, 1e9),
        help="People, orders or cases a month that begin the chain.",
    )  # fmt: skip
    steps: ask.Rows = ask.rows(
        "Steps, in order",
        (
            {"key": "name", "label": "Step", "kind": "text"},
            {"key": "share", "label": "Go on to the next", "kind": "share"},
            {"key": "acts", "label": "Part of the model's uplift at work", "kind": "share"},
            {"key": "works", "label": "Works today", "kind": "choice", "choices": {"yes": "Yes", "no": "No"}},
            {"key": "loss", "label": "Lost there per 100 ms", "kind": "share"},
            {"key": "cost", "label": "Cost of each that enters", "kind": "money", "unit": "money"},
            {"key": "owner", "label": "Owned by", "kind": "text"},
        ),
        section=_STEPS, when=_FUNNEL,
        help="From the first to the last, each with the share that goes on. Where the model acts, say 100 %. Loss per "
        "100 ms only where people wait for the model; left empty, they wait at its first step. Costs may stay empty.",
    )  # fmt: skip
    left: ask.Estimate = ask.share(
        "Still get through a step that is broken", section=_STEPS, when=_FUNNEL,
        help="Of those who pass it when it works. It counts where a step does not work today, and for what breaks later.",
    )  # fmt: skip
    uplift: ask.Estimate = ask.estimate(
        "Uplift at the model's step", unit="share", lower=-1.0, per_option=True, section=_MODEL, when=_FUNNEL,
        search=(-0.5, 1.0), help="What the model changes in the share that goes on there. May be negative.",
    )  # fmt: skip
    uplift_kind: ask.Choice = ask.choice(
        "How is the uplift counted?", KINDS, default="relative", section=_MODEL, when=_FUNNEL,
        help="At 2 % who go on, 5 % more of them make 2.1 %, and 5 points more make 7 %.",
    )  # fmt: skip
    against: ask.Choice = ask.choice(
        "What was it measured against?", AGAINST, default="today", per_option=True, section=_MODEL, when=_FUNNEL,
        help="An uplift over the simplest rule comes on top of what that rule brings.",
    )  # fmt: skip
    rule: ask.Estimate = ask.estimate(
        "Uplift of the simplest rule", unit="share", lower=-1.0, per_option=True, section=_MODEL, search=(-0.5, 1.0),
        when={**_FUNNEL, "value_stream.against": ("rule",)}, help="Against what happens today, counted the same way.",
    )  # fmt: skip
    added_ms: ask.Estimate = ask.estimate(
        "Delay that it adds to the page", unit="ms", lower=0.0, per_option=True, section=_MODEL,
        when={**_FUNNEL, "deployment.page": ("no", "")}, search=(0.0, 5000.0), help="What people wait longer than today. 0 where the answer is there before they come.",
    )  # fmt: skip
    latency_loss: ask.Estimate = ask.share(
        "Lost for every 100 ms of delay", section=_MODEL, when=_FUNNEL,
        help="Of those who would go on. It takes from the business that is there today as well.",
    )  # fmt: skip
    decay: ask.Estimate = ask.share(
        "Effect lost a month", per_option=True, section=_WEAR, when=_FUNNEL,
        help="Tastes, prices and goods change; the model does not, until it is trained again.",
    )  # fmt: skip
    retrain_every: ask.Number = ask.number(
        "Months between two trainings", unit="months", lower=0.0, upper=120.0, per_option=True, section=_WEAR,
        when=_FUNNEL, search=(0.25, 60.0), help="0 if it is never trained again.",
    )  # fmt: skip
    retrain_cost: ask.Estimate = ask.money(
        "Cost of one training", per_option=True, section=_WEAR, when=_FUNNEL,
        help="With its data, tests and approval. It is added to the running cost.",
    )  # fmt: skip
    one_off: ask.Estimate = ask.money(
        "One-off cost", per_option=True, section=_OPTION, when=_NO_PLAN,
        help="Everything paid once until it is live: people, data, licences, integration.",
    )  # fmt: skip
    running: ask.Estimate = ask.money(
        "Running cost", per=" a month", per_option=True, section=_OPTION,
        help="Fixed cost a month that does not depend on use: people who look after it, hosting, licences.",
    )  # fmt: skip
    live: ask.Estimate = ask.estimate(
        "Days until live", unit="days", lower=0.0, per_option=True, section=_OPTION, when=_NO_PLAN, search=(0.0, 2000.0),
        help="From today until users have it.",
    )  # fmt: skip
    period: ask.Number = ask.number(
        "Period", unit="years", lower=0.25, upper=20.0, section=_WHEN, help="Years over which payoff is counted.",
    )  # fmt: skip
    discount_rate: ask.Number = ask.number(
        "Discount rate", unit="share", lower=0.0, upper=1.0, section=_WHEN, help="What money a year later is worth less.",
    )  # fmt: skip
    currency: ask.Choice = ask.choice(
        "Currency", CURRENCIES, default="USD", section=_WHEN, help="All amounts are in it."
    )
    usd_rate: ask.Number = ask.number(
        "One US dollar in that currency", unit="", lower=1e-6, upper=1e6, default=1.0, section=_WHEN,
        help="Model and GPU prices are in US dollars.",
    )  # fmt: skip
    worth: ask.Requirement = ask.requirement(
        "Worth a year, once live", unit="money a year", section=_ENOUGH, at_least=True,
        help="Least value a year of what the product changes, before its costs.",
    )  # fmt: skip


class ValueStream(Consideration):
    """The plain value question, and the chain of steps that it grows into."""

    key, order = "value_stream", 100
    name = "Value stream"
    title = "What is it worth when it works?"
    completes_terms = True
    lead = "A good prediction is worth what it changes, as often as it is used, less the harm when it is wrong."
    formula = (
        "worth a year = 12 × (volume × reach × effect × value − uses × wrong outputs × harm); with steps: effect × value = "
        "change in the product of the shares × value of what comes out, less what a delay takes: (1 − loss)^(ms / 100)"
    )
    source = (
        "Definition; discounting as in any net present value. Loss by delay: see the default's source. The bottleneck is the "
        "step where one point more is worth most."
    )
    Questions = Questions

    def evaluate(self, view: View) -> Evaluation:
        """Volume, effect, value and harm; one-off and running cost; launch; the period and its discounting."""
        uses = view.number("uses")
        from_lead_time = view.peek("lead_time.depends") == "yes"
        wrong, harm = view.number("wrong"), view.number("harm")
        funnel = view.peek("form") == "funnel" and not from_lead_time
        planned = view.peek("deadline.planned") == "yes"
        result = Evaluation()
        result.terms = {
            "uses": uses,
            "volume": uses,
            "effect": 0.0 if from_lead_time or funnel else view.number("effect"),
            "value": view.number("value"),
            "harm": uses * wrong * harm,
            "running": view.number("running"),
            "one_off": 0.0 if planned else view.number("one_off"),
            "launch": 0.0 if planned else view.number("live"),
            "period": 365.0 * mean(view.number("period")),
            "rate": mean(view.number("discount_rate")),
        }
        if funnel:
            value_stream_funnel.evaluate(view, result)
        return result

    def judge(self, view: View, result: Evaluation, terms: Terms) -> None:
        """Worth a year against the limit asked for."""
        for name in terms.lacking("volume", "reach", "effect"):
            view.need(name)
        result.notes["terms"] = terms
        if "stream" in result.notes:
            value_stream_funnel.judge(view, result, terms)
        gross = (
            12.0
            * terms.get("volume", 0.0)
            * terms.get("reach", 1.0)
            * terms.get("effect", 0.0)
            * terms.get("value", 0.0)
        )
        result.figures["gross"] = gross
        worth = gross - 12.0 * terms.get("harm", 0.0)
        if "stream" in result.notes:
            worth = worth - value_stream_funnel.lost_a_year(result, terms)
        result.figures["worth"] = worth
        result.margins["worth"] = worth - view.requirement("worth").limit

    def together(self, found: Mapping[str, Evaluation]) -> Evaluation | None:
        """Each option in turn is worth something until the next is live."""
        return value_stream_phases.joined(found)

    def words(self, view: View, result: Evaluation) -> Words:
        """What a year of it is worth, and what of that is lost to wrong outputs."""
        if result.missing:
            problem = result.notes.get("problem")
            return Words(problem or missing_words(view, result, "what a year of it is worth"))
        if "parts" in result.notes:
            told = result.notes["parts"]
            return Words(value_stream_phases.headline(view, told), tuple(value_stream_phases.detail(view, told)))
        worth = summary(result.figures["worth"])
        said = f"Worth {money_range(view, worth)} a year once it is live, before its costs."
        if max(abs(worth.mean), abs(worth.p10), abs(worth.p90)) < 1:
            said = f"It brings nothing to speak of: less than 1 {currency(view)} a year, before its costs."
        elif worth.mean <= 0:
            said = f"It does not pay even before its costs: {money_range(view, worth)} a year."
        detail = []
        if "stream" in result.notes:
            said = value_stream_funnel.headline(view, result) or said
            detail += list(value_stream_funnel.detail(view, result))
        gross, harm = summary(result.figures["gross"]), 12.0 * mean(result.terms["harm"])
        if harm > 0:
            much = (
                f"{percent(min(harm / gross.mean, 1.0))} of what it brings"
                if gross.mean >= 1
                else "and it brings nothing"
            )
            detail.append(f"Wrong outputs cost {money(view, harm)} a year, {much}.")
        terms: Terms = result.notes["terms"]
        open_ = mean(terms.get("gate_open", 1.0)) > 0
        live = (
            f"Live after {plain(median(terms.get('launch', 0.0)))} days" if open_ else "As it stands it never goes live"
        )
        detail += [later] if (later := begins_later(view)) else []
        detail.append(f"{live}; counted over {plain(mean(result.terms['period']) / 365)} years.")
        return Words(said, tuple(detail))

    def table(
        self, evaluations: Mapping[str, Evaluation], view: Callable[[str], View]
    ) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        """Worth a year, its range, what a delay costs where there are steps, one-off and running cost."""
        rows = []
        steps = any("stream" in result.notes for result in evaluations.values())
        for option, result in evaluations.items():
            if "parts" in result.notes:
                year, between, once, month = value_stream_phases.cells(view(option), result.notes["parts"])
                rows.append((option, year, between, *(["–"] if steps else []), once, month))
                continue
            worth, seen, terms = summary(result.figures["worth"]), view(option), result.notes["terms"]
            mean_, low, high = (0.0 if abs(each) < 1 else each for each in (worth.mean, worth.p10, worth.p90))
            cells = [money(seen, mean_), f"{money(seen, low)} to {money(seen, high)}"]
            if steps:
                cells.append(money(seen, mean(result.figures.get("delay", 0.0))))
            costs = (money(seen, mean(terms.get(name, 0.0))) for name in ("one_off", "running"))
            rows.append((option, *cells, *costs))
        delay = ("Lost to delay a year",) if steps else ()
        return ("Worth a year", "8 in 10 cases", *delay, "One-off cost", "Running a month"), rows

    def figures(self, view: View, evaluations: Mapping[str, Evaluation]) -> Iterator[Figure]:
        """Where there are steps: who gets through them with and without the model, and from its uplift to what is left."""
        result = evaluations.get(view.option)
        if result is not None and "stream" in result.notes and not result.missing:
            yield value_stream_figures.funnel(view, result)
            yield value_stream_figures.waterfall(view, result)
