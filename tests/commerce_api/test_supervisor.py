"""Processes kept together: started, started again, stopped in order, and none left behind."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from commerce_api.supervisor import CannotRun, Process, answers, check_port, supervise

ROOT = Path(__file__).parents[2]
LIMIT = 20.0


def until(what: Callable[[], object], says: str) -> None:
    """Waits for something to become true; the limit only ends a test that has failed."""
    deadline = time.monotonic() + LIMIT
    while not what():
        if time.monotonic() > deadline:
            pytest.fail(f"never happened: {says}")
        time.sleep(0.02)


@pytest.fixture
def note(tmp_path: Path) -> Path:
    """Where children write down what they do."""
    return tmp_path / "note.txt"


def lines(note: Path) -> list[str]:
    return note.read_text().splitlines() if note.exists() else []


CHILD = """
import os, signal, sys, time
name, note, kind = sys.argv[1:4]
def say(what):
    with open(note, "a") as file:
        file.write(f"{name} {what} {os.getpid()}\\n")
def end(*_):
    if kind == "slow":
        time.sleep(0.3)
    say("ends")
    sys.exit(0)
if kind == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
else:
    signal.signal(signal.SIGTERM, end)
say("starts")
if kind == "dies":
    sys.exit(3)
while True:
    time.sleep(0.05)
"""

PARENT = """
import sys
from commerce_api import supervisor
from commerce_api.supervisor import Process, Supervisor, _signals
note, *children = sys.argv[1:]
supervisor.GRACE = 0.5
processes = []
for child in children:
    name, kind = child.split(":")
    processes.append(Process(name, [sys.executable, "-c", {child!r}, name, note, kind]))
keeper = Supervisor(processes, grace=1.0, backoff=(0.05, 0.05))
with _signals(keeper):
    status = keeper.run(lambda: open(note, "a").write("all ready\\n"), 10.0)
sys.exit(status)
"""


@pytest.fixture
def start(note: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts a supervisor of children such as `first:polite`, in a process of its own."""
    started: list[subprocess.Popen[str]] = []

    def begin(*children: str) -> subprocess.Popen[str]:
        running = subprocess.Popen(
            [sys.executable, "-c", PARENT.replace("{child!r}", repr(CHILD)), str(note), *children],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(running)
        return running

    yield begin
    for running in started:
        running.kill()
        running.wait()
        if running.stderr:
            running.stderr.close()


def pids(note: Path) -> list[int]:
    return [int(line.split()[2]) for line in lines(note) if " starts " in line]


def gone(pid: int) -> bool:
    """Whether a process has ended; one that nobody has waited for yet counts as ended."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True
    return status.rpartition(")")[2].split()[0] == "Z"


def test_all_are_started_and_stopped_in_the_opposite_order(
    start: Callable[..., subprocess.Popen[str]], note: Path
) -> None:
    running = start("database:polite", "sidecar:slow", "edge:polite")
    until(lambda: "all ready" in lines(note) and len(pids(note)) == 3, "three processes run")

    running.send_signal(signal.SIGINT)

    assert running.wait(LIMIT) == 0
    assert [line.split()[0] for line in lines(note) if " ends " in line] == ["edge", "sidecar", "database"]
    assert all(gone(pid) for pid in pids(note))


def test_who_does_not_listen_is_killed(start: Callable[..., subprocess.Popen[str]], note: Path) -> None:
    running = start("deaf:deaf", "edge:polite")
    until(lambda: len(pids(note)) == 2, "two processes run")

    running.send_signal(signal.SIGTERM)

    assert running.wait(LIMIT) == 0
    assert all(gone(pid) for pid in pids(note))


def test_who_is_killed_is_started_again(start: Callable[..., subprocess.Popen[str]], note: Path) -> None:
    running = start("worker:polite")
    until(lambda: "all ready" in lines(note) and pids(note), "the worker runs")

    os.kill(pids(note)[0], signal.SIGKILL)
    until(lambda: len(pids(note)) == 2, "the worker runs again")
    running.send_signal(signal.SIGTERM)
    running.wait(LIMIT)

    assert running.stderr
    assert "worker ended by signal SIGKILL; starting it again" in running.stderr.read()


def test_who_dies_again_and_again_ends_it_all_with_a_reason(
    start: Callable[..., subprocess.Popen[str]], note: Path
) -> None:
    running = start("edge:polite", "worker:dies")

    assert running.wait(LIMIT) == 1
    assert running.stderr
    assert "worker ended with status 3, 3 times in a row" in running.stderr.read()
    assert all(gone(pid) for pid in pids(note))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_when_the_supervisor_itself_is_killed_nobody_is_left(
    start: Callable[..., subprocess.Popen[str]], note: Path
) -> None:
    running = start("deaf:deaf", "edge:polite")
    until(lambda: len(pids(note)) == 2, "two processes run")

    running.kill()

    until(lambda: all(gone(pid) for pid in pids(note)), "the children are gone")


def test_a_port_in_use_is_said_in_one_line_before_anything_starts(
    capsys: pytest.CaptureFixture[str], note: Path
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        child = Process("edge", [sys.executable, "-c", CHILD, "edge", str(note), "polite"])

        status = supervise([child], ready=lambda: None, ports=[port])

    assert status == 1
    assert capsys.readouterr().err == (
        f"twocomms: port {port} is in use by another program: stop it or run `make run PORT={port + 1}`\n"
    )
    assert lines(note) == []


def test_a_free_port_is_fine() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]

    check_port(port)


def test_a_program_that_is_not_there_is_said_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    status = supervise([Process("edge", ["/nonexistent/program"])], ready=lambda: None)

    assert status == 1
    assert "edge cannot be started" in capsys.readouterr().err


def test_no_answer_in_time_is_said_by_name(capsys: pytest.CaptureFixture[str], note: Path) -> None:
    child = Process("edge", [sys.executable, "-c", CHILD, "edge", str(note), "polite"], healthy=lambda: False)

    status = supervise([child], ready=lambda: pytest.fail("not ready at all"), patience=0.2)

    assert status == 1
    assert "no answer from edge" in capsys.readouterr().err


SERVER = """
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(int(self.path[1:]))
        self.end_headers()
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
"""


def test_a_server_answers_when_it_says_anything_but_an_error() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(SERVER)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout
        address = f"127.0.0.1:{server.stdout.readline().strip()}"

        assert answers(address, "/200")
        assert answers(address, "/404")
        assert not answers(address, "/503")
        server.kill()

    assert not answers(address, "/200")
    assert not answers("unix:/nonexistent.sock")


def test_one_line_for_a_port_below_the_limit_of_ordinary_users(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(13, "no")

    monkeypatch.setattr(socket.socket, "bind", refused)

    with pytest.raises(CannotRun, match="PORT=8000"):
        check_port(80)
