"""A network that loses replies: the server gets the request and does its work, and the phone never hears of it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from testing.processes import LOOPBACK

CHUNK = 65_536


@dataclass
class LossyProxy:
    """Passes HTTP on, one request a connection; drops the replies to the next ``losses`` POSTs."""

    upstream_port: int
    losses: int = 0
    delay: float = 0.0  # s before a POST is passed on
    posts: int = 0
    listener: socket.socket = field(default_factory=lambda: socket.create_server((LOOPBACK, 0)))

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.listener.getsockname()[1]}"

    def serve(self) -> None:
        while True:
            try:
                client, _address = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._pass_on, args=(client,), daemon=True).start()

    def _pass_on(self, client: socket.socket) -> None:
        with client, suppress(OSError):  # the phone may have gone
            request = _read_request(client)
            if not request:
                return
            is_post = request.startswith(b"POST ")
            if is_post:
                self.posts += 1
                threading.Event().wait(self.delay)
            reply = self._ask(request)
            if is_post and self.losses > 0:
                self.losses -= 1
                return
            client.sendall(reply)

    def _ask(self, request: bytes) -> bytes:
        with socket.create_connection((LOOPBACK, self.upstream_port)) as server:
            server.sendall(request)
            return b"".join(iter(lambda: server.recv(CHUNK), b""))


def _read_request(client: socket.socket) -> bytes:
    """The whole request, asking for the connection to be closed after it."""
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = client.recv(CHUNK)
        if not chunk:
            return b""
        data += chunk
    head, _blank, body = data.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    length = next((int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += client.recv(CHUNK)
    return b"\r\n".join([*lines, b"Connection: close"]) + b"\r\n\r\n" + body


@contextmanager
def lossy(url: str) -> Iterator[LossyProxy]:
    """A lossy network in front of the server at ``url``, during the block."""
    proxy = LossyProxy(int(url.rpartition(":")[2]))
    threading.Thread(target=proxy.serve, daemon=True).start()
    try:
        yield proxy
    finally:
        proxy.listener.close()
