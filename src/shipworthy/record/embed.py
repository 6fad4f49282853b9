"""What a record carries inside it, as inert blocks: the decision, its fingerprint, the numbers, plotly.js."""

import base64
import gzip
import hashlib
import importlib.util
import json
import math
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from shipworthy.assess import Assessment
from shipworthy.considerations.base import lettered
from shipworthy.decision import Decision
from shipworthy.errors import ShipworthyError
from shipworthy.reference import loader as reference

DOCUMENT_ID = "shipworthy-decision"
NUMBERS_ID = "shipworthy-numbers"
PLOTLY_ID = "shipworthy-plotly"

_UNSAFE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def script_safe(text: str) -> str:
    """JSON text as it may stand in a script element: no sign of it can end the element, and it parses to the same.

    >>> script_safe('{"title": "</script>"}')
    '{"title": "\\\\u003c/script\\\\u003e"}'
    """
    return text.translate(_UNSAFE)


def fingerprint(text: str) -> str:
    """SHA-256 of a document's canonical text, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(text: str) -> str:
    """JSON text as :func:`shipworthy.documents.write` writes it, whatever its spaces and escapes were.

    >>> canonical('{"a":"\\\\u003c"}')
    '{\\n "a": "<"\\n}\\n'
    """
    return json.dumps(json.loads(text), ensure_ascii=False, indent=1) + "\n"


def stamped(assessment: Assessment) -> Decision:
    """The document as the record keeps it: with the date, the tables and the dimensions it was computed with."""
    tables = {name: reference.load(name).version for name in reference.names()}
    tables["genai-prices"] = version("genai-prices")
    return assessment.decision.model_copy(
        update={"as_of": assessment.on, "tables": tables, "dimensions": dict(assessment.world.dimensions)}
    )


def chart_json(figure: dict[str, Any], typed: tuple[str, ...]) -> str:
    """A figure as JSON for a script element.

    plotly.js reads a little markup (``<b>``, ``<a href>``) in texts: what a user ``typed`` is escaped for it. What is
    not finite is left out.
    """
    escaped = {text: _escaped(text) for text in typed if text != _escaped(text)}
    marked = {
        str(lettered(text)): shown for text, shown in escaped.items()
    } | escaped  # a figure letters what it is made of
    return script_safe(json.dumps(_plain(figure, marked), ensure_ascii=False, allow_nan=False, separators=(",", ":")))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _plain(value: Any, marked: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(each, marked) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each, marked) for each in value]
    if isinstance(value, str):
        for text, escaped in marked.items():
            value = value.replace(text, escaped)
        return value
    if isinstance(value, float):
        return None if not math.isfinite(value) else float(f"{value:.6g}")
    return value


@cache
def packed_plotly() -> str:
    """plotly.min.js of the installed plotly package, gzipped, in base64; plotly itself is not imported."""
    found = importlib.util.find_spec("plotly")
    if found is None or found.origin is None:
        raise ShipworthyError("The plotly package is missing: install it, or export the record without charts")
    script = Path(found.origin).with_name("package_data") / "plotly.min.js"
    return base64.b64encode(gzip.compress(script.read_bytes(), compresslevel=9, mtime=0)).decode()
