"""A real server for the tests: started on a free port, found by asking, ended by its process id."""

import contextlib
import importlib.util
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

READY_WITHIN = 60.0


@dataclass(frozen=True)
class Served:
    """A running server: where it is, its process, its database, and what it wrote."""

    url: str
    port: int
    process: subprocess.Popen[bytes]
    db: Path
    log: Path


def free_port() -> int:
    """A loopback port that nobody has at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def command(port: int, db: str, token: str) -> list[str]:
    """The command line of a user, or the module alone where there is no command line yet."""
    if importlib.util.find_spec("shipworthy.cli") is None:
        return [sys.executable, "-m", "shipworthy.serve"]
    script = [str(Path(sys.executable).with_name("shipworthy")), "serve", "--no-browser"]
    return [*script, "--port", str(port), "--db", db, *(["--token", token] if token else [])]


@contextlib.contextmanager
def running(folder: Path, *, token: str = "", wait: bool = True) -> Iterator[Served]:
    """A server with a database and caches of its own in ``folder``, ready for its first visitor."""
    port = free_port()
    path = folder / "decisions.sqlite"
    db = f"sqlite:///{path}"
    log = folder / "server.log"
    env = {**os.environ, "SHIPWORTHY_DB": db, "SHIPWORTHY_PORT": str(port), "SHIPWORTHY_TOKEN": token}
    with log.open("wb") as out:
        process = subprocess.Popen(command(port, db, token), env=env, cwd=folder, stdout=out, stderr=subprocess.STDOUT)
    served = Served(f"http://127.0.0.1:{port}/", port, process, path, log)
    try:
        if wait:
            wait_until_ready(served)
        yield served
    finally:
        end(served)


def wait_until_ready(served: Served) -> None:
    """Ask until a preheated page waits; say what the server wrote where it does not come."""
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        if served.process.poll() is not None:
            raise AssertionError(f"The server ended with {served.process.returncode}:\n{served.log.read_text()}")
        try:
            with urllib.request.urlopen(f"{served.url}shipworthy/ready", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            with contextlib.suppress(subprocess.TimeoutExpired):
                served.process.wait(timeout=0.1)
    raise AssertionError(f"The server was not ready within {READY_WITHIN:.0f} s:\n{served.log.read_text()}")


def end(served: Served) -> None:
    """End the server by its process id, politely first."""
    if served.process.poll() is None:
        served.process.terminate()
        try:
            served.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            served.process.kill()
            served.process.wait(timeout=15)
