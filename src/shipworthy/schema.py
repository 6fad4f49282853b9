"""JSON Schema of a decision together with the questions of every consideration."""

from typing import Any

from shipworthy import documents
from shipworthy.considerations import registry
from shipworthy.errors import ShipworthyError

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_REFERENCE = "#/$defs/"


def full_schema() -> dict[str, Any]:
    """The document's schema; ``x-questions`` leads from a consideration's key to the schema of its questions.

    A question's schema says which values an answer may have, and under ``shipworthy`` its label, unit, bounds and
    help as the form shows them.

    >>> sorted(full_schema()["x-questions"])[:2]
    ['cost', 'deadline']
    """
    schema = documents.schema()
    shared: dict[str, Any] = schema["$defs"]
    questions: dict[str, Any] = {}
    for key, consideration in registry().items():
        own = consideration.Questions.model_json_schema()
        for name, definition in own.pop("$defs", {}).items():
            if shared.setdefault(name, definition) != definition:
                raise ShipworthyError(f"Two things are called {name} in the schema: rename the one of {key}")
        place = f"questions.{key}"
        shared[place] = {**own, "title": consideration.name, "description": consideration.title}
        questions[key] = {"$ref": f"{_REFERENCE}{place}"}
    return {"$schema": DIALECT, **schema, "x-questions": questions}
