"""Value stream, in its simple form: how often the product is used, what a use changes, what that is worth."""

from collections.abc import Callable, Mapping

from pydantic import BaseModel

from shipworthy.considerations import questions as ask
from shipworthy.considerations.base import Consideration, Evaluation, Terms, View, Words
from shipworthy.considerations.show import mean, median, missing_words, money, money_range, summary
from shipworthy.words import percent, plain

_WHEN = "How long we count"
_USE = "What a use is worth"
_OPTION = "What the option costs to have"
_ENOUGH = "What would be good enough"

CURRENCIES = {
    code: code for code in ("USD", "EUR", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CAD", "AUD", "JPY", "INR", "BRL")
}


class Questions(BaseModel):
    """What the value stream asks."""

    uses: ask.Estimate = ask.estimate(
        "Uses a month", unit="uses a month", lower=0.0, section=_USE, search=(1.0, 1e9),
        help="How often the product does its work: customers scored, conversations held, pages shown.",
    )  # fmt: skip
    effect: ask.Estimate = ask.estimate(
        "Effect of a use", unit="effects a use", per_option=True, section=_USE, neutral=0.0,
        when={"lead_time.depends": ("no", "")},
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
    one_off: ask.Estimate = ask.money(
        "One-off cost", per_option=True, section=_OPTION,
        help="Everything paid once until it is live: people, data, licences, integration.",
    )  # fmt: skip
    running: ask.Estimate = ask.money(
        "Running cost", per=" a month", per_option=True, section=_OPTION,
        help="Fixed cost a month that does not depend on use: people who look after it, hosting, licences.",
    )  # fmt: skip
    live: ask.Estimate = ask.estimate(
        "Days until live", unit="days", lower=0.0, per_option=True, section=_OPTION, search=(0.0, 2000.0),
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
    """The plain value question; it later grows into the whole chain of steps."""

    key, order = "value_stream", 100
    name = "Value stream"
    title = "What is it worth when it works?"
    lead = "A good prediction is worth what it changes, as often as it is used, less the harm when it is wrong."
    formula = "worth a year = 12 × (volume × reach × effect × value − uses × wrong outputs × harm)"
    source = "Definition; discounting as in any net present value."
    Questions = Questions

    def evaluate(self, view: View) -> Evaluation:
        """Volume, effect, value and harm; one-off and running cost; launch; the period and its discounting."""
        uses = view.number("uses")
        from_lead_time = view.peek("lead_time.depends") == "yes"
        wrong, harm = view.number("wrong"), view.number("harm")
        result = Evaluation()
        result.terms = {
            "uses": uses,
            "volume": uses,
            "effect": 0.0 if from_lead_time else view.number("effect"),
            "value": view.number("value"),
            "harm": uses * wrong * harm,
            "running": view.number("running"),
            "one_off": view.number("one_off"),
            "launch": view.number("live"),
            "period": 365.0 * mean(view.number("period")),
            "rate": mean(view.number("discount_rate")),
        }
        return result

    def judge(self, view: View, result: Evaluation, terms: Terms) -> None:
        """Worth a year against the limit asked for."""
        for name in terms.lacking("volume", "reach", "effect"):
            view.need(name)
        gross = (
            12.0
            * terms.get("volume", 0.0)
            * terms.get("reach", 1.0)
            * terms.get("effect", 0.0)
            * terms.get("value", 0.0)
        )
        result.figures["gross"] = gross
        result.figures["worth"] = worth = gross - 12.0 * terms.get("harm", 0.0)
        result.margins["worth"] = worth - view.requirement("worth").limit

    def words(self, view: View, result: Evaluation) -> Words:
        """What a year of it is worth, and what of that is lost to wrong outputs."""
        if result.missing:
            return Words(missing_words(view, result, "what a year of it is worth"))
        worth = summary(result.figures["worth"])
        said = f"Worth {money_range(view, worth)} a year once it is live, before its costs."
        if worth.mean <= 0:
            said = f"It does not pay even before its costs: {money_range(view, worth)} a year."
        detail = []
        gross, harm = summary(result.figures["gross"]), 12.0 * mean(result.terms["harm"])
        if harm > 0:
            lost = harm / gross.mean if gross.mean > 0 else 1.0
            detail.append(
                f"Wrong outputs cost {money(view, harm)} a year, {percent(min(lost, 1.0))} of what it brings."
            )
        detail.append(
            f"Live after {plain(median(result.terms['launch']))} days; counted over {plain(mean(result.terms['period']) / 365)} years."
        )
        return Words(said, tuple(detail))

    def table(
        self, evaluations: Mapping[str, Evaluation], view: Callable[[str], View]
    ) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        """Worth a year, its range, one-off and running cost."""
        rows = []
        for option, result in evaluations.items():
            worth, seen = summary(result.figures["worth"]), view(option)
            cells = (money(seen, worth.mean), f"{money(seen, worth.p10)} to {money(seen, worth.p90)}")
            costs = (money(seen, mean(result.terms[name])) for name in ("one_off", "running"))
            rows.append((option, *cells, *costs))
        return ("Worth a year", "8 in 10 cases", "One-off cost", "Running a month"), rows
