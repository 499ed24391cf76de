"""What a really slowed phone, axe-core and a browser without scripts make of a page.

Lighthouse computes what a slow phone would have felt; here the network and the processor are slow indeed: 150 ms away,
1.6 Mbit/s, the processor four times slower.
"""

import os
import statistics
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import axe_playwright_python
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page as Window

from bench.grade.pages import Page

CHROMIUM: Final = os.environ.get("CHROME_PATH", "/usr/bin/chromium")
# A worker asks without the context that trusts the certificate of a graded shop.
FLAGS: Final = (
    "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking",
    "--ignore-certificate-errors",
)  # fmt: skip
AXE: Final = Path(axe_playwright_python.__file__).with_name("axe.min.js")
RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
PHONE: Final[Mapping[str, Any]] = {
    "viewport": {"width": 360, "height": 640}, "device_scale_factor": 3, "is_mobile": True, "has_touch": True,
}  # fmt: skip
DESKTOP: Final[Mapping[str, Any]] = {"viewport": {"width": 1440, "height": 900}}
NETWORK: Final = {"offline": False, "latency": 150, "downloadThroughput": 180_000, "uploadThroughput": 84_375}
CPU: Final = 4
FAULTS: Final = frozenset({"real CLS", "CLS pressed", "console", "other hosts"})
MOST_PRESSES: Final = 12
MOST_PLACES: Final = 3
REFUSED: Final = "a status of 422"
"""How the console tells that a form was sent back to be corrected, which is an answer and no fault of the page."""
PRESSABLE: Final = (
    "summary:visible, button:visible, input[type=radio]:visible, input[type=checkbox]:visible, label:visible"
)
OBSERVE: Final = """() => {
  window.seen = { lcp: 0, tag: "", cls: 0, inp: 0, press: "" };
  const on = (type, note, extra) => new PerformanceObserver((list) => list.getEntries().forEach(note))
    .observe({ type, buffered: true, ...extra });
  on("largest-contentful-paint", (e) => { seen.lcp = e.startTime; seen.tag = e.element?.tagName.toLowerCase() ?? ""; });
  on("layout-shift", (e) => { if (!e.hadRecentInput) seen.cls += e.value; });
  on("event", (e) => {
    if (!e.interactionId || e.duration <= seen.inp) return;
    seen.inp = e.duration;
    seen.press = `${e.name} ${e.target?.tagName?.toLowerCase() ?? "?"}.${e.target?.className ?? ""}`;
  }, { durationThreshold: 16 });
}"""
STAY: Final = """() => {
  document.addEventListener("click", (e) => { if (e.target.closest("a[href]")) e.preventDefault(); }, true);
  document.addEventListener("submit", (e) => e.preventDefault(), true);
}"""


@dataclass(slots=True)
class Seen:
    """Figures by name, and sentences about what missed its goal."""

    figures: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


@contextmanager
def launched() -> Iterator[Browser]:
    """A Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@contextmanager
def window(browser: Browser, url: str, page: Page, **options: Any) -> Iterator[Window]:
    """A new window of the one who looks at the page."""
    context: BrowserContext = browser.new_context(locale="uk-UA", ignore_https_errors=True, **options)
    context.add_cookies([{"name": n, "value": v, "url": url} for n, v in page.cookies])
    yield context.new_page()
    context.close()


@dataclass(slots=True)
class Traffic:
    """Bytes and requests by kind, hosts other than ours, and complaints of the console."""

    kinds: dict[str, tuple[int, int]] = field(default_factory=dict)
    hosts: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)
    requests: dict[str, tuple[str, str]] = field(default_factory=dict)
    own: str = ""

    def ask(self, event: Mapping[str, Any]) -> None:
        """A request has been sent."""
        address = event["request"]["url"]
        if address.startswith("http"):
            self.requests[event["requestId"]] = (event.get("type", "Other").lower(), address)
            if urlsplit(address).netloc != self.own:
                self.hosts.add(urlsplit(address).netloc)

    def finish(self, event: Mapping[str, Any]) -> None:
        """An answer has arrived whole."""
        kind, _ = self.requests.get(event["requestId"], ("", ""))
        if kind:
            count, size = self.kinds.get(kind, (0, 0))
            self.kinds[kind] = (count + 1, size + int(event["encodedDataLength"]))

    def complain(self, kind: str, text: str, place: Mapping[str, Any]) -> None:
        """The console was written to."""
        if kind == "error" and REFUSED not in text:
            self.errors.append(f"{text[:200]} {place.get('url', '')}")

    def kb(self, *kinds: str) -> float:
        """Kilobytes of some kinds, of all when none is named."""
        return round(sum(size for kind, (_, size) in self.kinds.items() if not kinds or kind in kinds) / 1000, 1)


def slowly(browser: Browser, url: str, page: Page, runs: int) -> Seen:
    """Load the page on a slow phone, then press what can be pressed without leaving it.

    The median of `runs` visits, and the worst of what may not happen at all. What presses use up is visited once.
    """
    visits = [_visit(browser, url, page) for _ in range(1 if page.used_up else runs)]
    return Seen(combined([visit.figures for visit in visits]), [note for visit in visits for note in visit.notes])


def combined(visits: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The median of each figure, and the worst of those of FAULTS."""
    return {
        name: (max if name in FAULTS else statistics.median_high)(visit[name] for visit in visits) for name in visits[0]
    }


def _visit(browser: Browser, url: str, page: Page) -> Seen:
    traffic = Traffic(own=urlsplit(url).netloc)
    with window(browser, url, page, **PHONE) as phone:
        # A function handed to the page is Chromium's business, not the page's policy's.
        phone.add_init_script(f"({OBSERVE})()")
        session = phone.context.new_cdp_session(phone)
        session.on("Network.requestWillBeSent", lambda event: traffic.ask(event))
        session.on("Network.loadingFinished", lambda event: traffic.finish(event))
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        session.send("Network.emulateNetworkConditions", NETWORK)
        session.send("Emulation.setCPUThrottlingRate", {"rate": CPU})
        phone.on("console", lambda said: traffic.complain(said.type, said.text, said.location))
        phone.on("pageerror", lambda error: traffic.errors.append(str(error)[:200]))
        phone.goto(url + page.path, wait_until="networkidle", timeout=60_000)
        # The last paint is told a little after the last byte.
        phone.wait_for_timeout(1000)
        loaded = phone.evaluate("() => ({ ...seen })")
        figures = _figures(traffic, loaded)
        presses = _press(phone)
        after = phone.evaluate("() => ({ ...seen })")
    figures |= {"INP": round(after["inp"]), "CLS pressed": round(after["cls"], 4), "console": len(traffic.errors)}
    return Seen(figures, _notes(traffic, loaded, after, presses))


def _press(phone: Window) -> int:
    phone.evaluate(STAY)
    targets = phone.locator(PRESSABLE)
    count = min(targets.count(), MOST_PRESSES)
    for place in range(count):
        try:
            targets.nth(place).click(timeout=1500, force=True)
        except BrowserError:
            continue
        phone.wait_for_timeout(60)
    phone.wait_for_timeout(200)
    return count


def _figures(traffic: Traffic, loaded: Mapping[str, Any]) -> dict[str, float]:
    """What it took to load the page."""
    pictures = traffic.kb("image", "media")
    return {
        "real LCP": round(loaded["lcp"]),
        "real CLS": round(loaded["cls"], 4),
        "requests": sum(count for kind, (count, _) in traffic.kinds.items() if kind != "image"),
        "kB": round(traffic.kb() - pictures, 1),
        "kB HTML": traffic.kb("document"),
        "kB CSS": traffic.kb("stylesheet"),
        "kB script": traffic.kb("script"),
        "kB fonts": traffic.kb("font"),
        "kB pictures": pictures,
        "other hosts": len(traffic.hosts),
    }


def _notes(traffic: Traffic, loaded: Mapping[str, Any], after: Mapping[str, Any], presses: int) -> list[str]:
    told = [f"console: {error}" for error in traffic.errors] + [f"another host: {host}" for host in traffic.hosts]
    return [*told, f"largest paint: <{loaded['tag']}>; slowest of {presses} presses: {after['press'] or 'none'}"]


def violations(opened: Window, rules: Sequence[str] = RULES) -> list[str]:
    """What axe-core holds against the page as it stands now, a sentence each. `rules` are all tags, or all rules."""
    opened.evaluate(AXE.read_text("utf-8"))
    found = opened.evaluate("(rules) => axe.run(document, { runOnly: rules })", list(rules))
    return [f"{each['id']} ({each['impact']}): {places(each['nodes'])}" for each in found["violations"]]


def places(nodes: Sequence[Mapping[str, Any]]) -> str:
    """Where a rule was broken: the first places, and how many more there are."""
    first = ", ".join(" ".join(map(str, node["target"])) for node in nodes[:MOST_PLACES])
    return first if len(nodes) <= MOST_PLACES else f"{first} and {len(nodes) - MOST_PLACES} more"


def accessibly(browser: Browser, url: str, page: Page) -> Seen:
    """axe-core in a phone's light and a desktop's dark window."""
    found: list[str] = []
    for options in ({**PHONE, "color_scheme": "light"}, {**DESKTOP, "color_scheme": "dark"}):
        # axe is handed in as text, which the page's policy would refuse.
        with window(browser, url, page, bypass_csp=True, **options) as opened:
            opened.goto(url + page.path, wait_until="networkidle")
            found += violations(opened)
    return Seen({"axe": len(found)}, [f"axe {each}" for each in dict.fromkeys(found)])


BARE: Final = """() => ({
  heads: [...document.querySelectorAll("h1")].filter((node) => node.offsetParent !== null).length,
  words: document.querySelector("main")?.innerText.trim().length ?? 0,
  dead: [...document.querySelectorAll("button:not(form button):not([popovertarget]):not([commandfor]):not([form])")]
    .filter((node) => node.checkVisibility({ visibilityProperty: true })).map((node) => node.outerHTML.slice(0, 120)),
  homeless: document.querySelectorAll("form:not([action]):not([method=dialog])").length,
  late: document.querySelectorAll("img[data-src]:not([src])").length,
})"""


def bare(browser: Browser, url: str, page: Page) -> Seen:
    """The page without its scripts: a heading, words, no button that does nothing, no picture that never comes."""
    with window(browser, url, page, java_script_enabled=False, **PHONE) as opened:
        opened.goto(url + page.path, wait_until="load")
        told = opened.evaluate(BARE)
    works = told["heads"] == 1 and told["words"] > 20 and not (told["dead"] or told["homeless"] or told["late"])
    return Seen({"no scripts": int(works)}, [] if works else [f"without scripts: {told}"])
