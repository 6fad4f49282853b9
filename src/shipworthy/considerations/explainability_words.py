"""What explainability says: what is owed, whether it can be given, and the lists that a team takes along."""

from collections import Counter
from collections.abc import Iterator, Mapping

from shipworthy.calculators import duties as law
from shipworthy.calculators import explanation
from shipworthy.calculators.duties import LEVELS
from shipworthy.calculators.explanation import METHODS, Strength
from shipworthy.calculators.reason_statement import checklist, statement, telling
from shipworthy.considerations.base import Evaluation, Listing, View, Words
from shipworthy.considerations.show import mean, money, older
from shipworthy.errors import InputError
from shipworthy.reference import loader as reference
from shipworthy.reference.loader import CHECKED
from shipworthy.words import join, one_line, percent, plain

POLICY = "Our own policy"
STRENGTH: Mapping[str, str] = {"strong": "well", "acceptable": "well enough", "weak": "weakly", "no": "not at all"}
_SAMPLES: Mapping[str, tuple[tuple[str, float], ...]] = {
    "credit": (
        ("Debts against income", 31.0),
        ("Months in the present job", 14.0),
        ("Payments late in the last year", 9.0),
    ),
    "hiring": (("Years of experience in the trade", 18.0), ("Certificate that the post asks for", 12.0)),
    "insurance": (("Claims in the last five years", 22.0), ("Kilometres driven in a year", 8.0)),
    "health": (("Blood pressure above the range", 16.0), ("Two admissions in a year", 11.0)),
}
"""Made-up reasons for the sample, until the team types those of a real case."""
_ANY = (("What was asked for, against what is usual", 20.0), ("How long the person has been known", 9.0))


def words(view: View, result: Evaluation) -> Words:
    """The finding for one option."""
    return Words(_headline(result), tuple(_detail(view, result)), tuple(_lists(view, result)))


def at_level(result: Evaluation, level: str) -> Strength:
    """How well the option explains itself at a level."""
    return explanation.strongest(result.notes["family"], result.notes["methods"], level)


def explains_owed(result: Evaluation) -> str:
    """How well the option explains what is owed, in a word or two."""
    level = result.notes["needed"].level
    if level == "none":
        return "not known" if result.missing else "nothing owed"
    return STRENGTH[at_level(result, level).strength]


def _headline(result: Evaluation) -> str:
    owed, needed = result.notes["owed"], result.notes["needed"]
    unmet = [each for each in owed if each.sure and each.unmet]
    weak = [each for each in owed if each.sure and each.weak]
    doubt = [each for each in owed if not each.sure and (each.unmet or each.weak or each.arguable)]
    arguable = [each for each in owed if each.sure and each.arguable]
    if result.missing:
        places = join(list(result.notes["unread"]), "or")
        return f"Nothing was read about {places}: whether a duty to explain applies there is not known."
    if not owed:
        return "No duty to explain was found for this case."
    repaired = "; making it explainable is counted" if "repair_cost" in result.terms else ""
    if unmet:
        first = unmet[0]
        others = f" ({len(unmet) - 1} more)" if len(unmet) > 1 else ""
        if first.human:
            return f"“{one_line(first.name, 90)}” asks that a person decides, and none does{others}{repaired}."
        return f"“{one_line(first.name, 90)}”{others} asks for {LEVELS[first.level]}, and this model cannot give it{repaired}."
    if weak and weak[0].signed:
        return f"“{one_line(weak[0].name, 90)}” asks that a person decides; one who mostly signs may not be enough{repaired}."
    if weak:
        return (
            f"“{one_line(weak[0].name, 90)}” asks for {LEVELS[weak[0].level]}; the explanation is weak and may not stand up"
            f"{repaired}."
        )
    if arguable:
        return (
            f"“{one_line(arguable[0].name, 90)}” asks for {LEVELS[arguable[0].level]}; whether the explanation is enough is argued "
            f"over{repaired}."
        )
    if doubt and not (doubt[0].unmet or doubt[0].weak):
        return f"What surely applies is met; “{one_line(doubt[0].name, 90)}” might apply, and whether it is met is argued over."
    if doubt:
        return f"What surely applies is met; “{one_line(doubt[0].name, 90)}” might apply, and is not."
    if needed.level == "none":
        return "No duty asks for an explanation to the person; what is asked besides can be given."
    return f"What is owed can be given {STRENGTH[at_level(result, needed.level).strength]}: {LEVELS[needed.level]}."


def _detail(view: View, result: Evaluation) -> Iterator[str]:
    needed, case = result.notes["needed"], result.notes["case"]
    verdicts: tuple[law.Verdict, ...] = result.notes["verdicts"]
    yield _counts(verdicts, needed)
    yield _stand(view, result)
    if needed.level != "none":
        found = at_level(result, needed.level)
        how = join([METHODS[each] for each in result.notes["methods"]]) or "no method"
        kind = explanation.family(result.notes["family"]).name
        yield f"{kind}, explained by {how}: {found.why} (Held against {LEVELS[needed.level]}; {CHECKED[found.checked]}: {found.source}.)"
    if "kept" in result.figures:
        kept, lost = mean(result.figures["kept"]), mean(result.figures["lost"])
        rest = f"; what it does not keep would bring {money(view, lost)} a year" if kept < 0.9995 else ""
        yield f"It keeps {percent(kept)} of what the best model adds to today{rest}."
    if "repair_cost" in result.terms and mean(result.terms["repair_cost"]) > 0:
        cost, days = mean(result.terms["repair_cost"]), mean(result.terms["repair_days"])
        yield f"Making it explainable is counted where it falls short: on average {money(view, cost)} and {plain(days)} days before it is live."
    if besides := [law.BESIDES[each] for each in needed.besides if each != "human_decision"]:
        yield f"Asked besides, and not counted in the chance here: {join(besides)}."
    if needed.coming:
        yield f"To come: {join([_coming(each) for each in needed.coming])}."
    yield from law.contradictions(case)
    if places := law.unread(case):
        yield f"Nothing was read about {join(list(places))}: there this workbook knows no duty, which does not mean that there is none."


def _coming(verdict: law.Verdict) -> str:
    return f"{verdict.duty.instrument}, on {verdict.starts}" + ("" if verdict.then == "yes" else " (if it applies)")


def _counts(verdicts: tuple[law.Verdict, ...], needed: law.Required) -> str:
    applies = [each for each in verdicts if each.duty.key in needed.by_duty]
    might = [each for each in verdicts if each in (*needed.might, *needed.coming) and each not in applies]
    said = f"{_number(len(applies), 'duty applies', 'duties apply')}"
    if applies:
        said += f" ({join([each.duty.instrument for each in applies[:3]])}{' and others' if len(applies) > 3 else ''})"
    if might:
        said += f"; {len(might)} might, {'the first ' if len(might) > 1 else ''}depending on {might[0].fact}"
    return f"{said}."


def _number(count: int, one: str, many: str) -> str:
    return f"{count or 'No'} {one if count < 2 else many}"


def _stand(view: View, result: Evaluation) -> str:
    """As of when and how far checked, that it is no advice, and the question to ask about what decides."""
    deciding, counted = _deciding(result), _counted(result)
    rows = [each.duty.row for each in counted] or list(reference.load("duties"))
    old = [row for row in rows if row.stale(view.world.on)]
    late = f" {older(len(old))}: look whether the law has moved." if old else ""
    how = f"how far checked: {_how_checked(deciding, counted)}" if counted else "by the table of duties"
    asked = law.question(deciding) if deciding else _at_large(result)
    return f"As of {min(row.as_of for row in rows)}; {how}.{late} Not legal advice. Ask counsel: “{asked}”"


def _counted(result: Evaluation) -> list[law.Verdict]:
    """Duties on which the finding stands: those that apply or might; else the laws that were looked at and ask for nothing."""
    verdicts: tuple[law.Verdict, ...] = result.notes["verdicts"]
    return [each for each in verdicts if each.applies != "no"] or list(verdicts)


def _how_checked(deciding: law.Verdict | None, counted: list[law.Verdict]) -> str:
    """How far the duty was checked on which the finding hangs, and how far how many others."""
    first = deciding or counted[0]
    said = f"“{one_line(first.duty.instrument, 90)}”: {first.duty.how_checked}"
    others = Counter(each.duty.how_checked for each in counted if each is not first)
    if not others:
        return said
    rest = "; ".join(f"{how} ({count})" for how, count in others.items())
    return f"{said}. Of {_number(len(counted) - 1, 'other', 'others')}: {rest}"


def _deciding(result: Evaluation) -> law.Verdict | None:
    """The duty on which the finding hangs: one that is not met, else the first; none where no law asks for anything."""
    verdicts: tuple[law.Verdict, ...] = result.notes["verdicts"]
    by_name = {each.duty.instrument: each for each in verdicts}
    for each in result.notes["owed"]:
        if (each.unmet or each.weak or each.arguable) and each.name in by_name:
            return by_name[each.name]
    return next((each for each in verdicts if each.applies != "no" or _asks(each)), None)


def _asks(verdict: law.Verdict) -> bool:
    """Whether a law that does not apply would ask for something where it did."""
    return not verdict.duty.empty and verdict.duty.status in ("in_force", "from")


def _at_large(result: Evaluation) -> str:
    """What to ask where no law asks for anything, or none is known."""
    case: law.Case = result.notes["case"]
    places = join([name for code, (name, _) in law.PLACES.items() if code in case.affected], "or")
    return f"Is there a duty to explain such a decision to people in {places}?"


def _lists(view: View, result: Evaluation) -> Iterator[Listing]:
    verdicts: tuple[law.Verdict, ...] = result.notes["verdicts"]
    ready = checklist(list(verdicts))
    if ready:
        yield Listing("What to have ready", tuple(ready))
    if ready or result.notes["needed"].level != "none":
        yield Listing("A sample of what the person is told", tuple(_sample(view, result)), text=True)
    asked = [law.question(each) for each in verdicts if each.applies != "no"]
    if asked:
        yield Listing("What to ask counsel", tuple(asked))
    if known := [f"{each.duty.instrument} ({each.duty.how_checked}): {each.duty.note}." for each in _counted(result)]:
        yield Listing("What else is known of these duties", tuple(known))
    others = [f"{each.duty.instrument}: {each.because}" for each in verdicts if each.applies == "no"]
    if others:
        yield Listing("Duties that do not apply, and why", tuple(others))


def _sample(view: View, result: Evaluation) -> list[str]:
    """The statement for one person, from a real case or made-up reasons."""
    typed = (
        [(row.word("what"), mean(row.number("points"))) for row in view.rows("reasons") if row.word("what")]
        if view.known("reasons")
        else []
    )
    domains = view.picked("domains")
    made = next((_SAMPLES[each] for each in domains if each in _SAMPLES), _ANY)
    try:
        how = telling(result.notes["family"], result.notes["methods"])
        lines = statement(result.notes["needed"], typed or made, how=how).split("\n")
    except InputError as problem:
        return [str(problem)]
    shown = not typed and any(name.casefold() in line.casefold() for name, _ in made for line in lines)
    return [*lines, "(The reasons are made up: type those of a real case to see yours.)"] if shown else lines
