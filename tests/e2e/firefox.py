"""Debian's Firefox without scripts, led by WebDriver BiDi: enough of it to walk through the shop and buy.

Playwright drives only a Firefox of its own, which has to be downloaded; the stock one speaks the W3C's protocol by
itself. Nothing here runs in a page: elements are found and read by the browser, and pressed and typed into as by hand.
"""

import json
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

PREFERENCES: Final[Mapping[str, object]] = {
    "javascript.enabled": False,
    "intl.accept_languages": "uk",
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}
TALL: Final = {"width": 420, "height": 6_000}
"""A window in which every page fits: nothing has to be scrolled to."""
PATIENCE: Final = 60.0
"""Seconds for Firefox to start, and for any one answer of it."""


class Silent(Exception):
    """Firefox did not start, or refused what it was asked; the message says what."""


@dataclass(frozen=True, slots=True)
class Node:
    """An element as the browser tells it: its handle, its attributes, the words in it."""

    handle: str
    attributes: Mapping[str, str]
    text: str


class Window:
    """A tab of a Firefox. Every call waits for the browser's answer; Silent when it refuses."""

    def __init__(self, line: ClientConnection, base: str) -> None:
        self._line, self._base = line, base
        self._number = self.loads = 0
        self._ask("session.new", capabilities={})
        self._tab = self._ask("browsingContext.getTree")["contexts"][0]["context"]
        self._ask("browsingContext.setViewport", context=self._tab, viewport=TALL)
        self._ask("session.subscribe", events=["browsingContext.load"])

    def _ask(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        self._line.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            said = self._heard()
            if said.get("id") != self._number:
                continue
            if said["type"] == "error":
                raise Silent(f"{method}: {said['message']}")
            answer: dict[str, Any] = said["result"]
            return answer

    def _heard(self) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self._line.recv(timeout=PATIENCE))
        self.loads += said.get("method") == "browsingContext.load"
        return said

    def open(self, path: str) -> None:
        """Go to a page of the shop and wait until it is there whole."""
        self._ask("browsingContext.navigate", context=self._tab, url=self._base + path, wait="complete")

    @property
    def path(self) -> str:
        """Where the window is, without the shop's own address."""
        url: str = self._ask("browsingContext.getTree", root=self._tab)["contexts"][0]["url"]
        return url.removeprefix(self._base)

    def all(self, css: str) -> list[Node]:
        """The elements that match."""
        found = self._ask(
            "browsingContext.locateNodes",
            context=self._tab,
            locator={"type": "css", "value": css},
            serializationOptions={"maxDomDepth": 8},
        )
        return [Node(each["sharedId"], each["value"].get("attributes", {}), _words(each)) for each in found["nodes"]]

    def one(self, css: str) -> Node:
        """The first element that matches. Raises Silent when there is none."""
        found = self.all(css)
        if not found:
            raise Silent(f"{self.path} has no {css}")
        return found[0]

    def press(self, css: str) -> None:
        """Press an element with the mouse."""
        origin = {"type": "element", "element": {"sharedId": self.one(css).handle}}
        deeds = [
            {"type": "pointerMove", "x": 0, "y": 0, "origin": origin},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self._perform("pointer", "mouse", deeds)

    def follow(self, css: str) -> None:
        """Press what leads to another page, and wait until that is there whole."""
        before = self.loads
        self.press(css)
        while self.loads == before:
            self._heard()

    def type(self, css: str, text: str) -> None:
        """Press a field and type into it."""
        self.press(css)
        keys = [{"type": kind, "value": letter} for letter in text for kind in ("keyDown", "keyUp")]
        self._perform("key", "keyboard", keys)

    def _perform(self, kind: str, name: str, deeds: list[dict[str, Any]]) -> None:
        source = {"type": kind, "id": name, "actions": deeds}
        self._ask("input.performActions", context=self._tab, actions=[source])


def _words(node: Mapping[str, Any]) -> str:
    value = node.get("value", {})
    if value.get("nodeType") == 3:
        return str(value.get("nodeValue", ""))
    return " ".join(" ".join(_words(child) for child in value.get("children", [])).split())


@contextmanager
def opened(program: str, folder: Path, base: str) -> Iterator[Window]:
    """A window of a Firefox that runs no scripts, with its profile in `folder`; ended with the block. Raises Silent."""
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
    (folder / "user.js").write_text("\n".join(lines), encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [program, "--headless", "--no-remote", "--profile", str(folder), f"--remote-debugging-port={port}"]
    with (folder / "firefox.log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as running:
        try:
            with _connected(running, port) as line:
                yield Window(line, base)
        finally:
            running.terminate()
            try:
                running.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                running.kill()


def _connected(running: "subprocess.Popen[bytes]", port: int) -> ClientConnection:
    until = time.monotonic() + PATIENCE
    while running.poll() is None and time.monotonic() < until:
        try:
            # A page of the shop is told whole, with everything in it.
            return connect(f"ws://127.0.0.1:{port}/session", max_size=None, open_timeout=PATIENCE, proxy=None)
        except (OSError, WebSocketException):
            time.sleep(0.2)
    raise Silent("Firefox did not start")
