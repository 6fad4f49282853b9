"""Files that a browser keeps for ever: plotly.js, Voila's scripts, the widgets' scripts, our own style.

Each address carries a version, so that nothing is ever asked for twice and nothing old is ever used. A file is packed
with gzip once and kept.
"""

import asyncio
import gzip
import hashlib
import importlib.util
import mimetypes
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import tornado.web

FOREVER = "public, max-age=31536000, immutable"
PACKABLE = {".css", ".html", ".js", ".json", ".map", ".mjs", ".svg", ".txt", ".ttf", ".eot"}
EXTENSIONS = ("@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8", "anywidget")

_packed: dict[tuple[Path, int], bytes] = {}


def plotly_file() -> Path:
    """plotly's own packaged script, found without importing plotly (which takes 40 MB).

    Examples
    --------
    >>> plotly_file().name
    'plotly.min.js'
    """
    spec = importlib.util.find_spec("plotly")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("plotly is not installed")
    return Path(next(iter(spec.submodule_search_locations))) / "package_data" / "plotly.min.js"


def plotly_url() -> str:
    """Path under which the server hands out plotly.js.

    Examples
    --------
    >>> plotly_url().startswith("/shipworthy/plotly-")
    True
    """
    return f"/shipworthy/plotly-{version('plotly')}.min.js"


def digest(paths: Sequence[Path]) -> str:
    """Short fingerprint of our own files and of the packages whose files are handed out beside them."""
    seen = hashlib.sha256()
    for path in sorted(paths):
        seen.update(path.name.encode() + b"\0" + path.read_bytes())
    for package in ("anywidget", "jupyterlab_widgets", "nbconvert", "voila"):
        seen.update(f"{package} {version(package)}".encode())
    return seen.hexdigest()[:16]


def pack(path: Path) -> bytes:
    """The file's bytes, packed with gzip; packed once and kept."""
    key = (path, path.stat().st_mtime_ns)
    if key not in _packed:
        _packed[key] = gzip.compress(path.read_bytes(), 6, mtime=0)
    return _packed[key]


def find(roots: Sequence[Path], name: str) -> Path | None:
    """The first file of that name below one of the folders; never one outside them, nor a hidden one."""
    if "\0" in name or any(part.startswith(".") for part in Path(name).parts):
        return None
    for root in roots:
        path = (root / name).resolve()
        if path.is_relative_to(root.resolve()) and path.is_file():
            return path
    return None


class AssetHandler(tornado.web.RequestHandler):
    """Hands out the files below some folders, packed where that helps, to be kept for a year."""

    def initialize(self, roots: Sequence[Path], allowed: Sequence[str] = ()) -> None:
        self.roots = roots
        self.allowed = allowed

    def set_default_headers(self) -> None:
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")

    def write_error(self, status_code: int, **kwargs: object) -> None:
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish("There is no such file.\n")

    async def get(self, name: str = "") -> None:
        path = find(self.roots, name) if name else self.roots[0]
        if path is None or (self.allowed and not name.startswith(tuple(f"{one}/" for one in self.allowed))):
            raise tornado.web.HTTPError(404)
        self.set_header("Cache-Control", FOREVER)
        self.set_header("Content-Type", mimetypes.guess_type(path.name)[0] or "application/octet-stream")
        self.set_header("Vary", "Accept-Encoding")
        if path.suffix in PACKABLE and "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            self.write(await asyncio.to_thread(pack, path))
        else:
            self.write(await asyncio.to_thread(path.read_bytes))
