"""The server: one Voila application with our own addresses, template, limits and manners."""

import asyncio
import contextlib
import hashlib
import logging
import os
import secrets
import shutil
import signal
import socket
import sys
import tempfile
import threading
import webbrowser
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tornado.httpserver
import tornado.netutil
import tornado.web
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_core.utils import ensure_async
from jupyter_server.auth.identity import IdentityProvider
from jupyter_server.services.kernels.handlers import KernelHandler
from traitlets.config import Config
from voila.app import Voila
from voila.configuration import VoilaConfiguration
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from shipworthy._threads import one_thread
from shipworthy.errors import InputError
from shipworthy.serve import WORKBOOK, workbooks_folder
from shipworthy.serve.assets import EXTENSIONS, AssetHandler, digest, pack, plotly_file, plotly_url
from shipworthy.serve.pages import GRACE, PLACEHOLDER, ClosingPage, NotebookPage, NotFoundPage, ReadyPage, TokenPage

SHARE = Path(__file__).parent / "share"
TEMPLATE = "shipworthy"
POOL_SIZE = 2
PING = 30_000  # ms
SOCKETS = {
    "websocket_max_message_size": 16 * 1024 * 1024,  # an upload of 8 MB takes 11 MB as base64
    "ws_ping_interval": PING,
    "ws_ping_timeout": 3 * PING,  # counted from opening: with a single interval the first check would close the socket
}
KERNEL_ID = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"


@dataclass(frozen=True)
class Settings:
    """What ``serve`` was told."""

    port: int
    open_browser: bool
    db: str | None
    token: str
    host: str
    cull_after: int


class Identity(IdentityProvider):
    """Everybody, or whoever showed the token. Jupyter's own password files and login page play no part."""

    @property
    def auth_enabled(self) -> bool:
        return bool(self.token)


class OwnPython(KernelSpecManager):
    """Kernels of this very Python, whatever kernels the user has installed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "kernel_dirs": []})


def configuration(settings: Settings, scratch: Path) -> Config:
    """Everything that is set at Voila, Jupyter and tornado, in one place. No file of the user's is read."""
    return Config(
        {
            "VoilaConfiguration": {
                "template": TEMPLATE,
                "theme": "light",
                "allow_template_override": "NO",
                "allow_theme_override": "NO",
                "strip_sources": True,
                "show_tracebacks": False,
                "progressive_rendering": False,
                "preheat_kernel": True,
                "default_pool_size": POOL_SIZE,
                "file_allowlist": [],
                "extension_allowlist": list(EXTENSIONS),
                "kernel_spec_manager_class": OwnPython,
                "resources": {"nonce": PLACEHOLDER},
            },
            "VoilaExecutor": {
                "cell_error_instruction": "The page could not be opened; the server's log says why. Reload it."
            },
            "MappingKernelManager": {"cull_idle_timeout": settings.cull_after, "cull_interval": 30},
            "KernelManager": {"transport": _transport(scratch)},
            "NotebookNotary": {"data_dir": str(scratch)},  # the user's own signing key stays out of it
            "ZMQChannelsWebsocketConnection": {"limit_rate": False},  # a dropped message would be a lost number
        }
    )


class Server(Voila):
    """Voila without its directory listing, its file server, its CDN, and its reading of other people's settings."""

    @classmethod
    def run(cls, settings: Settings) -> None:
        """Serve until a signal says stop."""
        sockets = _bind(settings)
        try:
            asyncio.run(cls._serve(settings, sockets))
        finally:
            for one in sockets:
                one.close()

    @classmethod
    async def _serve(cls, settings: Settings, sockets: list[socket.socket]) -> None:
        folder = workbooks_folder()
        scratch = Path(tempfile.mkdtemp(prefix="shipworthy-"))
        _set_environment(settings, scratch)
        await asyncio.to_thread(_prepare_draws)
        server = cls.instance(
            config=configuration(settings, scratch),
            ip=settings.host,
            port=sockets[0].getsockname()[1],
            root_dir=str(folder),
            notebook_path=str(folder / WORKBOOK),
            connection_dir=str(scratch),
            token=settings.token,
            cookie_secret=_cookie_secret(settings.token),
            identity_provider_class=Identity,
            log_level=_log_level(),
        )
        http: tornado.httpserver.HTTPServer | None = None
        try:
            server.open_up(settings)
            http = tornado.httpserver.HTTPServer(server.app, max_body_size=1024 * 1024)
            stop = _stop_on_signal()
            http.add_sockets(sockets)
            server.announce(settings)
            await stop.wait()
        finally:
            if http is not None:
                http.stop()
            await server.end_kernels()
            shutil.rmtree(scratch, ignore_errors=True)
            cls.clear_instance()

    def open_up(self, settings: Settings) -> None:
        """Make the application: settings, kernels, addresses."""
        for name in ("tornado.application", "tornado.general", "asyncio"):
            logging.getLogger(name).setLevel(self.log_level)
        self.voila_configuration = VoilaConfiguration(parent=self)
        self.static_url_path = f"/shipworthy/static-{digest(list((SHARE / 'voila').rglob('*.*')))}"
        self.lab_url_path = f"/shipworthy/lab-{digest([])}"
        self.voila_configuration.page_config_hook = self.page_config
        self.voila_configuration.config.VoilaConfiguration.resources["assets"] = self.static_url_path
        self.setup_template_dirs()
        tornado_settings = self.init_settings()
        tornado_settings.update(
            allow_remote_access=bool(settings.token) or settings.host not in ("127.0.0.1", "localhost", "::1"),
            **SOCKETS,
            default_handler_class=NotFoundPage,
            config=self.config,
            log_function=_log_request,
            shipworthy_ready=self.ready,
        )
        self.app = tornado.web.Application(**tornado_settings)
        self.app.add_handlers(".*$", self.init_handlers())

    def page_config(self, current: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Voila's page settings, with addresses that a browser may keep for ever."""
        current["fullStaticUrl"] = self.static_url_path
        current["fullLabextensionsUrl"] = self.lab_url_path
        return current

    def init_handlers(self) -> list[Any]:
        """Our addresses, and no others: no directory, no file of the notebooks' folder, no theme, no other template."""
        folder = Path(self.root_dir)
        voila = {
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }
        single = {**voila, "notebooks": frozenset(path.name for path in folder.glob("*.ipynb"))}
        static = {"roots": [Path(path) for path in self.static_paths]}
        lab = {"roots": [Path(path) for path in self.labextensions_path], "allowed": EXTENSIONS}
        return [
            (r"/", NotebookPage, {**voila, "preheated": WORKBOOK}),
            (r"/voila/render/([^/]+\.ipynb)", NotebookPage, single),
            (r"/notebook/([^/]+)", NotebookPage, single),
            (r"/login", TokenPage),
            (r"/shipworthy/ready", ReadyPage),
            (plotly_url().replace(".", r"\."), AssetHandler, {"roots": [plotly_file()]}),
            (rf"{self.static_url_path}/(.+)", AssetHandler, static),
            (rf"{self.lab_url_path}/(.+)", AssetHandler, lab),
            (rf"/api/kernels/{KERNEL_ID}", KernelHandler),
            (rf"/api/kernels/{KERNEL_ID}/channels", VoilaKernelWebsocketHandler),
            (rf"/voila/api/shutdown/{KERNEL_ID}", ClosingPage),
        ]

    def ready(self) -> bool:
        """Whether a preheated workbook is rendered and waits for its visitor."""
        pool = self.kernel_manager._pools.get(WORKBOOK, [])
        started = [one for one in pool if one.done() and not one.cancelled() and one.exception() is None]
        return any(one.result()["task"].done() for one in started)

    def announce(self, settings: Settings) -> None:
        """Say where the workbook is; open it where asked."""
        shown = f"[{settings.host}]" if ":" in settings.host else settings.host
        url = f"http://{shown}:{self.port}/" + (f"?token={settings.token}" if settings.token else "")
        print(f"Shipworthy is open at {url} (Ctrl-C ends it)", flush=True)
        threading.Thread(target=pack, args=(plotly_file(),), daemon=True).start()
        if settings.open_browser:
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()

    async def end_kernels(self) -> None:
        """End every kernel: politely, so that an answer on its way is kept; after five seconds without asking.

        Those that wait for a visitor, or are still being prepared, have nothing to keep.
        """
        manager = getattr(self, "kernel_manager", None)
        if manager is None:
            return
        logging.disable(logging.ERROR)  # that kernels die now is no news
        pools, manager._pools = manager._pools, {}
        preparing = [one for pool in pools.values() for one in pool if not one.done()]
        ready = [one for pool in pools.values() for one in pool if one.done() and not one.cancelled()]
        preparing += [one.result()["task"] for one in ready if one.exception() is None]
        for task in preparing:
            task.cancel()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.gather(*preparing, return_exceptions=True), timeout=2)
        if any(manager._kernel_connections.values()):
            await asyncio.sleep(GRACE)  # shutting down begins with an interrupt: what was typed last comes first
        processes = []
        for name in manager.list_kernel_ids():
            process = getattr(manager.get_kernel(name).provisioner, "process", None)
            processes.append(process)
            if process is not None and not manager._kernel_connections.get(name):
                process.kill()
        with contextlib.suppress(Exception):  # whatever it is: no kernel may outlive the server
            await asyncio.wait_for(ensure_async(manager.shutdown_all()), timeout=5)
        for process in processes:
            if process is not None and process.poll() is None:
                process.kill()


def _bind(settings: Settings) -> list[socket.socket]:
    if not 0 <= settings.port <= 65535:
        raise InputError(f"Port {settings.port} does not exist. Choose one between 1024 and 65535 with --port.")
    try:
        return tornado.netutil.bind_sockets(settings.port, settings.host)
    except PermissionError:
        raise InputError(
            f"Port {settings.port} may not be used by this user. Choose one above 1023 with --port."
        ) from None
    except socket.gaierror:
        raise InputError(f"The address {settings.host} is not one of this machine's. Use 127.0.0.1.") from None
    except OSError as error:
        raise InputError(
            f"Port {settings.port} on {settings.host} is already in use ({error.strerror}). "
            "Choose another with --port, or end the program that has it."
        ) from None


def _transport(scratch: Path) -> str:
    """Sockets in a private folder, which no other user of the machine can listen to; TCP where there are none."""
    fits = len(str(scratch)) + len("/kernel-12345678-1234-1234-1234-123456789012-ipc-1") < 100
    return "ipc" if fits and sys.platform != "win32" else "tcp"


def _set_environment(settings: Settings, scratch: Path) -> None:
    """What the kernels (which inherit it) and Voila's search for templates read."""
    mine = {
        "SHIPWORTHY_PLOTLY": plotly_url(),
        "JUPYTER_PATH": os.pathsep.join(filter(None, [str(SHARE), os.environ.get("JUPYTER_PATH", "")])),
        "IPYTHONDIR": str(scratch / "ipython"),  # nobody's start-up files, nobody's history
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
    if settings.db is not None:
        mine["SHIPWORTHY_DB"] = settings.db
    os.environ.update(mine)
    one_thread()


def _prepare_draws() -> None:
    """Make the draws' cache file before the first kernel needs it."""
    try:
        from shipworthy.draws import prepare
    except ImportError:
        return
    prepare()


def _cookie_secret(token: str) -> bytes:
    """The same for the same token, so that a restart asks nobody for it again; random without one."""
    if not token:
        return secrets.token_bytes(32)
    return hashlib.scrypt(token.encode(), salt=b"shipworthy cookie", n=2**14, r=8, p=1)


def _log_level() -> int:
    """``SHIPWORTHY_LOG`` (debug, info, warning, error); errors alone unless told otherwise."""
    return logging.getLevelNamesMapping().get(os.environ.get("SHIPWORTHY_LOG", "error").upper(), logging.ERROR)


def _log_request(handler: tornado.web.RequestHandler) -> None:
    """Requests are nobody's business unless asked for; failures log themselves. No query: it may hold the token."""
    request = handler.request
    seconds = request.request_time()
    handler.application.settings["voila"].log.debug(
        "%d %s %s %.0f ms", handler.get_status(), request.method, request.path, 1000 * seconds
    )


def _stop_on_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is None:
            continue
        if sys.platform == "win32":
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
        else:
            loop.add_signal_handler(number, stop.set)
    return stop
