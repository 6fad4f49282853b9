"""The servers that the browser rows need: each on a free port, each ended by its process id with all that it started."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped,unused-ignore]
from playwright.sync_api import Page

from tests.served import free_port, running

START_WITHIN, QUIET_WITHIN = 60.0, 20.0
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Server:
    """A running server: where it is, and its process."""

    url: str
    process: psutil.Process

    def settle(self, still: float = 0.3) -> None:
        """Wait until it and all that it started have had nothing to do for a moment."""
        settle(self.process, still)


@contextlib.contextmanager
def workbook(folder: Path) -> Iterator[Server]:
    """Shipworthy as a user starts it, with a database of its own, a preheated page waiting."""
    folder.mkdir()
    with running(folder) as served:
        yield Server(served.url, psutil.Process(served.process.pid))


@contextlib.contextmanager
def voila(folder: Path) -> Iterator[Server]:
    """Plain Voila over a notebook with one slider and nothing else, preheated."""
    folder.mkdir()
    cell: dict[str, object] = {"cell_type": "code", "id": "slider", "metadata": {}, "outputs": []}
    cell |= {"source": "import ipywidgets\n\nipywidgets.IntSlider()", "execution_count": None}
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    notebook = {"cells": [cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    (folder / "slider.ipynb").write_text(json.dumps(notebook))
    command = ["-m", "voila", "slider.ipynb", "--no-browser", "--preheat_kernel=True", "--port={port}"]
    with _started(command, folder, "voila/static/voila.js") as server:
        server.settle(1.0)
        yield server


@contextlib.contextmanager
def streamlit(folder: Path) -> Iterator[Server]:
    """The small Streamlit app beside this module."""
    folder.mkdir()
    app = str(_HERE / "streamlit_app.py")
    options = ["--server.port={port}", "--server.address=127.0.0.1", "--server.headless=true"]
    quiet = ["--browser.gatherUsageStats=false", "--server.fileWatcherType=none"]
    with _started(["-m", "streamlit", "run", app, *options, *quiet], folder, "_stcore/health") as server:
        yield server


def settle(process: psutil.Process, still: float = 0.3) -> None:
    """Wait until a process and its children have used next to no processor time for ``still`` seconds."""
    give_up = time.monotonic() + QUIET_WITHIN
    while time.monotonic() < give_up:
        before = _used(process)
        time.sleep(still)
        after = _used(process)
        if before.keys() == after.keys() and sum(after.values()) - sum(before.values()) <= 0.011:
            return


@contextlib.contextmanager
def scratch() -> Iterator[str]:
    """A folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="shipworthy-bench-", ignore_cleanup_errors=True) as folder:
        yield folder


def kernel_id(page: Page) -> str:
    """The id of the kernel behind a page of Voila's."""
    found: str = json.loads(page.locator("#jupyter-config-data").text_content() or "{}")["kernelId"]
    return found


def kernel(server: Server, identity: str) -> psutil.Process:
    """The kernel behind a page, by the kernel's id."""
    for child in server.process.children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            if any(identity in part for part in child.cmdline()):
                return child
    raise RuntimeError(f"No kernel {identity} runs below process {server.process.pid}.")


def _used(process: psutil.Process) -> dict[int, float]:
    """Seconds of processor time that each process has had."""
    found = {}
    for each in [process, *process.children(recursive=True)]:
        with contextlib.suppress(psutil.NoSuchProcess):
            times = each.cpu_times()
            found[each.pid] = times.user + times.system
    return found


@contextlib.contextmanager
def _started(arguments: Sequence[str], folder: Path, answers: str) -> Iterator[Server]:
    """A Python module that serves, on a free port, once an address answers; ended with its children."""
    port = free_port()
    command = [sys.executable, *(part.format(port=port) for part in arguments)]
    log = folder / "server.log"
    with log.open("wb") as out:
        started = subprocess.Popen(
            command, cwd=folder, env=dict(os.environ), stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
        )
    server = Server(f"http://127.0.0.1:{port}/", psutil.Process(started.pid))
    try:
        _wait(started, server.url + answers, log)
        yield server
    finally:
        _end(started, server.process)


def _wait(started: subprocess.Popen[bytes], url: str, log: Path) -> None:
    give_up = time.monotonic() + START_WITHIN
    while time.monotonic() < give_up and started.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except urllib.error.HTTPError:
            return  # it answers
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError(f"{url} did not answer:\n{log.read_text()[-3000:]}")


def _end(started: subprocess.Popen[bytes], process: psutil.Process) -> None:
    """End a server politely, then whatever it left behind, each by its id."""
    children = process.children(recursive=True) if started.poll() is None else []
    started.terminate()
    try:
        started.wait(timeout=15)
    except subprocess.TimeoutExpired:
        started.kill()
        started.wait(timeout=15)
    for child in children:
        with contextlib.suppress(psutil.NoSuchProcess):
            child.kill()
    psutil.wait_procs(children, timeout=10)
