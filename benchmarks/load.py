"""Many clients in one process: each opens the form, sends it, and begins again. Run as a program; prints JSON."""

import argparse
import asyncio
import json
import time
from dataclasses import dataclass, field

from testing.forms import token_in_bytes

KEPT_FOR = 20  # submissions over one connection: kept for ever, the accident of the start decides the whole round


@dataclass
class Tally:
    seconds: list[float] = field(default_factory=list)
    sent: int = 0
    errors: int = 0


async def exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> tuple[int, bytes]:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    body = await reader.readexactly(length)
    return int(head[9:12]), body


async def client(port: int, path: str, body: str, until: float, tally: Tally, kept_for: int) -> None:
    host = f"Host: 127.0.0.1:{port}\r\n".encode()
    get = f"GET {path} HTTP/1.1\r\n".encode() + host + b"\r\n"
    while time.monotonic() < until:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            for _ in range(kept_for):
                if time.monotonic() >= until:
                    break
                started = time.monotonic()
                _status, page = await exchange(reader, writer, get)
                payload = b"_token=" + token_in_bytes(page) + b"&" + body.encode()
                head = (f"POST {path} HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                        f"Content-Length: {len(payload)}\r\n").encode()  # fmt: skip
                status, _ = await exchange(reader, writer, head + host + b"\r\n" + payload)
                tally.seconds.append(time.monotonic() - started)
                tally.sent += status == 303
                tally.errors += status != 303
        except (OSError, asyncio.IncompleteReadError):
            pass  # a worker closed a kept connection; open another
        finally:
            writer.close()


async def run(port: int, path: str, body: str, clients: int, seconds: float, kept_for: int) -> Tally:
    tally = Tally()
    until = time.monotonic() + seconds
    await asyncio.gather(*(client(port, path, body, until, tally, kept_for) for _ in range(clients)))
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--path", required=True)
    parser.add_argument("--body", required=True)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--kept-for", type=int, default=KEPT_FOR)
    given = parser.parse_args()
    tally = asyncio.run(run(given.port, given.path, given.body, given.clients, given.seconds, given.kept_for))
    ordered = sorted(tally.seconds)
    p99 = ordered[int(len(ordered) * 0.99)] if ordered else 0.0
    print(json.dumps({"sent": tally.sent, "errors": tally.errors, "rate": tally.sent / given.seconds, "p99": p99}))


if __name__ == "__main__":
    main()
