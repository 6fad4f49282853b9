"""JSON Schema of what helps to decide, within an assessment."""

from collections.abc import Mapping
from typing import Any

from shipworthy.considerations.show import SIGNS

_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_NUMBER = {"type": "number"}
_NUMBERS = {"type": "array", "items": _NUMBER}
_PERHAPS = {"type": ["number", "null"]}
_TEXT_PERHAPS = {"type": ["string", "null"]}
_FLAG = {"type": "boolean"}
_COUNT = {"type": "integer", "minimum": 0}
_SHARE = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
_FOUR = ("mean", "p10", "p50", "p90")


def definitions() -> dict[str, Any]:
    """What ``deciding`` is made of, by the names that it is referred to.

    >>> sorted(definitions())
    ['deciding', 'inquiry', 'moving', 'scenario', 'standing', 'to_find_out', 'turning']
    """
    return {
        "deciding": _object(_deciding()),
        "standing": _object(_standing()),
        "to_find_out": _object(_to_find_out()),
        "inquiry": _object(_inquiry()),
        "moving": _object(_moving()),
        "turning": _object(_turning()),
        "scenario": _object(_scenario()),
    }


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [*properties],
        "additionalProperties": False,
    }


def _map(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": dict(values)}


def _said(what: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {**schema, "description": what}


def _list(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": dict(schema)}


def _named(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}"}


def _perhaps(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"anyOf": [{"type": "null"}, dict(schema)]}


def _deciding() -> dict[str, Any]:
    choices = ("expected", "requirements_first", "robust", "risk_averse")
    first = {"names": _TEXTS, "days": _NUMBER, "worth": _NUMBER, "cost": _NUMBER, "waiting": _NUMBER, "net": _NUMBER}
    find_out = {
        "everything": _said("Worth of knowing everything [currency]", _NUMBER),
        "answers": _said("What is uncertain, the most worth first", _list(_named("to_find_out"))),
        "unknown": _said("Labels of answers that are not known at all: they come first", _TEXTS),
        "inquiries": _said("Ways to find out, the best first", _list(_named("inquiry"))),
        "uncovered": _said("Answers that are worth knowing and that no inquiry tells of", _TEXTS),
        "first": _said("Inquiries that are done first, together, where there are several", _perhaps(_object(first))),
    }
    turning = {"searched": _list(_named("turning")), "others": _said("Answers that were not searched", _COUNT)}
    return {
        "standings": _said("Options among each other, by key", _map(_named("standing"))),
        "choices": _said("Key of the option that each attitude would take", _object(dict.fromkeys(choices, _TEXT_PERHAPS))),
        "disagreeing": _said("Attitudes that would not take the recommended option", _TEXTS),
        "find_out": _object(find_out),
        "moving": _named("moving"),
        "turning": _object(turning),
        "scenarios": _said("Held against the answers as they stand", _list(_named("scenario"))),
    }  # fmt: skip


def _standing() -> dict[str, Any]:
    return {
        **dict.fromkeys(_FOUR, _NUMBER),
        "chance_best": _said("Share of draws in which it is the best", _SHARE),
        "regret": _said("Given up against the best option of each draw, on average [currency]", _NUMBER),
        "largest_regret": _NUMBER,
        "bad_case": _said("Mean of its worst tenth of draws [currency]", _NUMBER),
    }


def _to_find_out() -> dict[str, Any]:
    return {
        "answer": _TEXT,
        "label": _TEXT,
        "consideration": _TEXT,
        "worth": _said("Expected gain from choosing after it is known [currency]", _NUMBER),
        "noise": _said("What draws alone could show [currency]", _NUMBER),
        "measurable": _FLAG,
        "unconfirmed": _said("Whether it is a default that nobody has confirmed", _FLAG),
    }


def _inquiry() -> dict[str, Any]:
    assumed = _object({"label": _TEXT, "strays": _NUMBER, "unit": _TEXT})
    figures = {
        "worth": _said("What choosing after it brings more, before it is paid for [currency]", _NUMBER),
        "limit": _said("Worth of knowing its answers for certain [currency]", _NUMBER),
        "beside": _said("Names of others that are done first, to which the worth is added", _TEXTS),
        "cost": _said("0 where nobody has said what it costs [currency]", _NUMBER),
        "costed": _said("Whether somebody has said what it costs", _FLAG),
        "waiting": _said("What is lost by launching later [currency]", _NUMBER),
        "net": _said("Worth less cost less waiting [currency]", _NUMBER),
        "pays": _FLAG,
        "cases": _said("How many there are, or the number that pays best", {"type": ["integer", "null"], "minimum": 0}),
        "assumed": _said("How far one case strays, where nobody said it", _list(assumed)),
        "curve": _perhaps(_object({"sizes": _list(_COUNT), "worths": _NUMBERS, "costs": _NUMBERS})),
    }  # fmt: skip
    return {
        "name": _TEXT,
        "answers": _TEXTS,
        "labels": _TEXTS,
        "kind": {"enum": ["ask", "pilot", "measure"]},
        "days": _NUMBER,
        "first": _said("Whether it is done before work goes on", _FLAG),
        "problem": _said("Why it tells nothing, or less than it names", _TEXT_PERHAPS),
        "figures": _perhaps(_object(figures)),
    }


def _moving() -> dict[str, Any]:
    number_or_spread = {"anyOf": [_NUMBER, _object({"p50": _NUMBER, "p95": _NUMBER})]}
    three = {"minItems": 3, "maxItems": 3}
    answer = {
        "answer": _TEXT,
        "label": _TEXT,
        "unit": _TEXT,
        "owner": _said("The option whose values these are, where options differ", _TEXT_PERHAPS),
        "chance": _FLAG,
        "values": _said("The answer at its low, its likely and its high value", {**_list(number_or_spread), **three}),
        "payoffs": _said("What is expected then [currency]", {**_NUMBERS, **three}),
        "share": _said("Part of the ups and downs that it carries by itself", _NUMBER),
        "share_error": _NUMBER,
    }
    return {"option": _TEXT, "answers": _said("What moves it most first", _list(_object(answer)))}


def _turning() -> dict[str, Any]:
    turn = {
        "value": _said("Value of the answer from which another option is recommended, in its unit", _NUMBER),
        "direction": {"enum": ["at_least", "at_most"]},
        "until": _said("Up to which value, where that option is recommended between the two only", _PERHAPS),
        "recommended": _TEXT,
        "distance": _said(
            "How far that is, in parts of the answer; nought where it is so at its likely value", _NUMBER
        ),
    }
    return {
        "answer": _TEXT,
        "label": _TEXT,
        "unit": _TEXT,
        "owner": _TEXT_PERHAPS,
        "typical": _said("Whether the values are those of the typical case", _FLAG),
        "now": _said("Where the answer stands", _NUMBER),
        "from": _NUMBER,
        "to": _said("Between which values was looked", _NUMBER),
        "turns": _said("The nearest below and above, the nearer one first; none where no value does", _list(_object(turn))),
    }  # fmt: skip


def _scenario() -> dict[str, Any]:
    judged = _object({"status": {"enum": list(SIGNS)}, "probability": _SHARE})
    gained = dict.fromkeys((*_FOUR, "chance_better", "chance_equal"), _NUMBER)
    option = {
        "payoff": _object(dict.fromkeys(_FOUR, _PERHAPS)),
        "meets_all": _SHARE,
        "gained": _said("Payoff less that of the answers as they stand, draw by draw [currency]", _object(gained)),
    }
    turned = {"option": _TEXT, "consideration": _TEXT, "before": judged, "after": judged}
    return {
        "name": _TEXT,
        "recommended": _TEXT,
        "comparable": _FLAG,
        "missing": _TEXTS,
        "problems": _said("What of it does not fit any more", _TEXTS),
        "options": _map(_object(option)),
        "turned": _said("What is judged differently", _list(_object(turned))),
    }
