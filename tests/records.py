"""What the tests of the record share: records of the examples and of a hostile decision, and a reader of pages."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from html.parser import HTMLParser

from shipworthy import edits
from shipworthy.assess import Assessment, assess
from shipworthy.decision import (
    Condition,
    Correlation,
    Decision,
    Evidence,
    Forecast,
    Frame,
    LogEntry,
    Outcome,
    PersonalEstimate,
    RangeValue,
    Signature,
    Trigger,
    Voice,
)
from shipworthy.examples import example
from shipworthy.record import make

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
