"""Triggers as people write them: from words and to words."""

import re
from datetime import date

from shipworthy._answer_names import EVERY, Names
from shipworthy.calculators.duties import duty
from shipworthy.decision import DO_NOTHING, Decision, Trigger
from shipworthy.errors import InputError
from shipworthy.reference import loader as reference
from shipworthy.words import MONTHS, box_text, day, join, one_line, parse_number

SIDES = {"above": "is above", "at_least": "is at least", "below": "is below", "at_most": "is at most"}
KINDS = {"duties": "duty", "licences": "licence"}
LONGEST_WAIT = 36_500
"""Days beyond which nobody waits for a table to get old."""
LIKE = "“Persuasion is above 40 days”, “EU-AIA-86 starts”, “the table gpus is older than 180 days” or “on 1 March 2027”"

OPENING = re.compile(r"^(?:re-?open\s+)?(?:it\s+)?(?:(?:when|if|once|as soon as)\s+)?", re.IGNORECASE)
_FOR = re.compile(r"\s+(?:for|with)\s+[“\"](?P<option>[^”\"]+)[”\"]$", re.IGNORECASE)
_OLDER = re.compile(
    r"^(?:the\s+)?(?:table\s+)?(?P<table>.+?)\s+(?:is|are|gets?|becomes?)\s+(?:older\s+than\s+|more\s+than\s+(?=.*\bold$))"
    r"(?P<days>.+?)(?:\s+old)?$",
    re.IGNORECASE,
)
_ROW = re.compile(
    r"^(?:the\s+)?(?:(?:duty|licence|license|row)\s+)?(?P<row>.+?)(?:\s+(?:of|in)\s+(?:the\s+)?(?:table\s+)?(?P<table>[a-z_]+))?"
    r"\s+(?P<what>starts|begins|comes\s+into\s+force|takes\s+effect|changes)$",
    re.IGNORECASE,
)
_DAY = re.compile(r"^(?:on\s+|from\s+)?(?P<day>[0-9].*?|[a-z]+ [0-9].*?)(?:\s+(?:has\s+come|comes))?$", re.IGNORECASE)
_VERBS = {
    "above": r"exceeds?|(?:is|are|rises?|goes|go)\s+(?:above|over)|(?:is|are)\s+(?:more|greater|higher)\s+than|>",
    "at_least": r"(?:is|are)\s+at\s+least|reach(?:es)?|>=|≥",
    "below": r"(?:is|are|falls?|drops?|goes|go)\s+(?:below|under)|(?:is|are)\s+(?:less|lower|fewer)\s+than|<",
    "at_most": r"(?:is|are)\s+at\s+most|<=|≤",
}
VERB = re.compile(
    "|".join(rf"(?P<{side}>(?<!\S)(?:{_VERBS[side]})(?!\S))" for side in ("at_least", "at_most", "above", "below")),
    re.IGNORECASE,
)


def words(trigger: Trigger, decision: Decision) -> str:
    """A trigger as a person reads it, to stand behind “Reopen when”; :func:`parse` reads it back.

    >>> from shipworthy.examples import example
    >>> words(Trigger(kind="answer", answer="lead_time.persuasion", side="above", value=90.0), example("churn"))
    '“Intervention lead time › Persuasion: first talk to decision” is above 90 days'
    """
    if trigger.kind == "on" and trigger.day is not None:
        return f"{day(trigger.day)} has come"
    if trigger.kind == "older":
        return f"the table {trigger.table} is older than {_days(trigger.value or 0.0)}"
    if trigger.kind in ("starts", "changes"):
        kind = KINDS.get(trigger.table)
        named = f"the {kind} {trigger.row}" if kind else f"the row {trigger.row} of the table {trigger.table}"
        return f"{one_line(named, 120)} {'changes' if trigger.kind == 'changes' else 'starts'}"
    names = Names(decision, EVERY)
    value = names.said(names.declared(trigger.answer), trigger.value or 0.0)
    told = f"“{names.label(trigger.answer)}” {SIDES[trigger.side]} {value}"
    return told + (f" for “{names.option_name(trigger.option)}”" if trigger.option is not None else "")


def _days(value: float) -> str:
    return f"{box_text(value)} day{'' if value == 1 else 's'}"


def parse(text: str, decision: Decision, *, on: date) -> Trigger:
    """A trigger from words, written on a day.

    Parameters
    ----------
    text : str
        Such as ``tokens a conversation exceed 9,000``, ``EU-AIA-86 starts``, ``the price table is older than 180 days``,
        ``on 1 March``.
    decision : Decision
        Whose answers and options are named.
    on : date
        The day on which it is written; a day without a year is the next one after it.

    Raises
    ------
    InputError
        Where it cannot be read as one; it says what could not be found.

    Examples
    --------
    >>> from shipworthy.examples import example
    >>> parse("when EU-AIA-86 starts", example("churn"), on=date(2026, 11, 20)).row
    'EU-AIA-86'
    >>> parse("on 1 March", example("churn"), on=date(2026, 11, 20)).day.isoformat()
    '2027-03-01'
    """
    plain = " ".join(OPENING.sub("", text.strip()).rstrip(".").split())
    if (found := _OLDER.match(plain)) is not None:
        return older(found["table"], found["days"], on=on)
    if (found := _ROW.match(plain)) is not None:
        return row(found["row"], found["what"].casefold() == "changes", on=on, table=found["table"] or "")
    if (found := _DAY.match(plain)) is not None and (when := _date(found["day"], on)) is not None:
        return Trigger(kind="on", day=when, since=on)
    return _answer(plain, decision, on)


def _answer(text: str, decision: Decision, on: date) -> Trigger:
    option = ""
    if (named := _FOR.search(text)) is not None:
        option, text = named["option"], text[: named.start()]
    problem: InputError | None = None
    for verb in VERB.finditer(text):
        name, value = text[: verb.start()].strip(), text[verb.end() :].strip()
        try:
            return answer(decision, name, str(verb.lastgroup), value, option=option, on=on)
        except InputError as found:
            problem = problem or found
    raise problem or InputError(f"“{one_line(text, 60)}” is nothing that can be looked up: write {LIKE}")


def answer(
    decision: Decision, name: str, side: str, value: str, *, option: str = "", on: date | None = None
) -> Trigger:
    """A trigger on an answer from its parts as typed; InputError where one cannot be read."""
    names = Names(decision)
    key = names.find(name)
    question = names.question(key)
    try:
        number = names.number(question, value)
    except InputError as problem:
        raise InputError(str(problem).removeprefix(f"{question.label}: ")) from None
    chosen = names.option(option) if option else None
    if chosen == DO_NOTHING:
        raise InputError(f"nothing is asked of “{names.option_name(DO_NOTHING)}”: name another option, or none")
    return Trigger.model_validate(
        {"kind": "answer", "answer": key, "side": side, "value": number, "option": chosen, "since": on}
    )


def older(table: str, days: str, *, on: date | None = None) -> Trigger:
    """A trigger on the age of a table from its parts as typed."""
    count = parse_number(days, unit="days")
    if not 0 <= count <= LONGEST_WAIT:
        raise InputError(f"{box_text(count)} days is no age to wait for: type one like 180 days")
    return Trigger(kind="older", table=_table(table), value=count, since=on)


def row(key: str, changes: bool, *, on: date | None = None, table: str = "") -> Trigger:
    """A trigger on a row of a reference table; what it says now is kept, so that a change is seen."""
    name, found = _row(key, table)
    if changes:
        return Trigger(kind="changes", table=name, row=found, stood=reference_mark(name, found), since=on)
    if name != "duties":
        raise InputError(f"“{one_line(found, 60)}” has no day on which it starts: only duties do")
    return Trigger(kind="starts", table=name, row=found, stood=duty(found).status, since=on)


def reference_mark(table: str, key: str) -> str:
    """What a row of a table says, as twelve digits; where it comes from and when it was checked do not count."""
    import hashlib

    said = {name: value for name, value in reference.load(table)[key].values.items() if value not in ("", None)}
    return hashlib.sha256(repr(sorted(said.items())).encode()).hexdigest()[:12]


def _row(key: str, table: str) -> tuple[str, str]:
    asked, wanted = key.strip(" “”\"'"), [_table(table)] if table else [*KINDS, *reference.names()]
    for name in wanted:
        known = {each.key.casefold(): each.key for each in reference.load(name)}
        if asked.casefold() in known:
            return name, known[asked.casefold()]
    keys = [each.key for name in KINDS for each in reference.load(name)]
    close = reference.near(asked, keys, 3)
    meant = f": did you mean {join(close, 'or')}?" if close else "; name one like EU-AIA-86"
    raise InputError(f"“{one_line(asked, 60)}” is no row of a reference table{meant}")


def _table(text: str) -> str:
    known = {_stem(name): name for name in reversed(reference.names())}
    known |= {_stem(reference.load(name).title): name for name in reference.names()}
    found = known.get(_stem(text))
    if found is None:
        raise InputError(f"“{one_line(text, 60)}” is no reference table; there are {join(sorted(reference.names()))}")
    return found


def _stem(name: str) -> str:
    """``price_lists``, ``the price table`` and ``Prices`` are one."""
    parts = name.casefold().replace("_", " ").strip(" “”\"'").split()
    kept = [each for each in parts if each not in ("the", "reference", "table", "tables", "list", "lists")]
    return " ".join(each.removesuffix("s") for each in kept)


def _date(text: str, on: date) -> date | None:
    """``2027-03-01``, ``1 March 2027``, ``March 1, 2027``, or ``1 March``: the next after a day; None where it is no day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    parts = re.findall(r"[a-z]+|[0-9]+", text.casefold())
    letters = [each for each in parts if each.isalpha() and each not in ("of", "st", "nd", "rd", "th")]
    numbers = [int(each) for each in parts if each.isdigit() and len(each) <= 4]
    months = [
        n
        for n, name in enumerate(MONTHS, 1)
        if letters and name.casefold().startswith(letters[0]) and len(letters[0]) > 2
    ]
    if len(letters) != 1 or len(months) != 1 or not 1 <= len(numbers) <= 2 or not 1 <= numbers[0] <= 31:
        return None
    years = [numbers[1]] if len(numbers) == 2 else [on.year, *range(on.year + 1, on.year + 9)]
    for year in years:
        try:
            found = date(year, months[0], numbers[0])
        except ValueError:
            continue
        if len(numbers) == 2 or found > on:
            return found
    return None
