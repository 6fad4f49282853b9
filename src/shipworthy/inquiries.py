"""Finding out first: what each way to find out brings, costs, and delays, and what of that is left.

An inquiry is only worth something if it is done before the choice. So its net worth is what choosing after it is expected
to bring, with every launch later by its days, less what it costs, less what choosing now is expected to bring. Told apart:

    worth     choosing after it less choosing without it, both at the later launches
    cost      once, and for each case
    waiting   choosing now less choosing without it at the later launches

What is done first is taken as done: the worth of every other is what it adds to that, and of each that is done first what it
adds to the others. They go on side by side: one delays only by what its days are more than those of the others.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from shipworthy import edits
from shipworthy._answer_names import Names
from shipworthy._inquiry_beside import Done, beside, together
from shipworthy._inquiry_worth import Assumed as Assumed
from shipworthy._inquiry_worth import Curve as Curve
from shipworthy._inquiry_worth import Telling, Told, known_afterwards, sampled
from shipworthy.assess import Assessment, assess
from shipworthy.considerations.base import Array
from shipworthy.deciding import FEWEST, Deciding, ToFindOut, deciding, uncertain
from shipworthy.decision import Decision, Inquiry
from shipworthy.errors import InputError
from shipworthy.words import join, one_line

MOST_FILLED = 5
"""Lines that are begun at once."""


_NOTHING = Telling(0.0, 0.0)
NOT_COMPARED = (
    "It can be said what this is worth once the options can be compared: answer what is not known at all first."
)


@dataclass(frozen=True)
class Inquired:
    """An inquiry, and what it brings, costs and delays."""

    inquiry: Inquiry
    labels: tuple[str, ...]
    """What it tells of."""
    consideration: str = ""
    unconfirmed: bool = False
    """Whether one of these answers is a default that nobody has confirmed."""
    counted: bool = False
    """Whether the figures are there yet."""
    problem: str = ""
    """Why it tells nothing, in a sentence; then there are no figures."""
    left_out: str = ""
    """Which of its answers are not uncertain, in a sentence."""
    unknown: bool = False
    """Whether what it tells of is not known at all yet: it comes first, without a figure."""
    telling: Telling = _NOTHING
    cost: float = 0.0
    """Once and for all cases [money]."""
    waiting: float = 0.0
    """What is lost by launching later; below 0 where later is better [money]."""
    beside: tuple[str, ...] = ()
    """Others that are done first and tell something: what it brings is what it adds to them."""

    @property
    def worth(self) -> float:
        """What choosing after it is expected to bring more than choosing without it [money]."""
        return self.telling.worth

    @property
    def none(self) -> bool:
        """Whether no number of cases pays, or none is worth anything; its cost is then that of the smallest."""
        return self.inquiry.kind != "ask" and not self.telling.cases

    @property
    def net(self) -> float:
        """What is left of the worth when it is paid for and waited for [money]."""
        return self.worth - self.cost - self.waiting

    @property
    def pays(self) -> bool:
        """Whether doing it first is expected to bring more than choosing now, by what somebody said that it costs."""
        return self._gains and self.inquiry.costed

    @property
    def open(self) -> bool:
        """Whether it would pay if it cost little: nobody has said yet what it costs."""
        return self._gains and not self.inquiry.costed

    @property
    def _gains(self) -> bool:
        return self.counted and not self.problem and self.worth > 0 and self.net > 0

    @property
    def rank(self) -> tuple[int, float]:
        """Its place in the list: what is not known at all, what pays, what has no cost yet, the rest, what tells nothing."""
        kinds = (self.unknown, self.pays, self.open, not self.problem, True)
        return kinds.index(True), -self.net


@dataclass(frozen=True)
class DoneFirst:
    """Everything that is done first, taken together."""

    names: tuple[str, ...]
    days: float
    worth: float
    cost: float
    waiting: float

    @property
    def net(self) -> float:
        """[money]"""
        return self.worth - self.cost - self.waiting


@dataclass(frozen=True)
class FindingOut:
    """What is worth knowing before choosing, and how it would be found out."""

    asked: tuple[Inquired, ...]
    """What the team said it could do, the best first; then what has no cost yet; what does not pay, or tells nothing, last."""
    uncovered: tuple[ToFindOut, ...]
    """Answers with a measurable worth of which nobody has said how to find them out, the most worth first."""
    unmeasurable: int
    """Uncertain answers that no inquiry tells of and that would hardly change what is chosen."""
    unknown: tuple[str, ...]
    """Labels of answers that are not known at all: they come first, without a figure."""
    everything: float
    """Worth of knowing everything [money]."""
    every: tuple[ToFindOut, ...] = ()
    """Every answer that is uncertain, whether an inquiry tells of it or not, the most worth first."""
    first: DoneFirst | None = None
    """What is done first, where it is two or more inquiries."""
    whole: bool = False
    """Whether all figures are there."""


def finding_out(assessment: Assessment) -> FindingOut:
    """What is worth knowing before choosing, and how.

    Examples
    --------
    >>> from datetime import date
    >>> from shipworthy.assess import assess
    >>> from shipworthy.examples import example
    >>> found = finding_out(assess(example("recommender"), on=date(2026, 11, 20)))
    >>> found.whole, found.everything > 0
    (True, True)
    """
    return deque(step_by_step(assessment), maxlen=1).pop()


def step_by_step(assessment: Assessment) -> Iterator[FindingOut]:
    """The same for a screen that stays alive meanwhile: at first without the inquiries' figures, the last one whole."""
    counting = _Counting(assessment)
    yield counting.found(whole=not counting.asked)
    for place in counting.order:
        yield from counting.count(place)
    if counting.asked:
        yield counting.found(whole=True)


def begun(assessment: Assessment) -> tuple[Inquiry, ...]:
    """The inquiries, and a line for each of the answers that are worth most and that none tells of yet.

    Raises
    ------
    InputError
        Where there is no such answer.
    """
    worth = _Counting(assessment).found().uncovered[:MOST_FILLED]
    if not worth:
        raise InputError("No answer that is worth knowing is without a way to find it out")
    made = (Inquiry(name=one_line(f"Ask about {each.label}", 120), answers=(each.answer,)) for each in worth)
    return (*assessment.decision.inquiries, *made)[:50]


def without_delay(assessment: Assessment) -> Assessment:
    """The same decision if nothing were done first, so that no launch is later."""
    return _delayed(assessment, 0.0)


class _Counting:
    """The figures of all inquiries of one assessment, while they are worked out."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment, self.decision = assessment, assessment.decision
        self.deciding: Deciding = deciding(assessment)
        few = assessment.world.size < FEWEST
        self.told = () if few else tuple(Told(said, known) for said, known in uncertain(assessment))
        self.names = Names(assessment.decision)
        self._later: dict[float, Array] = {}
        self._by_itself: dict[int, Telling | None] = {}
        self._tells = [self._of(each) for each in self.decision.inquiries]
        covered = {told.said.answer for each in self._tells for told in each}
        self._loose = [each for each in self.deciding.found if each.answer not in covered]
        self.asked = [self._begun(each, told) for each, told in zip(self.decision.inquiries, self._tells, strict=True)]

    def found(self, *, whole: bool = False) -> FindingOut:
        """Everything that is known so far."""
        worth = tuple(each for each in self._loose if each.worth.measurable and each.worth.value >= 1)
        known = self.deciding
        return FindingOut(
            tuple(sorted(self.asked, key=lambda each: each.rank)), worth, len(self._loose) - len(worth), known.unknown,
            known.everything, known.found, self._first() if whole else None, whole,
        )  # fmt: skip

    @property
    def order(self) -> list[int]:
        """The places of the inquiries in the order in which they are worked out: what is done first, then what adds to it."""
        return sorted(range(len(self.asked)), key=lambda place: not self.asked[place].inquiry.first)

    def count(self, place: int) -> Iterator[FindingOut]:
        """Work one inquiry out."""
        begun = self.asked[place]
        if begun.problem:
            return
        inquiry = begun.inquiry
        others = [each for number, each in enumerate(self.decision.inquiries) if number != place and each.first]
        before = max((each.days for each in others), default=0.0)
        after = max(before, inquiry.days)
        payoffs = self._payoffs(after)
        yield self.found()
        done = self._done(place)
        telling: Telling | None = None
        try:
            for step in self._steps(place, payoffs, done):
                telling = step
                yield self.found()
        except InputError as problem:
            self.asked[place] = replace(begun, problem=f"{problem}.", counted=True)
            return
        assert telling is not None
        others_told = tuple(each.inquiry.name for each in done if each.cases or each.inquiry.kind == "ask")
        counted = replace(begun, counted=True, telling=telling, beside=others_told)
        cost = inquiry.once + inquiry.each * (0 if inquiry.kind == "ask" else telling.cases or 1)
        waiting = 0.0 if after == before else self._known(before, done) - self._known(after, done)
        self.asked[place] = replace(counted, cost=cost, waiting=waiting)
        yield self.found()

    def _steps(self, place: int, payoffs: Array, done: list[Done]) -> Iterator[Telling | None]:
        """What an inquiry tells, by itself or beside what is done first, in steps: the last is the result."""
        world, told, inquiry = self.assessment.world, self._tells[place], self.decision.inquiries[place]
        if done:
            yield from beside(payoffs, world, Done(place, told, inquiry), done)
        elif inquiry.kind == "ask":
            yield known_afterwards(payoffs, world, told)
        else:
            yield from sampled(payoffs, world, told, inquiry)

    def _done(self, besides: int | None = None) -> list[Done]:
        """What is done first and tells something, besides one of them; how many cases it has where that is open: what pays
        best beside the others once that is worked out, until then what pays best by itself."""
        firsts = [place for place, each in enumerate(self.asked) if each.inquiry.first and place != besides]
        found = [(place, self.asked[place].telling if self.asked[place].counted else self._alone(place)) for place in firsts
                 if not self.asked[place].problem]  # fmt: skip
        return [Done(place, self._tells[place], self.decision.inquiries[place], telling.cases)
                for place, telling in found if telling]  # fmt: skip

    def _alone(self, place: int) -> Telling | None:
        """What an inquiry tells by itself, nothing where it tells nothing."""
        if place not in self._by_itself:
            steps = self._steps(place, self._payoffs(self.decision.delay), [])
            try:
                self._by_itself[place] = deque(steps, maxlen=1).pop()
            except InputError:
                self._by_itself[place] = None
        return self._by_itself[place]

    def _begun(self, inquiry: Inquiry, told: tuple[Told, ...]) -> Inquired:
        """An inquiry before it is counted: what it tells of, or why it tells nothing."""
        gone = [each for each in inquiry.answers if not _tells(each, told)]
        left_out = " ".join(self._why_not(each) for each in gone)
        labels = tuple(dict.fromkeys(each.said.label for each in told)) or tuple(self._label(each) for each in gone)
        where = tuple(dict.fromkeys(each.said.consideration for each in told))
        made = Inquired(inquiry, labels, join(list(where)), any(each.said.unconfirmed for each in told))
        if told and not self.assessment.comparable:
            return replace(made, problem=NOT_COMPARED, counted=True)
        if told:
            return replace(made, left_out=left_out)
        unknown = any(each.partition("#")[0] in self.assessment.missing for each in gone)
        return replace(made, problem=left_out, counted=True, unknown=unknown)

    def _of(self, inquiry: Inquiry) -> tuple[Told, ...]:
        """The dimensions of the draws that it tells of: an answer's own for each option, all cells of a whole list."""
        return tuple(each for each in self.told if any(_means(answer, each) for answer in inquiry.answers))

    def _why_not(self, answer: str) -> str:
        label = f"“{self._label(answer)}”"
        if answer.partition("#")[0] in self.assessment.missing:
            return (
                f"{label} is not known at all yet: answer it with a range, and it can be said what it is worth to know."
            )
        if answer in self.names.labels or answer in self._questions:
            return f"{label} is not uncertain, or no option hangs on it: there is nothing to find out."
        return f"{label} is not asked any more: name another answer."

    @cached_property
    def _questions(self) -> set[str]:
        return {question.key for each in self.assessment.registry.values() for question in each.questions.values()}

    def _label(self, answer: str) -> str:
        """What an answer is called, without the consideration that asks for it."""
        if answer in self._questions:
            return self.assessment.world.question(answer).label
        return self.names.label(answer).rpartition(" › ")[2]

    def _payoffs(self, days: float) -> Array:
        """Payoffs of the options when every launch is so many days later than without any inquiry."""
        if days not in self._later:
            later = self.assessment if days == self.decision.delay else _delayed(self.assessment, days)
            size = self.assessment.world.size
            self._later[days] = np.array([later.options[each].paid(size) for each in self.deciding.options])
        return self._later[days]

    def _best(self, days: float) -> float:
        """What the option that is then best is expected to bring, as things are known today."""
        return float(self._payoffs(days).mean(axis=1).max())

    def _known(self, days: float, done: list[Done]) -> float:
        """What choosing after all that is done is expected to bring, with launches so many days later."""
        return self._best(days) + together(self._payoffs(days), self.assessment.world, done)

    def _first(self) -> DoneFirst | None:
        """What is done first, together: answers that several tell of count once."""
        done, days = self._done(), self.decision.delay
        if len(done) < 2:
            return None
        worth = together(self._payoffs(days), self.assessment.world, done)
        cost = sum(self.asked[each.place].cost for each in done)
        waiting = self._best(0.0) - self._best(days)
        return DoneFirst(tuple(each.inquiry.name for each in done), days, worth, cost, waiting)


def _means(answer: str, told: Told) -> bool:
    return told.said.answer == answer or told.said.answer.startswith(f"{answer}#")


def _tells(answer: str, told: tuple[Told, ...]) -> bool:
    return any(_means(answer, each) for each in told)


def _delayed(assessment: Assessment, days: float) -> Assessment:
    """The same decision with every launch so many days later; its draws are taken over, and nothing is kept."""
    stand_in = Inquiry(name="later", answers=("frame.title",), days=days, first=True)
    later: Decision = edits.with_inquiries(assessment.decision, (stand_in,))
    world = assessment.world
    return assess(later, on=assessment.on, size=world.size, kept=dict(world.kept), registry=world.registry)
