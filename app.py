"""The screen: a chat page around the assistant. The only importer of gradio and fastapi.

Text goes in, a checked answer comes out: this file decides nothing about either. The page
itself is assistant.page; what is here is the server, its headers and its start.
"""

from __future__ import annotations

import argparse
import errno
import hashlib
import json
import logging
import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

# Gradio reads these while it is imported.
os.environ.update(
    GRADIO_ANALYTICS_ENABLED="False",
    GRADIO_RUN_HISTORY="False",
    GRADIO_SSR_MODE="False",
    GRADIO_MCP_SERVER="False",
    HF_HUB_OFFLINE="1",
    HF_HUB_DISABLE_TELEMETRY="1",
    TRANSFORMERS_OFFLINE="1",
)
os.environ.pop("GRADIO_VIBE_MODE", None)  # it lets callers run code
os.environ.pop("GRADIO_SHARE", None)

import gradio as gr
import uvicorn
from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.errors import SettingsError
from assistant.library import open_library
from assistant.model import Length
from assistant.page import html
from assistant.page.chat import Chat, Reception
from assistant.settings import FILE, Settings, load_settings
from assistant.setup_index import ensure_index
from corpus.errors import GuidelineError

OLDEST_GRADIO = (6, 31)
PAGE = Path(html.__file__).parent
WORKERS = 4  # answers made at the same time
WAITING = 64  # questions that may wait for a worker
MAX_PASTED = 20_000  # a longer question is refused in words, not cut off in silence
MAX_BODY_BYTES = 1_000_000
# Parts of Gradio that the page does without. After a lost connection Gradio asks for app_id
# until it gets it, and then reloads the page, conversation, typed text and all.
CLOSED = ("/gradio_api/upload", "/gradio_api/openapi.json", "/gradio_api/app_id")
KEPT_BY_BROWSERS = ("/assets/", "/static/", "/page/")  # files that hold no answer
NO_SENSORS = (
    "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), "
    "serial=(), usb=()"
)


def require_gradio(version: str) -> None:
    """Stop with one sentence when Gradio is too old to be safe."""
    found = tuple(int(part) for part in version.split(".")[:2])
    if found < OLDEST_GRADIO:
        sys.exit(
            f"Gradio {version} is installed; 6.31 or newer is needed, because older versions "
            "have known security holes. Run: make setup"
        )


require_gradio(gr.__version__)


# ------------------------------------------------------------------ the page


def build_page(chat: Chat) -> gr.Blocks:
    """The question box and the hidden channel by which answers reach the page.

    The conversation is not a Gradio component: gr.Chatbot rewrites what it shows, and
    gr.HTML and ``js=`` compile code in the browser, which our security policy forbids.
    """
    quiet = {"api_visibility": "private", "show_progress": "hidden"}

    def ask(text: str, length: str, request: gr.Request) -> Iterator[tuple[Any, Any]]:
        messages = chat.ask(text, request.session_hash or "", Length(length))
        for number, message in enumerate(messages):
            yield message, "" if number == 0 else gr.skip()

    def ask_again(request: gr.Request) -> Iterator[str]:
        yield from chat.again_in_full(request.session_hash or "")

    def clear(request: gr.Request) -> str:
        return chat.clear(request.session_hash or "")

    def clear_patient(request: gr.Request) -> str:
        return chat.clear_patient(request.session_hash or "")

    def forget(request: gr.Request) -> None:
        chat.conversations.clear(request.session_hash or "")

    with gr.Blocks(title=html.NAME, analytics_enabled=False, fill_width=True) as demo:
        channel = gr.Markdown(
            "", elem_id="channel", visible="hidden", container=False, latex_delimiters=[]
        )
        with gr.Row(elem_id="composer"):
            box = gr.Textbox(
                label="Your question",
                info="Enter sends, Shift-Enter starts a new line. Leave out names and numbers "
                "that identify a patient.",
                lines=1,
                max_lines=6,
                max_length=MAX_PASTED,
                elem_id="question",
                html_attributes=gr.InputHTMLAttributes(
                    autocomplete="off", enterkeyhint="send", lang="en"
                ),
            )
            send = gr.Button("Ask", elem_id="ask", variant="primary")
            length = gr.Radio(
                [(name.capitalize(), str(name)) for name in Length],
                value=str(Length.STANDARD),
                label="Answer length",
                elem_id="length",
            )
            patient = gr.Button("Clear patient", elem_id="clear-patient")
            new = gr.Button("New conversation", elem_id="new")
        # The button of a card that asks for the full answer presses this one.
        again = gr.Button("Show the full answer", elem_id="again", visible="hidden")
        asked = gr.on([box.submit, send.click], ask, [box, length], [channel, box], **quiet)
        asked_again = again.click(ask_again, None, channel, **quiet)
        for event in (asked, asked_again):
            event.failure(chat.failed, None, channel, queue=False, **quiet)
        patient.click(clear_patient, None, channel, queue=False, **quiet)
        new.click(clear, None, channel, cancels=[asked, asked_again], queue=False, **quiet)
        demo.unload(forget)
    demo.queue(default_concurrency_limit=WORKERS, max_size=WAITING, api_open=False)
    return demo


def build_server(settings: Settings, reception: Reception) -> FastAPI:
    """The whole web application: the page, its files, the health checks, the headers."""
    vocabulary = open_library(settings).vocabulary
    mark = (PAGE / "mark.svg").read_text(encoding="utf-8")
    shell = html.shell(vocabulary.title, vocabulary.examples, mark)
    script = (PAGE / "page.js").read_text(encoding="utf-8")
    files = {
        "page.css": ("text/css", (PAGE / "page.css").read_bytes()),
        "page.js": ("text/javascript", f"const SHELL = {json.dumps(shell)};\n{script}".encode()),
    }
    version = hashlib.sha256(b"".join(body for _, body in files.values())).hexdigest()[:12]
    head = (
        f'<link rel="stylesheet" href="page/page.css?v={version}">'
        f'<script src="page/page.js?v={version}"></script>'
    )
    server = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @server.get("/healthz")
    def healthz() -> Response:
        return JSONResponse({"status": "ok"})

    @server.get("/readyz")
    def readyz() -> Response:
        assistant = reception.assistant
        if assistant is None:
            return JSONResponse({"status": "getting ready"}, status_code=503)
        return JSONResponse({"status": "ready", "index": assistant.index.card.fingerprint[:16]})

    @server.get("/page/{name}")
    def page_file(name: str) -> Response:
        if name not in files:
            return PlainTextResponse("Not found.", status_code=404)
        kind, body = files[name]
        return Response(body, media_type=kind)

    gr.mount_gradio_app(
        server,
        build_page(Chat(reception)),
        path="/",
        server_name=settings.host,
        server_port=settings.port,
        run_history=False,
        footer_links=[],
        show_error=False,
        max_file_size="1mb",
        allowed_paths=[],
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
        ssr_mode=False,
        favicon_path=str(PAGE / "mark.svg"),
        theme=gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["monospace"]),
        head=head,
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
    )
    server.add_middleware(Guard, frame_ancestors=settings.frame_ancestors)
    return server


class Guard:
    """Security headers on every response; too large a body and unused parts are refused."""

    def __init__(self, app: ASGIApp, frame_ancestors: str) -> None:
        self.app = app
        policy = (
            "default-src 'self'; script-src 'self' 'unsafe-inline'; "
            "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
            "font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
            f"form-action 'self'; frame-ancestors {frame_ancestors}"
        )
        self.headers = {
            "content-security-policy": policy,
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
            "permissions-policy": NO_SENSORS,
            "cross-origin-opener-policy": "same-origin",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        ours = dict(self.headers)
        if not path.startswith(KEPT_BY_BROWSERS):
            ours["cache-control"] = "no-store"

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                names = {name.encode() for name in ours}
                theirs = [(k, v) for k, v in message["headers"] if k.lower() not in names]
                message["headers"] = [*theirs, *((k.encode(), v.encode()) for k, v in ours.items())]
            await send(message)

        refusal = self._refusal(path, dict(scope["headers"]))
        await (refusal or self.app)(scope, receive, send_guarded)

    def _refusal(self, path: str, headers: Mapping[bytes, bytes]) -> Response | None:
        if path.startswith(CLOSED):
            return PlainTextResponse("Not found.", status_code=404)
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > MAX_BODY_BYTES:
            return PlainTextResponse("The request is too large.", status_code=413)
        return None


# ------------------------------------------------------------------ the start


class Server(uvicorn.Server):
    """A server that says where it is once it listens."""

    def __init__(self, config: uvicorn.Config, address: str, open_browser: bool) -> None:
        super().__init__(config)
        self.address = address
        self.open_browser = open_browser

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        print(f"Open {self.address}  (Ctrl-C stops it)", flush=True)
        if self.open_browser:
            threading.Thread(target=_show, args=(self.address,), daemon=True).start()


def _show(address: str) -> None:
    try:
        webbrowser.open(address)
    except (OSError, webbrowser.Error):
        return  # the address is printed; nobody needs to read why no browser opened


def display_is_likely(environ: Mapping[str, str], platform: str, user_id: int) -> bool:
    """Whether a browser window would be seen by someone: not in CI, not on a bare server."""
    if environ.get("CI") or environ.get("SSH_CONNECTION"):
        return False
    if platform in ("darwin", "win32"):
        return True
    return user_id != 0 and bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def reserve(host: str, port: int) -> socket.socket:
    """A listening socket; SettingsError names the port and the setting that changes it."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        reserved = socket.socket(family, kind, protocol)
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reserved.bind(address)
        reserved.listen(128)
    except OSError as error:
        other = port + 1 if port < 65_535 else port - 1
        if error.errno == errno.EADDRINUSE:
            what = f"Port {port} is already in use. Stop the program that uses it, or choose"
        else:
            what = f"Can't listen on {host}, port {port} ({error.strerror}). Choose"
        raise SettingsError(f"{what} another port: GUIDELINE_PORT={other} make run") from error
    return reserved


def main(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Check, build the index if needed, open the page; 0 when it was stopped, 1 on failure."""
    argparse.ArgumentParser(
        prog="app.py", description="Open the chat page. guideline.toml holds the settings."
    ).parse_args(argv)
    try:
        return _run(load_settings(FILE, environ), environ)
    except GuidelineError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def _run(settings: Settings, environ: Mapping[str, str]) -> int:
    reserved = reserve(settings.host, settings.port)
    print(f"{html.NAME}: checking the library and its index.", file=sys.stderr, flush=True)
    ensure_index(settings)
    reception = Reception(settings)
    shown_host = "127.0.0.1" if settings.host in ("0.0.0.0", "", "::") else settings.host
    user_id = os.geteuid() if hasattr(os, "geteuid") else -1
    config = uvicorn.Config(
        build_server(settings, reception),
        log_level="error",
        access_log=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=1,
    )
    server = Server(
        config,
        f"http://{shown_host}:{settings.port}",
        settings.open_browser and display_is_likely(environ, sys.platform, user_id),
    )

    # Pages keep a stream open; cutting it on the way out is no error.
    logging.getLogger("uvicorn.error").addFilter(lambda record: not server.should_exit)

    def open_or_stop() -> None:
        reception.open()
        if reception.failure is not None:
            server.should_exit = True

    threading.Thread(target=open_or_stop, daemon=True).start()
    server.run(sockets=[reserved])
    if reception.failure is not None:
        raise reception.failure
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
