"""Explainability: which duties to explain a decision apply, what each option can give, and what that costs."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache

import numpy as np

from shipworthy.calculators import duties as law
from shipworthy.calculators import explanation
from shipworthy.calculators.explanation import Strength
from shipworthy.considerations import explainability_figures as charts
from shipworthy.considerations import explainability_words as wording
from shipworthy.considerations.base import Consideration, Draws, Evaluation, Figure, Terms, View, Words
from shipworthy.considerations.explainability_questions import Questions, families
from shipworthy.considerations.show import mean, missing_words, money
from shipworthy.decision import RangeValue
from shipworthy.errors import InputError
from shipworthy.words import percent

_SINGLE = ("effect", "automation", "people", "bureau", "special")


@dataclass(frozen=True)
class Owed:
    """One duty, or the policy, that an option is held against."""

    name: str
    level: str
    strength: Strength
    sure: bool
    human: bool = False
    """Whether it asks that a person decides, and none does."""
    signed: bool = False
    """Whether it asks that a person decides, and one mostly signs."""

    @property
    def weak(self) -> bool:
        """Whether it hangs on a weak explanation, or on a person who mostly signs."""
        return (self.signed or self.strength.strength == "weak") and not self.unmet

    @property
    def arguable(self) -> bool:
        """Whether it is met on a reading that is argued over."""
        return self.strength.arguable and not (self.weak or self.unmet)

    @property
    def unmet(self) -> bool:
        """Whether it cannot be met at all."""
        return self.human or self.strength.strength == "no"


class Explainability(Consideration):
    """Duties kept as data; each option's model family and explanation held against them."""

    key, order = "explainability", 500
    name = "Explainability"
    title = "Can a decision be explained to whom it concerns?"
    lead = "Who is refused a loan has a right to reasons in many places. Ask which before choosing a model that cannot give any."
    formula = (
        "duties not met = those that apply and cannot be met + weak or arguable explanations that do not stand up, and the same "
        "of those that might apply, where they do; kept = (best − gap − today) / (best − today)"
    )
    source = (
        "Tables: duties (each with citation, date and how far it was checked), explanations and families (readings of law and "
        "literature). Not legal advice."
    )
    Questions = Questions
    shows = ("value_stream.period",)

    def evaluate(self, view: View) -> Evaluation:
        """Duties that are not met on the draws; the gate; and what share of the effect the family keeps."""
        effect = view.word("effect")
        result = Evaluation(applies=effect != "none")
        self._kept(view, result)  # what the family loses is lost, whatever is decided about whom
        if effect in ("", "none"):
            return result
        empty = [name for name in ("affected", "domains") if not view.picked(name)]
        view.missing.update((f"explainability.{name}", None) for name in empty)  # none of them is no answer either
        automation, family, methods = view.word("automation"), view.word("family"), view.picked("methods")
        if empty or not (automation and family):  # what is not said is noted as missing
            return result
        try:
            self._duties(view, result, family, methods)
        except InputError as problem:
            result.notes["problem"] = str(problem)
            view.missing["explainability.methods"] = None
        return result

    def _duties(self, view: View, result: Evaluation, family: str, methods: tuple[str, ...]) -> None:
        """Hold the option against every duty of the places in question."""
        case = _case(view)
        until = max(case.on, view.world.on + timedelta(days=365 * mean(view.number("value_stream.period"))))
        verdicts = _verdicts(case)
        policy = view.word("policy") or "none"
        needed, owed = _held(case, until, family, methods, policy)
        result.notes.update(case=case, verdicts=verdicts, needed=needed, owed=owed, family=family, methods=methods)
        might, falls = view.number("might"), 1.0 - np.asarray(view.number("stands"))
        lost = 1.0 - np.asarray(view.number("stands_arguable")) if any(each.arguable for each in owed) else 0.0
        unmet: Draws = 0.0
        for share, part in (
            (1.0, [each for each in owed if each.sure]),
            (might, [each for each in owed if not each.sure]),
        ):
            never, weak = sum(each.unmet for each in part), sum(each.weak for each in part)
            unmet = unmet + share * (never + weak * falls + sum(each.arguable for each in part) * lost)
        result.figures["unmet"] = unmet
        result.margins["unmet"] = margin = view.requirement("unmet").limit - np.asarray(unmet, dtype=np.float64)
        self._gate(view, result, np.where(margin >= 0, 1.0, 0.0))
        result.notes["unread"] = places = law.unread(case)
        met = float(np.mean(np.greater_equal(result.margins["unmet"], 0.0)))
        if places and met > 1.0 - view.requirement("unmet").confidence:
            view.missing["explainability.affected"] = None  # what is known does not fail, and what is not known may

    def _gate(self, view: View, result: Evaluation, is_open: Draws) -> None:
        """A duty that is not met keeps it from going live, unless making it explainable was priced."""
        result.terms["gate_open"] = is_open
        shut = 1.0 - np.asarray(is_open)
        if view.known("repair_cost") and np.any(shut):
            result.margins["unmet"] = np.maximum(result.margins["unmet"], 0.0)  # it is made explainable
            days = view.number("repair_days") if view.known("repair_days") else 0.0
            result.terms.update(
                gate_open=1.0, repair_cost=shut * view.number("repair_cost"), repair_days=shut * np.asarray(days)
            )

    def _kept(self, view: View, result: Evaluation) -> None:
        """The share of the effect that the family keeps, where the effects are those of the best model."""
        if view.peek("counted") != "best" or not (family := view.word("family")):
            return
        best, today = view.number("best"), view.number("baseline")
        if not (view.known("best") and view.known("baseline")):
            return
        gap = view.number("gap") if view.known("gap") else _usual(view, family)
        try:
            kept = explanation.accuracy_kept(best, today, gap)
        except InputError as problem:
            result.notes["problem"] = str(problem)
            view.missing["explainability.best"] = None
            return
        result.figures["kept"] = result.terms["accuracy_kept"] = kept

    def judge(self, view: View, result: Evaluation, terms: Terms) -> None:
        """What the accuracy that is not kept would bring in a year."""
        if "kept" in result.figures:
            brought: Draws = 12.0
            for name in ("volume", "reach", "effect", "value", "availability"):
                brought = brought * terms.get(name, 1.0 if name in ("reach", "availability") else 0.0)
            result.figures["lost"] = brought * (1.0 - np.asarray(result.figures["kept"]))

    # ---- in words

    def words(self, view: View, result: Evaluation) -> Words:
        """What is owed, whether it can be given, what that costs; what to have ready and what to ask."""
        if problem := result.notes.get("problem"):
            return Words(str(problem))
        unread = result.notes.get("unread") and result.missing == ("explainability.affected",)
        if result.missing and not unread:
            return Words(missing_words(view, result, "which duties to explain apply"))
        return wording.words(view, result)

    def table(
        self, evaluations: Mapping[str, Evaluation], view: Callable[[str], View]
    ) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        """Family, how well it meets what is owed, duties not met, what it keeps and what that costs a year."""
        rows: list[tuple[str, ...]] = []
        for option, result in evaluations.items():
            if "owed" not in result.notes:
                continue
            seen, kept = view(option), result.figures.get("kept")
            rows.append(
                (
                    option,
                    families()[result.notes["family"]],
                    wording.explains_owed(result),
                    "not known" if result.missing else percent(mean(np.greater_equal(result.margins["unmet"], 0.0))),
                    "–" if kept is None else percent(mean(kept)),
                    "–" if kept is None else money(seen, mean(result.figures["lost"])),
                )
            )
        return ("Model", "Explains what is owed", "Every duty met", "Effect kept", "Lost a year"), rows

    def figures(self, view: View, evaluations: Mapping[str, Evaluation]) -> Iterator[Figure]:
        """How far each option can explain itself, against what is owed; and what each duty says."""
        found = {option: each for option, each in evaluations.items() if "owed" in each.notes and not each.missing}
        if view.option in found:
            yield charts.levels(view, found)
            if found[view.option].notes["owed"]:
                yield charts.duties(found[view.option])


def _case(view: View) -> law.Case:
    """The facts of the case as the table of duties wants them."""
    said = {name: view.peek(name) or "unknown" for name in _SINGLE}
    people = said.pop("people")
    begins = view.text("begins")
    return law.Case(
        on=max(date.fromisoformat(begins), view.world.on) if begins else view.world.on,
        affected=frozenset(view.picked("affected")),
        operator=frozenset(view.picked("operator")),
        domains=frozenset(view.picked("domains")),
        people=frozenset() if people == "unknown" else frozenset({people}),
        **said,
    )


@lru_cache(maxsize=64)
def _verdicts(case: law.Case) -> tuple[law.Verdict, ...]:
    """Every duty of the places in question held against the case: the same for all draws."""
    return tuple(law.applicable(case))


@lru_cache(maxsize=64)
def _held(
    case: law.Case, until: date, family: str, methods: tuple[str, ...], policy: str
) -> "tuple[law.Required, tuple[Owed, ...]]":
    """What is needed by a day, and what an option is held against: the same for all draws."""
    verdicts = _verdicts(case)
    needed = law.required(verdicts, until=until, count_coming=True, policy=policy)
    return needed, tuple(sorted(_owed(verdicts, needed, family, methods, case.automation, policy), key=_first))


def _owed(
    verdicts: tuple[law.Verdict, ...],
    needed: law.Required,
    family: str,
    methods: tuple[str, ...],
    automation: str,
    policy: str,
) -> Iterator[Owed]:
    """What the option is held against: duties that count, those that might, now or within the period, and the policy."""
    for each in verdicts:
        name, counts = each.duty.instrument, each.duty.key in needed.by_duty
        if not counts and each not in (*needed.might, *needed.coming):
            continue
        level = needed.by_duty[each.duty.key] if counts else each.could
        asks = "human_decision" in each.duty.besides
        alone, signed = asks and automation == "solely", asks and automation == "between"
        yield Owed(name, level, explanation.strongest(family, methods, level), counts, alone, signed)
    if policy != "none":
        yield Owed(wording.POLICY, policy, explanation.strongest(family, methods, policy), True)


def _first(owed: Owed) -> tuple[bool, bool, bool, bool, int]:
    """Order in which duties are told: those that surely apply, of them what is not met, then what asks for most."""
    return not owed.sure, not owed.unmet, not owed.weak, not owed.arguable, -list(law.LEVELS).index(owed.level)


@cache
def _range(family: str) -> float | RangeValue:
    low, likely, high = explanation.family(family).gap
    return RangeValue(low=low, likely=likely, high=high) if low < high else likely


def _usual(view: View, family: str) -> Draws:
    """What the family loses by what was published, on the draws of the question about it."""
    return view.world.drawn("explainability.gap", view.option, _range(family))
