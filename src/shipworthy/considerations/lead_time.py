"""Intervention lead time: does the prediction come early enough to act on, and is there anybody to act?"""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
from pydantic import BaseModel

from shipworthy.calculators import lead_time as calc
from shipworthy.calculators.queues import backlog_growth, batch_wait
from shipworthy.calculators.spreads import sum_of_lognormals
from shipworthy.considerations import lead_time_figures
from shipworthy.considerations import questions as ask
from shipworthy.considerations.base import Consideration, Draws, Evaluation, Figure, Terms, View, Words
from shipworthy.considerations.show import mean, median, missing_words, money, summary
from shipworthy.decision import RangeValue
from shipworthy.words import DAYS_A_MONTH, chance_words, percent, plain

_WARNING = "When the prediction comes"
_ACTING = "How long acting takes"
_MODEL = "How well it predicts"
_TEAM = "How many can be called"
_EFFECT = "What a contact brings and costs"
_ENOUGH = "What would be good enough"
_YES = {"lead_time.depends": ("yes",)}


class Questions(BaseModel):
    """What intervention lead time asks."""

    depends: ask.Choice = ask.choice(
        "Does the value depend on someone acting before an event?", {"yes": "Yes", "no": "No"}, section=_WARNING,
        help="A customer leaving, a machine failing, a payment missed: useful only while it can still be changed.",
    )  # fmt: skip
    gap: ask.Estimate = ask.estimate(
        "Gap before the window it predicts", unit="days", lower=0.0, per_option=True, section=_WARNING, when=_YES,
        search=(0.0, 365.0), help="Days between the last data used and the start of the window. 0: the very next days.",
        along="precision and recall falling as it grows, by their loss per month of gap",
    )  # fmt: skip
    window: ask.Estimate = ask.estimate(
        "Window it predicts", unit="days", lower=1.0, per_option=True, section=_WARNING, when=_YES, neutral=1.0,
        search=(1.0, 365.0), help="Length of the label window: “will it happen within these days?”",
    )  # fmt: skip
    rhythm: ask.Number = ask.number(
        "Days between two scoring runs", unit="days", lower=0.0, upper=366.0, section=_WARNING, when=_YES,
        search=(0.0, 180.0), help="A case waits for the next run.",
    )  # fmt: skip
    data_delay: ask.Estimate = ask.estimate(
        "Data delay until scoring", unit="days", lower=0.0, section=_WARNING, when=_YES, search=(0.0, 120.0),
        help="How old the newest data are when the model sees them.",
    )  # fmt: skip
    hand_over: ask.Estimate = ask.estimate(
        "Hand-over to the people who act", unit="days", lower=0.0, section=_ACTING, when=_YES, search=(0.0, 120.0),
        help="From the score to a list or task in their hands.",
    )  # fmt: skip
    contact: ask.SpreadAnswer = ask.spread(
        "Attempts until a conversation", unit="days", section=_ACTING, when=_YES, search=(0.0, 120.0),
        help="From the first call to getting hold of the person. Differs from customer to customer.",
    )  # fmt: skip
    persuasion: ask.SpreadAnswer = ask.spread(
        "Persuasion: first talk to decision", unit="days", section=_ACTING, when=_YES, search=(0.0, 365.0),
        help="Call, interview, offer, and the time until the person decides to stay.",
    )  # fmt: skip
    notice: ask.Estimate = ask.estimate(
        "Notice period", unit="days", lower=0.0, section=_ACTING, when=_YES, search=(0.0, 365.0),
        help="Days before the event after which nothing can be changed any more.",
    )  # fmt: skip
    events: ask.Estimate = ask.estimate(
        "Events a month", unit="events a month", lower=0.0, section=_MODEL, when=_YES,
        help="How many would happen if nobody acted: customers leaving, machines failing.",
    )  # fmt: skip
    precision: ask.Estimate = ask.share(
        "Precision", per_option=True, section=_MODEL, when=_YES, neutral=1.0,
        help="Of those flagged, the share that is right.",
    )  # fmt: skip
    recall: ask.Estimate = ask.share(
        "Recall", per_option=True, section=_MODEL, when=_YES, neutral=1.0, help="Of all events, the share that is flagged.",
    )  # fmt: skip
    share_flagged: ask.Estimate = ask.share(
        "Share flagged, if known", per_option=True, optional=True, section=_MODEL, when=_YES,
        help="Of everybody scored. Checked against precision and recall, and used where precision is not known.",
    )  # fmt: skip
    accuracy: ask.Estimate = ask.share(
        "Accuracy, if that is what you were told", per_option=True, optional=True, section=_MODEL, when=_YES,
        help="Shown beside what a model that flags nobody would reach. Nothing is computed from it.",
    )  # fmt: skip
    decay: ask.Estimate = ask.share(
        "Loss of precision and recall per month of gap", section=_MODEL, when=_YES,
        help="Looking further ahead is harder. Used where another gap than the stated one is tried.",
    )  # fmt: skip
    people: ask.Estimate = ask.estimate(
        "People who make contact", unit="people", lower=0.0, section=_TEAM, when=_YES, search=(0.0, 500.0),
        help="Those who call, write or visit.",
    )  # fmt: skip
    hours: ask.Estimate = ask.estimate(
        "Hours a month each spends on it", unit="hours", lower=0.0, upper=744.0, section=_TEAM, when=_YES,
        help="Beside everything else they do.",
    )  # fmt: skip
    contacts_an_hour: ask.Estimate = ask.estimate(
        "People tried in an hour", unit="people an hour", lower=0.0, section=_TEAM, when=_YES, search=(0.0, 100.0),
        help="Preparation, repeated attempts and notes included.",
    )  # fmt: skip
    contact_rate: ask.Estimate = ask.share(
        "Contact rate", section=_TEAM, when=_YES, neutral=1.0, help="Of the people tried, the share one gets hold of.",
    )  # fmt: skip
    success: ask.Estimate = ask.share(
        "Success of an intervention", per_option=True, section=_EFFECT, when=_YES, neutral=1.0,
        help="Of those who would have left and are talked to in time, the share that stays because of it.",
    )  # fmt: skip
    incentive: ask.Estimate = ask.money(
        "Cost of the incentive", section=_EFFECT, when=_YES, help="The discount or gift that a saved customer gets.",
    )  # fmt: skip
    takers: ask.Estimate = ask.share(
        "Take the incentive for nothing", section=_EFFECT, when=_YES,
        help="Of those talked to who would have stayed anyway, the share that takes it.",
    )  # fmt: skip
    contact_cost: ask.Estimate = ask.money(
        "Cost of a contact", section=_EFFECT, when=_YES, help="For every person tried, reached or not.",
    )  # fmt: skip
    reached: ask.Requirement = ask.requirement(
        "Share of cases reached in time", unit="share", lower=0.0, upper=1.0, section=_ENOUGH, when=_YES, at_least=True,
        help="Least share of the flagged cases that can still be changed.",
    )  # fmt: skip


class LeadTime(Consideration):
    """Lead time needed against the prediction horizon, the queue, saves and profit a month, the best gap."""

    key, order = "lead_time", 300
    name = "Intervention lead time"
    title = "Does the prediction come early enough to act on?"
    lead = "A model that knows in March who leaves in April is no use to a sales team that needs until May to turn a customer around."
    formula = (
        "reached in time = P(wait for scoring + data delay + hand-over + queue + contact + persuasion + notice ≤ gap + window); "
        "saves a month = contacts × precision × reached in time × success"
    )
    source = (
        "Windows and delays: definition. Campaign profit: Verbraken, Verbeke, Baesens (2013), IEEE TKDE 25(5), with a share of "
        "takers. Sums of lognormal delays: matched moments (Fenton 1960)."
    )
    Questions = Questions
    shows = ("value_stream.uses", "value_stream.value")

    def evaluate(self, view: View) -> Evaluation:
        """Reach, contacts, saves and what acting costs a month."""
        depends = view.word("depends")
        if depends != "yes":
            return Evaluation(applies=depends != "no")
        result = Evaluation()
        gap = view.number("gap")
        model = self._model(view, gap)
        timing, queue = self._timing(view, gap, model["flagged"])
        reach = calc.share_in_time(timing)
        met = calc.campaign(model["flagged"], model["precision"], reach, queue["capacity"], self._offer(view))
        events = model["events"]
        possible = met.true_cases * view.number("success") * view.number("contact_rate")
        effect = possible / np.maximum(events, 1e-12)
        result.terms = {"volume": events, "effect": effect, "reach": reach, "intervention": met.cost}
        result.figures = {
            "reach": reach,
            "saves": met.saves,
            "contacts": met.contacts,
            "acting": met.cost,
            **model,
            **queue,
        }
        result.notes["timing"] = timing
        result.margins["reached"] = reach - view.requirement("reached").limit
        return result

    def _offer(self, view: View, value: Draws = 0.0) -> calc.Offer:
        """A contact as the calculators take it: only those one gets hold of can be saved, or take the incentive."""
        rate = view.number("contact_rate")
        success, takers = view.number("success") * rate, view.number("takers") * rate
        return calc.Offer(value, success, view.number("incentive"), view.number("contact_cost"), takers)

    def _model(self, view: View, gap: Draws) -> dict[str, Draws]:
        """Precision and recall at this gap, and how many are flagged."""
        events, recall = view.number("events"), view.number("recall")
        if not view.known("precision") and view.known("share_flagged") and view.known("recall"):
            scored = view.number("value_stream.uses")
            precision: Draws = calc.precision_from_share(events, recall, scored, view.number("share_flagged"))
        else:
            precision = view.number("precision")
        further = gap - _stated_gap(view)
        if np.any(further):
            rate = view.number("decay")
            precision, recall = (
                np.minimum(calc.decayed(each, rate, further, 0.0), 1.0) for each in (precision, recall)
            )
        precision = np.clip(precision, 1e-9, 1.0)
        seen = events * calc.share_scored(np.maximum(view.number("window"), 1e-6), view.number("rhythm"))
        return {
            "events": events,
            "precision": precision,
            "recall": recall,
            "flagged": calc.flagged(seen, recall, precision),
        }

    def _timing(self, view: View, gap: Draws, flagged: Draws) -> tuple[calc.Timing, dict[str, Draws]]:
        """The delays of a case, the wait in the list among them."""
        window, rhythm = np.maximum(view.number("window"), 1e-6), view.number("rhythm")
        capacity: Draws = view.number("people") * view.number("hours") * view.number("contacts_an_hour")
        if not all(view.known(name) for name in ("people", "hours", "contacts_an_hour")):
            capacity = np.inf
        wait, _ = batch_wait(flagged * rhythm / DAYS_A_MONTH, capacity / DAYS_A_MONTH, rhythm)
        mu, sigma = view.world.once(_both, *view.spread("contact"), *view.spread("persuasion"))
        fixed = view.number("data_delay") + view.number("hand_over") + view.number("notice")
        timing = calc.Timing(gap=gap, window=window, rhythm=rhythm, fixed=fixed, queue=wait, spread=(mu, sigma))
        return timing, {"capacity": capacity, "queue": wait, "backlog": backlog_growth(flagged, capacity)}

    def judge(self, view: View, result: Evaluation, terms: Terms) -> None:
        """Profit a month, once the value of a saved case is known."""
        if "saves" in result.figures:
            result.figures["profit"] = result.figures["saves"] * terms.get("value", 0.0) - result.figures["acting"]

    def words(self, view: View, result: Evaluation) -> Words:
        """How many are reached in time, how long acting takes against the warning, and whether the team keeps up."""
        if result.missing:
            return Words(missing_words(view, result, "how many are reached in time"))
        reach = summary(result.figures["reach"])
        return Words(_headline(reach.mean), tuple(self._detail(view, result)))

    def _detail(self, view: View, result: Evaluation) -> Iterator[str]:
        figures, typical = result.figures, lead_time_figures.typical(result)
        half, rare = lead_time_figures.needed_after_score(typical, (0.5, 0.95))
        shortest, longest = (float(each) for each in calc.warning(typical.gap, typical.window, typical.rhythm))
        yield (
            f"Acting takes {plain(half)} days for half of the cases (5 in 100 take more than {plain(rare)}), counted from the score. "
            f"The warning is {plain(shortest)} to {plain(longest)} days."
        )
        profit, saves = (mean(figures[name]) for name in ("profit", "saves"))
        yield f"It saves {plain(round(saves, 2))} cases a month; after what acting costs, {money(view, profit)} a month is left."
        flagged, capacity = mean(figures["flagged"]), mean(figures["capacity"])
        waits = f"a case waits up to {plain(mean(figures['queue']))} days in the list"
        backlog = np.asarray(figures["backlog"])
        too_many = float(np.count_nonzero(backlog > 0) / backlog.size)
        if too_many == 1:
            yield (
                f"{plain(flagged)} are flagged a month and {plain(capacity)} can be tried: the list would grow by "
                f"{plain(mean(backlog))} a month, so only the highest scores are called; {waits}."
            )
        elif too_many > 0.005:
            yield (
                f"{plain(flagged)} are flagged a month and {plain(capacity)} can be tried. There is {chance_words(too_many)} "
                f"that more are flagged than can be tried; then the list would grow by {plain(mean(backlog[backlog > 0]))} a "
                f"month, and only the highest scores are called. {waits.capitalize()}."
            )
        else:
            yield f"{plain(flagged)} are flagged a month, {plain(capacity)} can be tried; {waits}."
        yield from self._model_words(view, result)

    def _model_words(self, view: View, result: Evaluation) -> Iterator[str]:
        figures = result.figures
        offer = self._offer(view, view.number("value_stream.value"))
        threshold = median(
            calc.contact_threshold(offer.value, offer.success, offer.incentive, offer.contact_cost, offer.takers)
        )
        precision = mean(figures["precision"])
        if not np.isfinite(threshold):
            yield "A contact never pays: what it may save is less than it costs."
        elif precision < threshold:
            yield f"A contact pays where at least {percent(threshold)} of those called would leave; of those flagged, {percent(precision)} would: call only the highest scores."
        if view.known("accuracy") and view.known("value_stream.uses"):
            uses, events = (median(view.number(name)) for name in ("value_stream.uses", "events"))
            nobody = 1 - events / uses if uses > events else 0.0
            yield (
                f"An accuracy of {percent(median(view.number('accuracy')))} says little here: a model that flags nobody is right for "
                f"{percent(nobody)} of {plain(uses)}. Precision and recall decide."
            )
        if view.known("share_flagged") and view.known("precision") and view.known("value_stream.uses"):
            hits = median(view.number("value_stream.uses") * view.number("share_flagged") * view.number("precision"))
            found = median(figures["events"] * figures["recall"])
            if not 0.8 <= hits / max(found, 1e-9) <= 1.25:
                yield (
                    f"Share flagged, precision and recall do not fit together: the first two give {plain(hits)} right flags a month, "
                    f"recall gives {plain(found)}. One of them was measured on other data."
                )

    def table(
        self, evaluations: Mapping[str, Evaluation], view: Callable[[str], View]
    ) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        """Reached in time, saves, contacts and profit a month."""
        rows: list[tuple[str, ...]] = []
        for option, result in evaluations.items():
            if "reach" in result.figures:
                means = {name: mean(result.figures[name]) for name in ("reach", "saves", "contacts", "profit")}
                amounts = (
                    plain(round(means["saves"], 2)),
                    plain(means["contacts"]),
                    money(view(option), means["profit"]),
                )
                rows.append((option, percent(means["reach"]), *amounts))
        return ("Reached in time", "Saves a month", "Contacts a month", "Profit a month"), rows

    def early_figure(self, view: View, key: str) -> Figure | None:
        """Profit against the gap needs the option's own answers alone."""
        return lead_time_figures.profit_against_gap(self, view) if key == lead_time_figures.GAP else None

    def figures(self, view: View, evaluations: Mapping[str, Evaluation]) -> Iterator[Figure]:
        """Profit against the gap, and time needed against the warning."""
        result = evaluations.get(view.option)
        if result is not None and "reach" in result.figures and not result.missing:
            gap = lead_time_figures.profit_against_gap(self, view)
            if gap is not None:
                yield gap
            yield lead_time_figures.time_needed(view, result)


def _both(*delays: Draws) -> tuple[Draws, Draws]:
    """Two delays, each by its p50 and p95, one after the other."""
    return sum_of_lognormals(delays[::2], delays[1::2])


def _stated_gap(view: View) -> float:
    """The gap at which precision and recall were stated: the likely value in the document."""
    value = view.world.stated("lead_time.gap", view.option)
    return value.likely if isinstance(value, RangeValue) else float(value) if isinstance(value, float | int) else 0.0


def _headline(reach: float) -> str:
    """How many of the flagged cases are reached in time, in words."""
    if reach < 0.005:
        return "No flagged case can still be changed: none is reached in time."
    if reach < 0.15:
        return f"Almost no flagged case can still be changed: {_one_in(reach)} is reached in time."
    if reach < 0.5:
        return f"Most flagged cases are reached too late: only {percent(reach)} can still be changed."
    if reach < 0.85:
        return f"{percent(reach)} of the flagged cases are reached while they can still be changed."
    return f"Nearly all flagged cases are reached in time: {percent(reach)}."


def _one_in(share: float) -> str:
    return f"1 in {plain(round(1 / share))}"
