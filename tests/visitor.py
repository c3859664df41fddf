"""A visitor without a browser: speaks the dashboard's own websocket protocol, presses its controls and reads all that it is sent."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import Request, urlopen

from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

PATIENCE = 120.0
_LARGEST = 64 * 1024 * 1024


@dataclass
class Answer:
    """All that one rerun sent. Unit of `seconds`: from the press to the end of the run."""

    seconds: float
    messages: list[ForwardMsg] = field(default_factory=list)
    raw: bytes = b""

    @property
    def text(self) -> str:
        """Every text in it, JSON of components included, with its letters as they are."""
        return "\n".join(one for message in self.messages for one in _texts(message))

    @property
    def cards(self) -> tuple[tuple[str, str], ...]:
        """The figures in the cards: (key, value as it is shown)."""
        return tuple((card["key"], card["value"]) for found in self.components("cards") for card in found)

    def components(self, name: str) -> Iterator[Any]:
        """What the components of this name were given."""
        for message in self.messages:
            if message.HasField("delta") and message.delta.HasField("new_element"):
                element = message.delta.new_element
                if element.WhichOneof("type") == "bidi_component" and element.bidi_component.component_name.endswith(f"vitrina_{name}"):
                    yield json.loads(element.bidi_component.json)[name]


class Visitor:
    """One session. `query` is what stands in the address; it follows what the app writes there, as a browser's would."""

    def __init__(
        self, address: str, page: str = "", query: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        self.address, self.page, self.query = address, page, urlencode(query or {})
        self.headers = dict(headers or {})
        self.widgets: dict[str, WidgetState] = {}
        self.controls: dict[str, tuple[str, Any]] = {}
        self.downloads: dict[str, str] = {}
        self.cookies: dict[str, str] = {}
        self.session = ""
        self._hash = ""
        self._socket: ClientConnection | None = None

    async def __aenter__(self) -> Visitor:
        await self.open()
        return self

    async def __aexit__(self, *failed: object) -> None:
        await self.close()

    async def open(self) -> None:
        where = urlsplit(self.address)
        scheme = "wss" if where.scheme == "https" else "ws"
        # NB: whoever is signed in is believed only with the page's own token.
        said = filter(None, ("streamlit", self.cookies.get("_streamlit_xsrf", "")))
        self._socket = await connect(
            f"{scheme}://{where.netloc}/_stcore/stream", subprotocols=[Subprotocol(one) for one in said], max_size=_LARGEST,
            additional_headers=self._headers(), ping_interval=None, open_timeout=PATIENCE,
        )
        assert self._socket.response is not None
        self._keep(self._socket.response.headers.get_all("set-cookie"))

    async def close(self) -> None:
        if self._socket is not None:
            with suppress(ConnectionClosed):
                await self._socket.close()

    async def look(self) -> Answer:
        """Open the page, or run it again as it stands."""
        await self.begin()
        return await self.end()

    async def press(self, key: str, value: str | list[str]) -> Answer:
        """Choose a value in the control of this key: a text for a box of one, a list for a box of several."""
        ident = self.controls[key][0]
        state = WidgetState(id=ident)
        if isinstance(value, str):
            state.string_value = value
        else:
            state.string_array_value.data.extend(value)
        self.widgets[ident] = state
        return await self.look()

    async def upload(self, name: str, content: bytes) -> int:
        """Hand in a file as the drop area does. Returns the status of the answer."""
        await self.get("/_stcore/health")
        ask = BackMsg()
        ask.file_urls_request.request_id, ask.file_urls_request.session_id = "1", self.session
        ask.file_urls_request.file_names.append(name)
        reply = await self._reply(ask, "file_urls_response")
        edge = "----edge"
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        kind = {"content-type": f"multipart/form-data; boundary={edge}", "x-xsrftoken": self.cookies.get("_streamlit_xsrf", "")}
        place = reply.file_urls_response.file_urls[0].upload_url
        return (await self.send("PUT", place, head + content + f"\r\n--{edge}--\r\n".encode(), kind))[0]

    async def download(self, label: str) -> bytes:
        """Press the download button that begins so; what came."""
        ask = BackMsg()
        ask.backend_operation_request.request_id, ask.backend_operation_request.session_id = "2", self.session
        ask.backend_operation_request.deferred_file.file_id = self.downloads[label]
        reply = await self._reply(ask, "backend_operation_response")
        return (await self.send("GET", reply.backend_operation_response.deferred_file.url))[1]

    async def get(self, path: str) -> tuple[int, bytes]:
        """A plain request with this visitor's cookies."""
        return await self.send("GET", path)

    async def send(self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> tuple[int, bytes]:
        """A plain request with this visitor's cookies. Returns status and body."""
        asked = Request(f"{self.address}{path}", body, {**self._headers(), **(headers or {})}, method=method)
        return await asyncio.to_thread(self._answer, asked)

    def _answer(self, asked: Request) -> tuple[int, bytes]:
        try:
            with urlopen(asked, timeout=PATIENCE) as answer:
                self._keep(answer.headers.get_all("set-cookie") or [])
                return answer.status, answer.read()
        except HTTPError as error:
            with error:
                return error.code, error.read()

    def _headers(self) -> dict[str, str]:
        said = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return self.headers | ({"Cookie": said} if said else {})

    def _keep(self, cookies: Sequence[str]) -> None:
        for one in cookies:
            name, _, value = one.partition(";")[0].partition("=")
            self.cookies[name.strip()] = value.strip()

    async def _reply(self, ask: BackMsg, kind: str) -> ForwardMsg:
        """The reply of this kind."""
        assert self._socket is not None
        await self._socket.send(ask.SerializeToString())
        while True:
            raw = await asyncio.wait_for(self._socket.recv(), PATIENCE)
            assert isinstance(raw, bytes)
            message = ForwardMsg.FromString(raw)
            if message.WhichOneof("type") == kind:
                return message

    async def begin(self) -> None:
        """Ask for a run, and do not wait for it."""
        assert self._socket is not None
        ask = BackMsg()
        ask.rerun_script.query_string = self.query
        ask.rerun_script.page_name, ask.rerun_script.page_script_hash = self.page if not self._hash else "", self._hash
        ask.rerun_script.context_info.timezone, ask.rerun_script.context_info.locale = "Europe/Moscow", "ru-RU"
        ask.rerun_script.context_info.url = f"{self.address}/{self.page}"
        for state in self.widgets.values():
            ask.rerun_script.widget_states.widgets.append(state)
        self._asked = time.monotonic()
        await self._socket.send(ask.SerializeToString())

    async def end(self) -> Answer:
        """Read until the run is over."""
        assert self._socket is not None
        answer = Answer(0.0)
        parts: list[bytes] = []
        while True:
            raw = await asyncio.wait_for(self._socket.recv(), PATIENCE)
            assert isinstance(raw, bytes)
            message = ForwardMsg.FromString(raw)
            parts.append(raw)
            answer.messages.append(message)
            self._learn(message)
            if message.HasField("script_finished") and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                answer.seconds, answer.raw = time.monotonic() - self._asked, b"".join(parts)
                return answer

    def _learn(self, message: ForwardMsg) -> None:
        if message.HasField("new_session"):
            self._hash = message.new_session.page_script_hash
            self.session = message.new_session.initialize.session_id or self.session
        if message.HasField("page_info_changed"):
            self.query = message.page_info_changed.query_string
        if message.HasField("delta") and message.delta.HasField("new_element"):
            element = message.delta.new_element
            kind = element.WhichOneof("type")
            if kind in ("selectbox", "multiselect", "date_input", "text_input", "text_area", "button", "file_uploader"):
                held = getattr(element, kind)
                self.controls[_key(held.id)] = (held.id, held)
            if kind == "download_button":
                self.downloads[element.download_button.label] = element.download_button.deferred_file_id

    @property
    def parameters(self) -> dict[str, list[str]]:
        """What stands in the address."""
        return parse_qs(self.query)


def _key(ident: str) -> str:
    """The key that a control was given in the code. Ids are `$$ID-hash-key`; keys of the address carry a number of their own."""
    return ident.split("-", 2)[2] if ident.count("-") >= 2 else ident


def _texts(message: Message) -> Iterator[str]:
    for descriptor, value in message.ListFields():
        values = value if descriptor.is_repeated else [value]
        if descriptor.type == descriptor.TYPE_STRING:
            yield from values
        elif descriptor.type == descriptor.TYPE_BYTES:
            yield from (one.decode("utf-8", "replace") for one in values)
        elif descriptor.type == descriptor.TYPE_MESSAGE and not descriptor.message_type.GetOptions().map_entry:
            for one in values:
                yield from _texts(one)
