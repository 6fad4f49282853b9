"""JSON Schema of an assessment as ``assess --json`` prints it and ``export`` writes it."""

from collections.abc import Mapping
from typing import Any

from shipworthy.assess import PARTS
from shipworthy.considerations.show import SIGNS
from shipworthy.exports._deciding_schema import definitions

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_NUMBER = {"type": "number"}
_PERHAPS = {"type": ["number", "null"]}
_SHARE = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
_COUNT = {"type": "integer", "minimum": 0}
_STATUS = {"enum": list(SIGNS)}
_JUDGED = {"enum": ["meets", "at_risk", "fails"]}
_DATE = {"type": "string", "format": "date"}


def assessment_schema() -> dict[str, Any]:
    """The schema: closed to unknown keys, so that a reader can rely on it.

    >>> sorted(assessment_schema()["$defs"])
    ['deciding', 'finding', 'flip_point', 'inquiry', 'moved', 'moving', 'option', 'option_moved', 'scenario', 'since',
     'standing', 'to_find_out', 'turning']
    """
    return {
        "$schema": DIALECT,
        "title": "Assessment",
        "description": "What Shipworthy concludes from a decision on one day. Floats have nine significant digits; what is "
        "no finite number is null.",
        **_object(_top(), optional=("since_record",)),
        "$defs": {
            "option": _object(_option()),
            "finding": _object(_finding()),
            "flip_point": _object(_flip_point()),
            "since": _object(_since(), optional=("scenarios",)),
            "moved": _object(_moved()),
            "option_moved": _object(_option_moved()),
            **definitions(),
        },
    }


def _object(properties: Mapping[str, Any], *, optional: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _map(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": dict(values)}


def _said(what: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {**schema, "description": what}


def _list(name: str) -> dict[str, Any]:
    return {"type": "array", "items": {"$ref": f"#/$defs/{name}"}}


def _top() -> dict[str, Any]:
    versions = _object({
        "shipworthy": _TEXT, "schema": _COUNT, "genai-prices": _TEXT, "numpy": _TEXT, "scipy": _TEXT,
        "tables": _map(_TEXT),
    })  # fmt: skip
    return {
        "title": _said("What the decision is called", _TEXT),
        "recommended": _said("Key of the option with the highest expected payoff", _TEXT),
        "provisional": _said("Whether something that a figure needs is not known yet", {"type": "boolean"}),
        "missing": _said("Answers that are not known yet (consideration.question)", _TEXTS),
        "answers": _object({"used": _COUNT, "unconfirmed": _COUNT, "unknown": _COUNT}),
        "on": _said("Day as of which prices, rules and shelf lives were read", _DATE),
        "currency": _said("Currency of all amounts", _TEXT),
        "draws": _COUNT,
        "seed": _COUNT,
        "versions": _said("With what the numbers were computed", versions),
        "considerations": _said("Name of every consideration by its key", _map(_TEXT)),
        "options": _list("option"),
        "deciding": _said(
            "What helps to decide; null where nothing can be compared yet",
            {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/deciding"}]},
        ),
        "since_record": _said("Where a record was assessed: what moved since it was made", {"$ref": "#/$defs/since"}),
    }


def _option() -> dict[str, Any]:
    return {
        "key": _TEXT,
        "name": _TEXT,
        "meets_all": _said("Probability of meeting every requirement in the same draw", _SHARE),
        "payoff": _said(
            "Over the period, discounted [currency]", _object(dict.fromkeys(("mean", "p10", "p50", "p90"), _PERHAPS))
        ),
        "ledger": _said(
            "Expected money by part; the parts add up to the mean payoff [currency]",
            _object({name: _said(label, _PERHAPS) for name, label in PARTS.items()}),
        ),
        "without": _said("Answers that its figures are without", _TEXTS),
        "findings": _said("By consideration", _map({"$ref": "#/$defs/finding"})),
    }


def _finding() -> dict[str, Any]:
    return {
        "status": _STATUS,
        "probability": _said("Probability that its requirements are met", _SHARE),
        "headline": _TEXT,
        "detail": _TEXTS,
        "lists": {"type": "array", "items": _object({"title": _TEXT, "items": _TEXTS})},
        "missing": _TEXTS,
        "unconfirmed": _said("Answers it uses that nobody has confirmed", _TEXTS),
        "phase": _said("The phase that it is about, where the option has phases", {"type": ["string", "null"]}),
        "flip_points": _list("flip_point"),
    }


def _flip_point() -> dict[str, Any]:
    then = {"anyOf": [{"type": "null"}, _object({"value": _NUMBER, "status": _JUDGED})]}
    return {
        "answer": _TEXT,
        "label": _TEXT,
        "value": _said("Value of the answer from which the status is another, in its unit", _PERHAPS),
        "unit": _TEXT,
        "status": _said("The status from there on", _STATUS),
        "direction": {"enum": ["at_least", "at_most"]},
        "then": _said("Where, further on, being at risk ends", then),
        "now": _said("Where the answer stands", _PERHAPS),
    }


def _since() -> dict[str, Any]:
    version = _object({"before": _TEXT, "after": {"type": ["string", "null"]}})
    return {
        "on": _said("Day as of which the record was computed", _DATE),
        "same": _said("Whether every number came out as it was printed", {"type": "boolean"}),
        "versions": _said("Packages and reference tables that have changed", _map(version)),
        "recommended": {"anyOf": [{"type": "null"}, _object({"before": _TEXT, "after": _TEXT})]},
        "findings": _list("moved"),
        "options": _list("option_moved"),
        "scenarios": _said("With which scenario what moved", {"type": "array", "items": _scenario_moved()}),
    }


def _scenario_moved() -> dict[str, Any]:
    leading = {"anyOf": [{"type": "null"}, _object({"before": _TEXT, "after": _TEXT})]}
    return _object({"name": _TEXT, "recommended": leading, "options": _list("option_moved")})


def _moved() -> dict[str, Any]:
    side = _object({"status": _STATUS, "probability": _SHARE, "headline": _TEXT})
    either = {"anyOf": [{"type": "null"}, side]}
    return {"option": _TEXT, "name": _TEXT, "consideration": _TEXT, "before": either, "after": either}


def _option_moved() -> dict[str, Any]:
    number = _object({"before": _PERHAPS, "after": _PERHAPS})
    return {
        "option": _TEXT,
        "name": _TEXT,
        "moved": _said("Numbers by their names (payoff.mean, meets_all, ledger.value, …)", _map(number)),
    }
