"""What the tests of the record share: records of the examples and of a hostile decision, and a reader of pages."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from html.parser import HTMLParser

from shipworthy import edits
from shipworthy.assess import Assessment, assess
from shipworthy.decision import (
    DO_NOTHING,
    Change,
    Condition,
    Correlation,
    Decision,
    Evidence,
    Forecast,
    Frame,
    Inquiry,
    LogEntry,
    Outcome,
    PersonalEstimate,
    RangeValue,
    Scenario,
    Signature,
    Trigger,
    Voice,
)
from shipworthy.examples import example
from shipworthy.forecasts import expected
from shipworthy.record import make
from shipworthy.record.findings import all_flips
from shipworthy.triggers import proposed

ON = date(2026, 11, 20)
MADE = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
HOSTILE = "</script><script>alert(1)</script> \"quoted\" 'single' {{7*7}} {% raw %} &amp; <img src=x onerror=alert(1)>"
BIDI = "\u202eevil\u2066 name\u200f \u2028 \x00 end"


@dataclass
class Element:
    tag: str
    attributes: dict[str, str | None]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """What a parser finds in a page: elements with the text directly within them, and all text that is shown."""

    source: str
    elements: list[Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[Element] = []
        self.feed(self.source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self.elements.append(element)
        if tag not in ("bdi", "b", "time", "code"):
            self.texts.append(" ")
        if tag not in ("meta", "br", "link", "img", "line"):
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open[-1].text += data
            if self._open[-1].tag not in ("script", "style", "title"):
                self.texts.append(data)

    @property
    def shown(self) -> str:
        """The text of the page as it is read, spaces made one."""
        return " ".join("".join(self.texts).replace("\u00a0", " ").split())

    def all(self, tag: str) -> list[Element]:
        return [each for each in self.elements if each.tag == tag]

    def data(self, name: str) -> str:
        return next(each.text for each in self.all("script") if each.attributes.get("id") == name)


@cache
def assessed(key: str) -> Assessment:
    return assess(example(key), on=ON, size=2**11)


@cache
def made(key: str) -> str:
    return make(assessed(key), made_at=MADE, revision=41, flips={})


def record_of(decision: Decision, **options: object) -> str:
    return make(assess(decision, on=ON, size=2**10), made_at=MADE, **{"flips": {}, "with_charts": False, **options})


def changed(decision: Decision, **parts: object) -> Decision:
    return Decision.model_validate({**dict(decision), **parts})


@cache
def nasty() -> Decision:
    """A decision in which everything that can be typed is hostile."""
    decision = example("churn")
    first, second, *rest = decision.options
    evidence = Evidence(kind="quoted", who=HOSTILE[:200], source=HOSTILE, note=BIDI, at=MADE)
    answer = decision.answer("lead_time.persuasion")
    assert answer is not None
    said = PersonalEstimate(who=HOSTILE[:200], value=RangeValue(low=300.0, likely=400.0, high=500.0))
    decision = edits.with_answer(decision, "lead_time.persuasion", answer.model_copy(update={"evidence": evidence}))
    events = decision.answer("lead_time.events")
    assert events is not None
    decision = edits.with_answer(decision, "lead_time.events", events.model_copy(update={"estimates": (said,)}))
    return changed(
        decision,
        frame=Frame(title=HOSTILE, question=HOSTILE + BIDI, product=HOSTILE, users=BIDI, decider=HOSTILE[:200]),
        options=(
            first.model_copy(update={"name": HOSTILE[:120], "note": HOSTILE}),
            second.model_copy(update={"name": BIDI}),
            *rest,
        ),
        outcome=Outcome(
            chosen="three_month_gap",
            reasons=HOSTILE * 20,
            conditions=(Condition(text=HOSTILE, owner=HOSTILE[:200], by=ON),) * 8,
            signatures=(Signature(who=HOSTILE[:200], role=BIDI, at=MADE),),
            reopen=(HOSTILE, BIDI),
            consulted=(Voice(who=HOSTILE[:200], text=HOSTILE),),
            informed=(Voice(who=BIDI, text=BIDI),),
            dissent=(Voice(who=HOSTILE[:200], text=HOSTILE * 20), Voice(who=BIDI)),
            triggers=(Trigger(kind="changes", table=HOSTILE[:200], row=BIDI, stood=HOSTILE[:200], note=HOSTILE[:200]),),
            forecasts=(Forecast(answer=HOSTILE[:200], expected=3.0, unit=HOSTILE[:200], came=4.0),),
            decided_at=MADE,
        ),
        log=(LogEntry(at=MADE, who=HOSTILE[:200], path=HOSTILE[:250], what=HOSTILE, before=BIDI, after=HOSTILE),),
        correlations=(Correlation(first="lead_time.precision", second="lead_time.recall", rank=-0.5),),
    )


@cache
def complete(key: str, with_charts: bool = False) -> str:
    """The record of an example with everything in it that a record can hold: flips, an outcome, what if, find out."""
    found = assessed(key)
    chosen = next(name for name, each in found.options.items() if name != DO_NOTHING and not each.option.phases)
    flips = all_flips(found)
    kept = [
        each.model_copy(update={"came": each.expected, "came_on": ON})
        if each.chance is False and isinstance(each.expected, float)
        else each
        for each in expected(found, chosen)
    ]
    for place, each in enumerate(kept[:3]):
        if isinstance(each.expected, RangeValue):
            kept[place] = each.model_copy(update={"came": each.expected.high, "came_on": ON})
    outcome = Outcome(
        chosen=chosen, reasons="It pays.\n\nAnd we can live with it.", decided_at=MADE, reopen=("Prices double",),
        conditions=(Condition(text="Sales agrees", owner="Ada", by=ON), Condition(text="Counsel agrees", done=ON)),
        signatures=(Signature(who="Ada", role="Head of sales", at=MADE),),
        consulted=(Voice(who="Bo", text="Yes."),), informed=(Voice(who="Cem"),), dissent=(Voice(who="Dua", text="Wait."),),
        triggers=(*proposed(found, chosen, flips.get(chosen)), Trigger(kind="on", day=ON)), forecasts=tuple(kept),
    )  # fmt: skip
    decision = changed(found.decision, outcome=outcome, **_tried(found.decision), log=_log())
    return make(assess(decision, on=ON, size=2**11), made_at=MADE, revision=41, flips=flips, with_charts=with_charts)


def _tried(decision: Decision) -> dict[str, object]:
    """Scenarios and inquiries about its first ranges, where it has none of its own."""
    ranges = [
        (f"{consideration}.{name}", answer.value)
        for consideration, answers in decision.answers.items()
        for name, answer in answers.items()
        if isinstance(answer.value, RangeValue)
    ]
    (first, low), (second, high) = ranges[:2]
    return {
        "scenarios": decision.scenarios
        or (Scenario(name="Less of both", changes=(Change(answer=first, value=low.low), Change(answer=second, value=high.low))),),
        "inquiries": decision.inquiries
        or (
            Inquiry(name="Ask those who know", answers=(first, second), once=500.0, days=5.0),
            Inquiry(name="Measure it", answers=(second,), kind="measure", cases=40, each=2.0, days=10.0),
        ),
    }  # fmt: skip


def _log() -> tuple[LogEntry, ...]:
    return (LogEntry(at=MADE, who="Ada", path="Frame › product", what="changed", before="a", after="b"), LogEntry(at=MADE, path="Frame", what="changed"))  # fmt: skip
