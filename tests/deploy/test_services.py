"""The servers of the scale profile start on loopback, say so, and end with nothing left."""

import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
import pytest

from deploy import services
from deploy.services import Service, ServiceUnavailable


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the users of the servers may pass through."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def made(kind: str, folder: Path) -> Service:
    """A service of its own, skipped where its program is missing: a test installs nothing."""
    service = {"redis": services.redis, "nginx": services.nginx}[kind](folder / kind, services.free_port())
    if not services.found(service.program):
        pytest.skip(f"{service.program} is not installed")
    return service


@pytest.mark.parametrize("kind", ["redis", "nginx"])
def test_a_service_runs_from_start_to_stop(folder: Path, kind: str) -> None:
    # given
    service = made(kind, folder)

    # when
    services.start(service)
    try:
        # then: a second start changes nothing
        pid = services.pid_of(service)
        services.start(service)
        assert pid is not None
        assert services.pid_of(service) == pid
        assert services.answers(service.port)
    finally:
        services.stop(service)
    assert services.pid_of(service) is None
    assert not services.answers(service.port)


def test_a_service_that_outlives_whoever_started_it_is_no_leak_and_anybody_may_stop_it(folder: Path) -> None:
    # given a process that starts a service and ends
    service = made("redis", folder)
    starting = "import pathlib, sys; from deploy import services"
    starting += "; services.start(services.redis(pathlib.Path(sys.argv[1]), int(sys.argv[2])))"
    command = [sys.executable, "-W", "always", "-c", starting, str(service.folder), str(service.port)]

    # when
    done = subprocess.run(command, cwd=services.ROOT, capture_output=True, text=True, check=True)

    # then
    try:
        assert done.stderr == ""
        assert services.answers(service.port)
    finally:
        services.stop(service)
    assert not services.answers(service.port)


def test_a_service_that_is_stopped_leaves_no_child_behind(folder: Path) -> None:
    service = made("redis", folder)
    before = psutil.Process().children()
    services.start(service)
    services.stop(service)

    assert psutil.Process().children() == before


def test_a_port_that_another_program_holds_is_named(folder: Path) -> None:
    service = made("redis", folder)
    with socket.socket() as other:
        other.bind(("127.0.0.1", service.port))
        other.listen()
        with pytest.raises(ServiceUnavailable, match=f"port {service.port} is taken"):
            services.start(service)


def test_a_stale_pid_file_is_no_running_service(folder: Path) -> None:
    service = made("redis", folder)
    service.folder.mkdir()
    service.pid_file.write_text("1")

    assert services.pid_of(service) is None


def test_an_installation_names_the_browser_too(capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    # given a machine on which everything is there
    monkeypatch.setattr(services, "found", lambda name: f"/usr/bin/{name}")
    # when
    status = services.main(["install"])
    # then
    said = capsys.readouterr().out
    assert status == 0
    assert {line.split()[0] for line in said.splitlines()} == {*services.SERVICES, "chromium"}
    # and another one when it is asked for
    assert services.main(["install", "firefox-esr"]) == 0
    assert capsys.readouterr().out.split() == ["firefox-esr", "installed"]
    # which is nothing that could be started
    assert services.main(["start", "firefox-esr"]) == 2


def test_a_browser_that_cannot_be_had_is_said_and_stops_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    def missing(name: str, package: str) -> str:
        raise ServiceUnavailable(f"{name} is missing: install the package {package}")

    monkeypatch.setattr(services, "binary", missing)
    assert services.main(["install"]) == 0
    assert "chromium    cannot be had: chromium is missing" in capsys.readouterr().out
