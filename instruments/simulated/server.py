"""The simulated bench on TCP: one port for each instrument and one for control, on loopback only.

One thread. Messages and scheduled actions are handled strictly in the order of bench time.
"""

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from math import inf
from selectors import EVENT_READ, SelectSelector

from instruments.simulated.bench import SimulatedBench
from instruments.simulated.log import Log
from instruments.simulated.spec import HOST
from instruments.simulated.station import Station

TICK_S = 0.02
"""Longest sleep, so that the log is written within 50 ms."""
LONGEST_MESSAGE = 1 << 20


class BenchClock:
    """Bench time runs ``speed`` times as fast as the wall clock."""

    def __init__(self, speed: float) -> None:
        self.speed = speed
        self._start_s = time.perf_counter()
        self._monotonic_s = time.monotonic()
        self._unix_s = time.time()

    def now_s(self) -> float:
        """Bench time now."""
        return (time.perf_counter() - self._start_s) * self.speed

    def monotonic_s(self, bench_s: float) -> float:
        """Reading of the monotonic clock at this bench time."""
        return self._monotonic_s + bench_s / self.speed

    def unix_s(self, bench_s: float) -> float:
        """Seconds since 1970 at this bench time."""
        return self._unix_s + bench_s / self.speed


class Connection:
    """One client: lines in, lines out."""

    def __init__(
        self, link: socket.socket, on_line: Callable[[str], None], gone: Callable[["Connection"], None]
    ) -> None:
        link.setblocking(False)
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.link = link
        self._on_line = on_line
        self._gone = gone
        self._rest = b""
        self.open = True
        self.last_message_s = 0.0
        """Bench time of its last message, or of the start of the connection."""

    def read(self) -> None:
        """Read what has been received."""
        if not self.open:
            return
        try:
            data = self.link.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data or len(self._rest) > LONGEST_MESSAGE:
            self.close()
            return
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            text = line.decode("latin-1").strip()
            if text:
                self._on_line(text)

    def send(self, line: bytes) -> None:
        """Send one line; nothing if the connection is closed. A client that does not read is disconnected."""
        if self.open:
            try:
                self.link.sendall(line + b"\n")
            except OSError:
                self.close()

    def close(self) -> None:
        """Close the connection."""
        if self.open:
            self.open = False
            self._gone(self)
            self.link.close()


class Server:
    """Serves a bench until it is stopped or abandoned."""

    def __init__(self, bench: SimulatedBench, log: Log, clock: BenchClock) -> None:
        self._bench = bench
        self._log = log
        self._clock = clock
        self._selector = SelectSelector()  # its timeouts are finer than 1 ms
        self._connections: dict[Connection, Station | None] = {}
        self._linger_s = inf
        self._last_message_s = time.perf_counter()
        self.stopping = False
        self.ports: dict[str, int] = {}
        for station in bench.stations:
            station.on_cut = partial(self._disconnect, station)
            station.on_idle = partial(self._disconnect, station)
            self.ports |= dict.fromkeys(station.roles, self.listen_for(station))

    def listen_for(self, station: Station) -> int:
        """Open a port of an instrument; it may have several. Returns its number."""
        return self.listen(partial(self._accept, station))

    def listen(self, accept: Callable[[socket.socket], None]) -> int:
        """Open a port on loopback; ``accept`` gets each new link. Returns its number."""
        listener = socket.create_server((HOST, 0))
        listener.setblocking(False)
        self._selector.register(listener, EVENT_READ, lambda: accept(listener.accept()[0]))
        return int(listener.getsockname()[1])

    def connect(
        self, link: socket.socket, on_line: Callable[["Connection", str], None], station: Station | None
    ) -> None:
        """Add a client; ``on_line`` gets each line that it sends."""

        def note_time() -> None:
            connection.last_message_s, self._last_message_s = self._bench.schedule.now_s, time.perf_counter()

        def handle(text: str) -> None:
            note_time()
            on_line(connection, text)

        connection = Connection(link, handle, self._forget)
        note_time()
        self._connections[connection] = station
        self._selector.register(link, EVENT_READ, connection.read)

    def leave(self, linger_s: float) -> None:
        """End as soon as no message has come for ``linger_s`` of the wall clock: only a rescuer may still need them.

        May be called from another thread.
        """
        self._last_message_s = time.perf_counter()
        self._linger_s = linger_s

    def serve(self) -> str:
        """Serve until stopped or abandoned; returns which."""
        while not self.stopping and time.perf_counter() - self._last_message_s <= self._linger_s:
            ready = self._selector.select(self._longest_sleep_s())
            self._bench.schedule.run_until(self._clock.now_s())
            for key, _ in ready:
                key.data()
            self._log.flush_if_due()
        for connection in list(self._connections):
            connection.close()
        self._selector.close()
        return "stopped" if self.stopping else "left alone"

    def _longest_sleep_s(self) -> float:
        due_s = (self._bench.schedule.next_due_s - self._clock.now_s()) / self._clock.speed
        return min(max(due_s, 0.0), TICK_S)

    def _accept(self, station: Station, link: socket.socket) -> None:
        if station.line.cut:
            link.close()
            return
        self.connect(link, lambda connection, text: station.receive(text, connection.send), station)

    def _disconnect(self, station: Station, idle_s: float = 0.0) -> None:
        """Disconnect the clients of an instrument that have sent nothing for ``idle_s``."""
        latest_s = self._bench.schedule.now_s - idle_s
        clients = [one for one, whose in self._connections.items() if whose is station]
        for connection in [one for one in clients if one.last_message_s <= latest_s]:
            connection.close()

    def _forget(self, connection: Connection) -> None:
        self._connections.pop(connection, None)
        with suppress(KeyError, ValueError):
            self._selector.unregister(connection.link)
