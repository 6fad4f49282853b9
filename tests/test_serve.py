"""The server without a browser: what it hands out, to whom, under which headers, and how it ends."""

import asyncio
import gzip
import http.client
import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
import tornado.ioloop
import tornado.websocket
from jupyter_server.base.websocket import WebSocketMixin
from served import Served, end, running, wait_until_ready

from shipworthy.errors import InputError
from shipworthy.serve import WORKBOOK, serve, workbooks_folder
from shipworthy.serve.assets import FOREVER, find, plotly_file, plotly_url
from shipworthy.serve.pages import PLACEHOLDER, content_security_policy
from shipworthy.serve.server import SOCKETS, Settings, configuration


class Answer:
    """Status, headers and body of one request, redirects not followed."""

    def __init__(self, port: int, path: str, headers: dict[str, str] | None = None) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", path, headers=headers or {})
        response = connection.getresponse()
        self.status = response.status
        self.headers: Message = response.headers
        self.body = response.read()
        connection.close()

    @property
    def text(self) -> str:
        return self.body.decode()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with running(tmp_path_factory.mktemp("serve")) as served:
        yield served


def kernels_of(served: Served) -> list[psutil.Process]:
    children = psutil.Process(served.process.pid).children(recursive=True)
    return [one for one in children if any("ipykernel" in word for word in one.cmdline())]


def test_page_carries_its_own_fresh_nonce_and_no_placeholder(server: Served) -> None:
    nonces = set()
    for path in ("/", "/", f"/voila/render/{WORKBOOK}"):  # preheated twice, cold once
        wait_until_ready(server)
        answer = Answer(server.port, path)
        assert answer.status == 200
        nonce = re.search(r"'nonce-([\w-]+)'", answer.headers["Content-Security-Policy"])
        assert nonce is not None
        nonces.add(nonce[1])
        scripts = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/)([^>]*)>", answer.text)
        assert scripts, "the page has no inline script: then it needs no nonce"
        assert all(f'nonce="{nonce[1]}"' in attributes for attributes in scripts)
        assert PLACEHOLDER not in answer.text
        assert "nonce-" not in answer.text
    assert len(nonces) == 3


def test_page_loads_nothing_from_elsewhere_and_shows_no_source(server: Served) -> None:
    page = Answer(server.port, "/").text
    assert not re.findall(r"""(?:src|href)=["']?(?:https?:)?//[^"'> ]+""", page)
    assert '<html lang="en">' in page
    assert 'name="viewport"' in page
    assert "<noscript>" in page
    assert "Opening the workbook…" in page
    for source in json.loads((workbooks_folder() / WORKBOOK).read_text())["cells"]:
        if source["cell_type"] == "code":
            assert "".join(source["source"]).splitlines()[-1] not in page


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cache-Control", "no-store"),
        ("Content-Type", "text/html; charset=utf-8"),
    ],
)
def test_headers_of_a_page(server: Served, header: str, value: str) -> None:
    assert Answer(server.port, "/nothing-here").headers[header] == value


def test_policy_is_as_designed() -> None:
    policy = dict(part.split(" ", 1) for part in content_security_policy("n", "127.0.0.1:8866").split("; "))
    assert policy["script-src"] == "'self' blob: 'nonce-n'"
    assert policy["connect-src"] == "'self' ws://127.0.0.1:8866 wss://127.0.0.1:8866"
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'self'"
    assert policy["object-src"] == "'none'"
    assert policy["img-src"] == "'self' data: blob:"
    assert policy["font-src"] == "'self' data:"


@pytest.mark.parametrize("host", ["a;b", "a b", "a'b", "a, b", "", "*", "[::1;]"])
def test_policy_takes_nothing_else_from_the_host_header(host: str) -> None:
    connect = next(part for part in content_security_policy("n", host).split("; ") if part.startswith("connect-src"))
    assert connect == "connect-src 'self'"


@pytest.mark.parametrize(
    "path",
    [
        "/voila/tree",
        "/voila/files/workbook.ipynb",
        "/workbook.ipynb",
        "/voila/render/",
        "/voila/render/..%2f..%2fpyproject.ipynb",
        "/voila/render/missing.ipynb",
        "/notebook/..",
        "/notebook/missing",
        "/voila/api/contents",
        "/api/kernels",
        "/api/contents",
        "/voila/templates/lab/static/index.css",
        "/voila/query/12345678-1234-1234-1234-123456789012",
        "/shipworthy/",
    ],
)
def test_nothing_else_is_served(server: Served, path: str) -> None:
    answer = Answer(server.port, path)
    assert answer.status == 404
    assert "Open the workbook" in answer.text


def test_plotly_is_packed_and_kept_for_ever(server: Served) -> None:
    packed = Answer(server.port, plotly_url(), {"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Cache-Control"] == FOREVER == "public, max-age=31536000, immutable"
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert "javascript" in packed.headers["Content-Type"]
    assert gzip.decompress(packed.body) == plotly_file().read_bytes()
    plain = Answer(server.port, plotly_url())
    assert plain.headers["Content-Encoding"] is None
    assert plain.body == plotly_file().read_bytes()


def test_every_file_that_the_page_names_is_there(server: Served) -> None:
    page = Answer(server.port, "/").text
    config = json.loads(re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.DOTALL)[1])
    named = re.findall(r'(?:src|href)="(/[^"]+)"', page)
    named += [f"{config['fullLabextensionsUrl']}/{one['name']}/{one['load']}" for one in config["federated_extensions"]]
    assert len(named) >= 7
    for path in named:
        answer = Answer(server.port, path.replace("/./", "/"))
        assert answer.status == 200, path
        assert answer.headers["Cache-Control"] == FOREVER
    assert {one["name"] for one in config["federated_extensions"]} == {
        "anywidget",
        "@jupyter-widgets/jupyterlab-manager",
        "@voila-dashboards/widgets-manager8",
    }
    assert Answer(server.port, f"{config['fullLabextensionsUrl']}/jupyterlab-plotly/package.json").status == 404
    assert Answer(server.port, f"{config['fullStaticUrl']}/%2e%2e/index.html.j2").status == 404


def test_find_stays_inside_its_folders(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (inside / "a.txt").write_text("a")
    (inside / ".hidden").write_text("hidden")
    (inside / "link.txt").symlink_to(tmp_path / "secret.txt")
    assert find([inside], "a.txt") == (inside / "a.txt").resolve()
    for name in ("../secret.txt", str(tmp_path / "secret.txt"), ".hidden", "link.txt", "a\0.txt", "", "nothing"):
        assert find([inside], name) is None, name


def test_an_address_of_one_visitor_never_reaches_another_kernel(server: Served) -> None:
    Answer(server.port, "/?name=visitor-one-was-here")
    wait_until_ready(server)
    page = Answer(server.port, "/").text
    kernels = kernels_of(server)
    assert kernels
    assert "visitor-one" not in page
    assert not [one for one in kernels if "visitor-one" in json.dumps(one.environ())]


def test_kernels_know_where_decisions_and_plotly_are(server: Served) -> None:
    wait_until_ready(server)
    for kernel in kernels_of(server):
        environment = kernel.environ()
        assert environment["SHIPWORTHY_DB"] == f"sqlite:///{server.db}"
        assert environment["SHIPWORTHY_PLOTLY"] == plotly_url()
        assert environment["OPENBLAS_NUM_THREADS"] == "1"  # kernels side by side do not fight for processors


async def talk(served: Served, messages: list[dict[str, object]]) -> list[dict[str, dict[str, str]]]:
    """Send messages to the kernel of a new page; what comes back until the last of them is answered."""
    page = Answer(served.port, "/").text
    kernel = re.search(r'"kernelId": "([\w-]+)"', page)
    assert kernel is not None
    address = f"ws://127.0.0.1:{served.port}/api/kernels/{kernel[1]}/channels?session_id=test"
    socket = await tornado.websocket.websocket_connect(address, max_message_size=32 * 1024 * 1024)
    for number, message in enumerate(messages):
        header = {"msg_id": f"m{number}", "msg_type": message["type"], "session": "test", "version": "5.3"}
        body = {"header": header, "parent_header": {}, "metadata": {}, "channel": "shell", **message}
        await socket.write_message(json.dumps({**body, "content": message["content"]}))
    seen = []
    while True:
        answer = await asyncio.wait_for(socket.read_message(), 30)
        assert answer is not None, "the server closed the socket"
        seen.append(json.loads(answer))
        about = seen[-1]["parent_header"].get("msg_id")
        if about == f"m{len(messages) - 1}" and seen[-1]["channel"] == "shell":
            socket.close()
            return seen


def test_an_upload_of_eight_megabytes_gets_through(server: Served) -> None:
    upload = {"type": "kernel_info_request", "content": {}, "metadata": {"file": "x" * (8 * 1024 * 1024 * 4 // 3)}}
    seen = asyncio.run(talk(server, [upload]))
    assert seen[-1]["header"]["msg_type"] == "kernel_info_reply"


def test_a_page_cannot_run_code_of_its_own(server: Served) -> None:
    run = {"type": "execute_request", "content": {"code": "print('mine')", "silent": False}}
    seen = asyncio.run(talk(server, [run, {"type": "kernel_info_request", "content": {}}]))
    assert not [one for one in seen if one["parent_header"].get("msg_id") == "m0"]


def test_nobody_chooses_another_template(server: Served) -> None:
    wait_until_ready(server)
    for path in ("/?template=lab&theme=dark", f"/notebook/{WORKBOOK}?voila-template=lab&template=lab"):
        assert "/page.js" in Answer(server.port, path).text


def test_kernels_without_a_page_are_culled(tmp_path: Path) -> None:
    chosen = Settings(port=0, open_browser=False, db=None, token="", host="127.0.0.1", cull_after=77)
    config = configuration(chosen, tmp_path)
    assert config.MappingKernelManager.cull_idle_timeout == 77
    assert not config.MappingKernelManager.get("cull_connected", False)
    assert config.VoilaConfiguration.allow_template_override == "NO"
    assert config.VoilaConfiguration.file_allowlist == []


class Socket(WebSocketMixin):
    """A page's socket as the server watches over it, without a network."""

    settings = SOCKETS
    ws_connection = SimpleNamespace(client_terminated=False)

    def __init__(self, silent_since: float) -> None:
        """It was opened, or last heard of, so long ago, and pinged one interval ago [s]."""
        now = tornado.ioloop.IOLoop.current().time()
        self.last_pong, self.last_ping = now - silent_since, now - SOCKETS["ws_ping_interval"] / 1000 - 0.01
        self.did: list[str] = []
        self.log = logging.getLogger("socket")

    def ping(self, data: bytes) -> None:
        self.did.append("ping")

    def close(self) -> None:
        self.did.append("close")


def test_a_socket_is_closed_only_when_pings_in_a_row_were_not_answered() -> None:
    interval = SOCKETS["ws_ping_interval"] / 1000

    async def after(intervals: float) -> list[str]:
        socket = Socket(intervals * interval + 0.01)
        socket.send_ping()
        return socket.did

    assert asyncio.run(after(1)) == ["ping"]  # the first check, before anything could be answered
    assert asyncio.run(after(2)) == ["ping"]
    assert asyncio.run(after(4)) == ["close"]


def test_a_foreign_host_name_is_refused_without_a_token(server: Served) -> None:
    answer = Answer(server.port, "/", {"Host": "rebound.example"})
    assert answer.status == 403
    assert "rebound" not in answer.text


def test_tells_its_address_in_one_line(server: Served) -> None:
    said = [line for line in server.log.read_text().splitlines() if line.strip()]
    assert said[0].startswith(f"Shipworthy is open at {server.url}")
    assert not [line for line in said if "/shipworthy/ready" in line or "Traceback" in line]


def test_token_is_asked_for_then_kept_out_of_sight(tmp_path: Path) -> None:
    with running(tmp_path, token="open-sesame") as served:
        refused = Answer(served.port, "/")
        assert refused.status == 302
        assert refused.headers["Location"].startswith("/login")
        assert Answer(served.port, f"/notebook/{WORKBOOK}").status == 302
        assert Answer(served.port, "/?token=wrong").status == 302
        asked = Answer(served.port, refused.headers["Location"])
        assert asked.status == 401
        assert 'name="token"' in asked.text
        shown = Answer(served.port, "/?token=open-sesame&lang=en")
        assert shown.status == 302
        assert shown.headers["Location"] == "/?lang=en"
        cookie = "; ".join(one.split(";")[0] for one in shown.headers.get_all("Set-Cookie", []))
        opened = Answer(served.port, "/?lang=en", {"Cookie": cookie})
        assert opened.status == 200
        kernel = re.search(r'"kernelId": "([\w-]+)"', opened.text)
        assert kernel is not None
        assert Answer(served.port, f"/api/kernels/{kernel[1]}").status in (302, 403)
        assert Answer(served.port, f"/api/kernels/{kernel[1]}", {"Cookie": cookie}).status == 200


def test_a_signal_ends_the_server_and_every_kernel(tmp_path: Path) -> None:
    with running(tmp_path) as served:
        Answer(served.port, "/")
        kernels = kernels_of(served)
        assert kernels
        end(served)
        _gone, alive = psutil.wait_procs(kernels, timeout=10)
        assert not alive
        assert served.process.returncode == 0
        assert "Traceback" not in served.log.read_text()


def test_a_taken_port_is_said_in_a_sentence(server: Served) -> None:
    with pytest.raises(InputError, match=rf"Port {server.port} on 127.0.0.1 is already in use.*--port"):
        serve(server.port, open_browser=False)
    with pytest.raises(InputError, match="Port 70000 does not exist"):
        serve(70000, open_browser=False)


def test_module_ends_with_two_on_a_taken_port(server: Served) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "shipworthy.serve"],
        env={**psutil.Process().environ(), "SHIPWORTHY_PORT": str(server.port)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert "already in use" in done.stderr
    assert "Traceback" not in done.stderr


def test_asking_for_the_folder_imports_no_server() -> None:
    code = "import sys, shipworthy.serve as s; s.workbooks_folder(); print({'voila', 'tornado'} & sys.modules.keys())"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "set()"
