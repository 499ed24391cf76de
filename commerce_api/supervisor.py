"""Keeps the processes of `make run` together: starts them, starts those again that die, stops them all in order.

Only the standard library, so that a start costs nothing. Every child leads a process group of its own: Ctrl-C reaches
the supervisor alone, which then stops them from the visitor's side inwards. On Linux the kernel kills the children when
the supervisor itself is killed.
"""

import contextlib
import ctypes
import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Final

GRACE: Final = 5.0
"""Seconds a process has to end by itself."""
BACKOFF: Final = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds before the first, second ... start of a process that died."""
STEADY: Final = 30.0
"""Seconds after which a process counts as well: its earlier deaths are forgotten."""
BEAT: Final = 0.05
_PR_SET_PDEATHSIG: Final = 1


class CannotRun(Exception):
    """The processes cannot run; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Process:
    """What to run. `healthy` says whether it answers; without one it is well as soon as it runs."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    healthy: Callable[[], bool] | None = None


@dataclass(slots=True)
class _Child:
    process: Process
    running: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    deaths: int = 0
    again_at: float = 0.0


def check_port(port: int, host: str = "127.0.0.1") -> None:
    """Raises CannotRun when another program listens on the port or we may not."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise CannotRun(
                    f"port {port} is in use by another program: stop it or run `make run PORT={port + 1}`"
                ) from error
            if error.errno == errno.EACCES:
                raise CannotRun(f"port {port} is not for everybody: run `make run PORT=8000`") from error
            raise


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def answers(address: str, path: str = "/healthz") -> bool:
    """Whether a server at `unix:/path` or `127.0.0.1:8000` answers `path` with anything below 500."""
    connection: http.client.HTTPConnection
    if address.startswith("unix:"):
        connection = _UnixConnection(address.removeprefix("unix:"), timeout=1.0)
    else:
        connection = http.client.HTTPConnection(address, timeout=1.0)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _bind_to_parent(parent: int) -> Callable[[], None] | None:
    """What a child does before it becomes the program: asks the kernel to be killed together with its parent."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def bind() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            # The parent died between the fork and the line above.
            os._exit(1)

    return bind


def _signal_group(running: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(running.pid, number)


def _say(message: str) -> None:
    sys.stderr.write(f"twocomms: {message}\n")
    sys.stderr.flush()


def _ending(status: int) -> str:
    if status >= 0:
        return f"with status {status}"
    return f"by signal {signal.Signals(-status).name}"


class Supervisor:
    """The running processes. `stop()` may be called from a signal handler."""

    def __init__(
        self, processes: Sequence[Process], *, grace: float = GRACE, backoff: Sequence[float] = BACKOFF
    ) -> None:
        self.children = [_Child(process) for process in processes]
        self.grace = grace
        self.backoff = backoff
        self.stopping = 0
        self._bind = _bind_to_parent(os.getpid())

    def stop(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        """Asks for the end; a second time it may not take any time."""
        self.stopping += 1

    def run(self, ready: Callable[[], None], patience: float) -> int:
        """Starts all, calls `ready` when all are well, and watches until the end; says with which status to exit."""
        try:
            for child in self.children:
                self._start(child)
            if self._wait_until_healthy(patience):
                ready()
                self._watch()
        except CannotRun as error:
            _say(str(error))
            return 1
        finally:
            self._stop_all()
        return 0

    def _start(self, child: _Child) -> None:
        try:
            child.running = subprocess.Popen(  # noqa: S603 - the processes are ours
                list(child.process.argv),
                env={**os.environ, **child.process.env},
                stdin=subprocess.DEVNULL,
                process_group=0,
                preexec_fn=self._bind,
            )
        except OSError as error:
            raise CannotRun(f"{child.process.name} cannot be started: {error}") from error
        child.started_at = time.monotonic()

    def _wait_until_healthy(self, patience: float) -> bool:
        deadline = time.monotonic() + patience
        waiting = list(self.children)
        while waiting and not self.stopping:
            self._restart_the_dead()
            waiting = [child for child in waiting if not self._is_healthy(child)]
            if waiting and time.monotonic() > deadline:
                names = ", ".join(child.process.name for child in waiting)
                raise CannotRun(f"no answer from {names} in {patience:.0f} s: see the lines above")
            time.sleep(BEAT)
        return not self.stopping

    def _is_healthy(self, child: _Child) -> bool:
        alive = child.running is not None and child.running.poll() is None
        return alive and (child.process.healthy is None or child.process.healthy())

    def _watch(self) -> None:
        while not self.stopping:
            self._restart_the_dead()
            time.sleep(BEAT)

    def _restart_the_dead(self) -> None:
        for child in self.children:
            if child.running is None:
                if time.monotonic() >= child.again_at:
                    self._start(child)
                continue
            status = child.running.poll()
            if status is not None:
                self._note_death(child, status)

    def _note_death(self, child: _Child, status: int) -> None:
        running, child.running = child.running, None
        if running:
            # What it started itself goes with it, or the next one would find the port taken.
            _signal_group(running, signal.SIGKILL)
        now = time.monotonic()
        child.deaths = 1 if now - child.started_at >= STEADY else child.deaths + 1
        if child.deaths > len(self.backoff):
            raise CannotRun(
                f"{child.process.name} ended {_ending(status)}, {child.deaths} times in a row: the lines above say why"
            )
        pause = self.backoff[child.deaths - 1]
        child.again_at = now + pause
        _say(f"{child.process.name} ended {_ending(status)}; starting it again in {pause:g} s")

    def _stop_all(self) -> None:
        """Last started, first stopped: who answers visitors is listed last."""
        for child in reversed(self.children):
            running = child.running
            if running is None:
                continue
            if running.poll() is None:
                _signal_group(running, signal.SIGTERM)
                self._wait_for(running)
            _signal_group(running, signal.SIGKILL)
            running.wait()
            child.running = None

    def _wait_for(self, running: subprocess.Popen[bytes]) -> None:
        """Waits for the end of a process, but not past the grace and not when a person asks again."""
        deadline = time.monotonic() + self.grace
        while running.poll() is None and time.monotonic() < deadline and self.stopping <= 1:
            time.sleep(BEAT / 2)


@contextlib.contextmanager
def _signals(supervisor: Supervisor) -> Iterator[None]:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, supervisor.stop) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def supervise(
    processes: Sequence[Process], *, ready: Callable[[], None], ports: Sequence[int] = (), patience: float = 60.0
) -> int:
    """Runs the processes until Ctrl-C or SIGTERM and gives the status to exit with.

    They start in the order given and stop in the opposite one. `ready` is called once, when all of them are well.
    Problems are said in one line on standard error and end with 1: a port in use, a program that dies again and again,
    no answer within `patience` seconds.
    """
    try:
        for port in ports:
            check_port(port)
    except CannotRun as error:
        _say(str(error))
        return 1
    supervisor = Supervisor(processes)
    with _signals(supervisor):
        return supervisor.run(ready, patience)
