"""The servers of the scale profile on this machine, from Debian's packages: PostgreSQL, Redis, nginx.

    python deploy/services.py install|start|stop|status [name ...]

`install` also brings what the tests drive but nobody keeps running: a browser, and a second one when it is named
(`install firefox-esr`).

Each listens on loopback only, keeps everything under var/services/<name>, runs in the background and is stopped by its
pid file. A package that is missing is installed with apt when this is root. The tests use the same functions with
folders and ports of their own.

PostgreSQL trusts every user of this machine and nginx serves whatever lies in its `sites` folder: this is for
development, benches and tests, not for a server that others log in to.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
FOLDER: Final = ROOT / "var" / "services"

PATIENCE: Final = 30.0
"""Seconds that a server may take to answer, and to end."""


class ServiceUnavailable(Exception):
    """A server cannot be had here; the message says why."""


@dataclass(frozen=True, slots=True)
class Service:
    """A server in a folder of its own: how it is made ready, started, and asked to end."""

    name: str
    folder: Path
    port: int
    program: str
    package: str
    user: str
    command: Callable[["Service"], Sequence[str]]
    prepare: Callable[["Service"], None]
    url: str
    ending: signal.Signals = signal.SIGTERM

    @property
    def pid_file(self) -> Path:
        return self.folder / "pid"

    @property
    def log(self) -> Path:
        return self.folder / "log"


def free_port() -> int:
    """A port of loopback that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int) -> bool:
    """Whether something accepts connections on a port of loopback."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def found(name: str) -> str | None:
    """The path of a program, also where Debian hides servers; None when it is missing."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return shutil.which(name, path=os.pathsep.join([*map(str, folders), os.environ.get("PATH", ""), "/usr/sbin"]))


def binary(name: str, package: str) -> str:
    """The path of a server's program, installed when missing. Raises ServiceUnavailable."""
    path = found(name)
    if path:
        return path
    apt = shutil.which("apt-get")
    if os.geteuid() != 0 or not apt:
        raise ServiceUnavailable(f"{name} is missing: install the package {package}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "-y", "--no-install-recommends", package]):
        made = subprocess.run(  # noqa: S603 - names of ours
            [apt, *words], env=quiet, capture_output=True, text=True, check=False
        )
    path = found(name)
    if not path:
        raise ServiceUnavailable(f"apt-get install {package} failed: {made.stderr.strip()[-300:]}")
    return path


def _as(user: str) -> list[str]:
    """The beginning of a command that runs as `user`: root must not run PostgreSQL."""
    if os.geteuid() != 0 or user == "root":
        return []
    return ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"]


def _own(service: Service) -> None:
    service.folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0 and service.user != "root":
        try:
            entry = pwd.getpwnam(service.user)
        except KeyError:
            raise ServiceUnavailable(f"this machine has no user {service.user}") from None
        os.chown(service.folder, entry.pw_uid, entry.pw_gid)


def _run(service: Service, *command: str) -> None:
    done = subprocess.run(  # noqa: S603 - programs of ours
        [*_as(service.user), *command], cwd=service.folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ServiceUnavailable(f"{Path(command[0]).name} failed: {(done.stderr or done.stdout).strip()[-500:]}")


def postgres(folder: Path = FOLDER / "postgres", port: int = 15432, *, safe: bool = True) -> Service:
    """PostgreSQL with the superuser and database "shop". `safe=False` gives up durability for speed: tests only."""
    unsafe = () if safe else ("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off")

    def prepare(service: Service) -> None:
        initdb = binary("initdb", "postgresql")
        if not (folder / "data" / "PG_VERSION").exists():
            shutil.rmtree(folder / "data", ignore_errors=True)
            options = ["-U", "shop", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", *([] if safe else ["--no-sync"])]
            _run(service, initdb, "-D", str(folder / "data"), *options)

    def command(service: Service) -> Sequence[str]:
        return (
            binary("postgres", "postgresql"), "-D", str(folder / "data"), "-p", str(port), "-k", "",
            "-c", "listen_addresses=127.0.0.1", "-c", "shared_buffers=128MB", *unsafe,
        )  # fmt: skip

    url = f"postgres://shop@127.0.0.1:{port}/shop"
    # SIGINT is "fast": open connections are cut, everything is written.
    return Service("postgres", folder, port, "postgres", "postgresql", "postgres", command, prepare, url, signal.SIGINT)


def redis(folder: Path = FOLDER / "redis", port: int = 16379) -> Service:
    """Redis that forgets everything when it ends."""

    def command(service: Service) -> Sequence[str]:
        return (
            binary("redis-server", "redis-server"), "--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder),
            "--save", "", "--appendonly", "no",
        )  # fmt: skip

    return Service(
        "redis", folder, port, "redis-server", "redis-server", "redis", command, _own, f"redis://127.0.0.1:{port}/0"
    )


NGINX: Final = """
daemon off; worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/error.log warn;
events {{ worker_connections 1024; }}
http {{
  include /etc/nginx/mime.types; default_type application/octet-stream; access_log off; sendfile on;
  client_body_temp_path {folder}/tmp; proxy_temp_path {folder}/tmp; fastcgi_temp_path {folder}/tmp;
  uwsgi_temp_path {folder}/tmp; scgi_temp_path {folder}/tmp;
  server {{ listen 127.0.0.1:{port}; location = /nginx-health {{ return 204; }} }}
  include {folder}/sites/*.conf;
}}
"""


def nginx(folder: Path = FOLDER / "nginx", port: int = 18080) -> Service:
    """nginx that answers /nginx-health and serves the server blocks in `sites/*.conf` of its folder."""

    def prepare(service: Service) -> None:
        (folder / "sites").mkdir(parents=True, exist_ok=True)
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port), encoding="utf-8")
        _run(service, *command(service), "-t", "-q")

    def command(service: Service) -> Sequence[str]:
        return binary("nginx", "nginx"), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")

    return Service(
        "nginx", folder, port, "nginx", "nginx", "root", command, prepare, f"http://127.0.0.1:{port}", signal.SIGQUIT
    )


SERVICES: Final[dict[str, Callable[[], Service]]] = {"postgres": postgres, "redis": redis, "nginx": nginx}


def pid_of(service: Service) -> int | None:
    """The process that runs the service; None when its pid file is stale or missing."""
    try:
        pid = int(service.pid_file.read_text())
        # A number may have been given to another process since: ours works in its folder or below.
        return pid if Path(f"/proc/{pid}/cwd").resolve(strict=True).is_relative_to(service.folder.resolve()) else None
    except (OSError, ValueError):
        return None


def start(service: Service) -> None:
    """Starts a service that is not running and waits until it answers. Raises ServiceUnavailable."""
    if pid_of(service):
        return
    if answers(service.port):
        raise ServiceUnavailable(f"port {service.port} is taken by another program")
    program = service.command(service)
    _own(service)
    service.prepare(service)
    pid = _spawn(service, program)
    service.pid_file.write_text(str(pid))
    until = time.monotonic() + PATIENCE
    while not _ready(service):
        if _has_ended(pid) or time.monotonic() > until:
            stop(service)
            raise ServiceUnavailable(f"{service.name} does not start: {service.log.read_text()[-500:]}")
        time.sleep(0.05)


def _spawn(service: Service, program: Sequence[str]) -> int:
    """Begins the program in a session of its own; its number.

    It outlives whoever started it, and its pid file tells others how to stop it. To subprocess.Popen a process that
    still runs when its starter ends is a leak.
    """
    wanted = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    # `env` becomes the program that it names, so the number is the server's.
    return os.posix_spawn(
        "/usr/bin/env",
        ["env", "-C", str(service.folder), *_as(service.user), *program],
        os.environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, service.log, wanted, 0o644), (os.POSIX_SPAWN_DUP2, 1, 2)],
        setsid=True,
        # Python ignores these, and a program would go on ignoring them.
        setsigdef=[signal.SIGPIPE, signal.SIGXFSZ],
    )


def _has_ended(pid: int) -> bool:
    """Whether a process that this one began has ended."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return True


def _ready(service: Service) -> bool:
    if service.name != "postgres":
        return answers(service.port)
    # It accepts connections before it accepts work: making the database is the proof.
    made = subprocess.run(  # noqa: S603 - a program of ours
        [binary("createdb", "postgresql"), "-h", "127.0.0.1", "-p", str(service.port), "-U", "shop", "shop"],
        capture_output=True,
        text=True,
        check=False,
    )
    return made.returncode == 0 or "already exists" in made.stderr


def stop(service: Service) -> None:
    """Ends a service and waits for it; does nothing when it is not running."""
    pid = pid_of(service)
    if pid:
        os.kill(pid, service.ending)
        until = time.monotonic() + PATIENCE
        while pid_of(service):
            if time.monotonic() > until:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.02)
        with suppress(ChildProcessError):
            # One that we started keeps its number until it is waited for; others' are not ours to wait for.
            os.waitpid(pid, 0)
    service.pid_file.unlink(missing_ok=True)


def install(service: Service) -> None:
    """Installs a service's package when missing. Raises ServiceUnavailable."""
    binary(service.program, service.package)


PROGRAMS: Final = {"chromium": "chromium", "firefox-esr": "firefox-esr"}
"""Programs that `install` can bring, with their packages."""
USUAL: Final = ("chromium",)
"""Those that it brings beside the servers when nobody names any."""


def install_programs(names: Sequence[str]) -> None:
    """Installs the programs that are missing, or says why one cannot be had: its tests are listed as not run then."""
    for name in names:
        try:
            binary(name, PROGRAMS[name])
            state = "installed"
        except ServiceUnavailable as error:
            state = f"cannot be had: {error}"
        sys.stdout.write(f"{name:11} {state}\n")


DEEDS: Final[dict[str, Callable[[Service], object]]] = {
    "install": install,
    "start": start,
    "stop": stop,
    "status": pid_of,
}


def main(arguments: list[str]) -> int:
    """Exit code 0 when all went well, 1 when a service cannot be had, 2 for words it does not know.

    `install` leaves it at saying what cannot be had: tests that need it are listed as not run.
    """
    deed, named = (arguments[0] if arguments else ""), arguments[1:]
    programs = [name for name in named if name in PROGRAMS and deed == "install"]
    names = [name for name in named if name not in programs] if named else list(SERVICES)
    if deed not in DEEDS or set(names) - set(SERVICES):
        sys.stderr.write(f"usage: services.py {'|'.join(DEEDS)} [{'|'.join(SERVICES)} ...]\n")
        return 2
    failed = 0
    for service in (SERVICES[name]() for name in names):
        try:
            DEEDS[deed](service)
            state = (
                f"running, {service.url}" if pid_of(service) else "installed" if deed == "install" else "not running"
            )
        except ServiceUnavailable as error:
            state, failed = f"cannot be had: {error}", int(deed != "install")
        sys.stdout.write(f"{service.name:11} {state}\n")
    if deed == "install":
        install_programs(programs if named else USUAL)
    return failed


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
