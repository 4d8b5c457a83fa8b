"""A tiny instrument on a loopback socket that answers as a test tells it to."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

SILENCE = None
HANG_UP = b""

IDENTITY_6221 = "KEITHLEY INSTRUMENTS INC.,MODEL 6221,1234567,D01  /700x"


@dataclass
class Loopback:
    """Answers each message with ``answer(message)``: text, raw bytes, SILENCE or HANG_UP. A context manager."""

    answer: Callable[[str], str | bytes | None]
    heard: list[str] = field(default_factory=list)
    connections: int = 0

    def __enter__(self) -> "Loopback":
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"TCPIP0::127.0.0.1::{self._listener.getsockname()[1]}::SOCKET"
        self._links: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop_listening()
        for link in self._links:
            end(link)
        for thread in self._threads:
            thread.join(5)

    def wait_until_heard(self, message: str) -> None:
        """Each connection has a thread of its own, so what is sent on the next one could be heard before it."""
        end_s = time.monotonic() + 5
        while message not in self.heard:
            assert time.monotonic() < end_s, f"{message} did not arrive"
            time.sleep(0.001)

    def stop_listening(self) -> None:
        end(self._listener)

    def _accept(self) -> None:
        while True:
            try:
                link, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._links.append(link)
            self._threads.append(threading.Thread(target=self._serve, args=(link,), daemon=True))
            self._threads[-1].start()

    def _serve(self, link: socket.socket) -> None:
        try:
            with link, link.makefile("r", encoding="utf-8", newline="\n") as lines:
                for line in lines:
                    self.heard.append(line.rstrip("\n"))
                    reply = self.answer(self.heard[-1])
                    if reply == HANG_UP:
                        end(link)
                        return
                    if reply is not None:
                        link.sendall(reply if isinstance(reply, bytes) else f"{reply}\n".encode())
        except OSError:
            return


def end(link: socket.socket) -> None:
    """Shut it down before closing, so that whoever waits on it wakes up."""
    with suppress(OSError):
        link.shutdown(socket.SHUT_RDWR)
    link.close()
