"""The cases that ship with the package: each a decision, opened in one click."""

from functools import cache
from importlib.resources import files

from shipworthy.considerations import open_text
from shipworthy.decision import Decision
from shipworthy.errors import InputError

PLACES = {
    "churn": "lead_time",
    "loan-decisions": "explainability",
    "object-recognition": "deployment",
    "recommender": "value_stream",
    "safety-rule": "deadline",
    "sharegpt-assistant": "licences",
    "shopping-assistant": "cost",
}
"""The consideration that each is about, where it opens."""


@cache
def keys() -> tuple[str, ...]:
    """Their keys, by name.

    >>> "churn" in keys()
    True
    """
    names = (each.name for each in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".json").replace("_", "-") for name in names if name.endswith(".json")))


def text(key: str) -> str:
    """The JSON text of an example."""
    if key not in keys():
        raise InputError(f"There is no example “{key}”: choose one of {', '.join(keys())}")
    return files(__name__).joinpath(f"{key.replace('-', '_')}.json").read_text(encoding="utf-8")


@cache
def example(key: str) -> Decision:
    """An example as a decision.

    >>> example("churn").frame.title
    'Churn calls'
    """
    return open_text(text(key))
