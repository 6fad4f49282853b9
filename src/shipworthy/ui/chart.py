"""A chart over plotly.js: figure JSON goes in, plotly.js reaches a browser once and is shared by all charts.

Neither plotly's Python package is imported nor its 5 MB of JavaScript made widget state.
"""

import gzip
import importlib.metadata
import importlib.util
import logging
from functools import cache
from pathlib import Path
from typing import Any

import anywidget
import traitlets

log = logging.getLogger(__name__)


@cache
def plotly_version() -> str:
    """Version of the plotly package whose plotly.js is used.

    Examples
    --------
    >>> plotly_version().count(".")
    2
    """
    return importlib.metadata.version("plotly")


@cache
def plotly_js() -> Path:
    """Path of plotly.min.js inside the plotly package, found without importing it.

    Examples
    --------
    >>> plotly_js().name
    'plotly.min.js'
    """
    spec = importlib.util.find_spec("plotly")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("The plotly package is missing: install plotly to see charts.")
    return Path(spec.origin).with_name("package_data") / "plotly.min.js"


class Chart(anywidget.AnyWidget):  # type: ignore[misc]
    """One figure, drawn when it is first seen; zoom is kept when its numbers move.

    Parameters
    ----------
    figure : dict
        Plain plotly JSON, ``{"data": [...], "layout": {...}}``.
    alt : str
        What the chart shows, in a sentence, for those who cannot see it.
    height : int
        Height [px]; fixed, so that the page does not jump.
    source : str
        URL where plotly.min.js is served; without one the kernel sends it, once a browser.

    Examples
    --------
    >>> chart = Chart(figure={"data": [{"type": "scatter", "y": [1, 3, 2]}]}, alt="Rises, then falls")
    >>> chart.height
    280
    """

    _esm = Path(__file__).with_name("chart.js")

    figure = traitlets.Dict().tag(sync=True)
    alt = traitlets.Unicode("").tag(sync=True)
    height = traitlets.Int(280).tag(sync=True)
    source = traitlets.Unicode("").tag(sync=True)
    version = traitlets.Unicode(read_only=True).tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.on_msg(lambda _widget, content, _buffers: self.receive(content))

    @traitlets.default("version")
    def _version(self) -> str:
        return plotly_version()

    def receive(self, content: Any) -> None:
        """Answer the browser's one question: plotly.js, compressed."""
        if not isinstance(content, dict) or content.get("type") != "plotly":
            log.warning("A chart got a message that it does not know: %.200r", content)
            return
        try:
            packed = gzip.compress(plotly_js().read_bytes(), compresslevel=5)
        except (OSError, ModuleNotFoundError) as error:
            log.exception("plotly.min.js cannot be read")
            self.send({"type": "plotly", "error": str(error)})
        else:
            self.send({"type": "plotly"}, buffers=[packed])
