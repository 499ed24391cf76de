import { hear, SIZE_SHOWN } from "../lib/events.js";
import { pause } from "../lib/later.js";

const DAY = 86_400_000;
const SUNDAY = 0;

/** The days a parcel sent now is on the road, by the clock of Kyiv; the words on the page stand until stock is known. */
export class DeliveryDay extends HTMLElement {
  connectedCallback() {
    hear(SIZE_SHOWN, ({ figure, made }) => figure && this.show(made));
  }

  async show(made) {
    // Browsers take long over their first time zone and their first words for days: presses are answered before each.
    await pause();
    const { cutOff, print, first, last, words } = this.dataset;
    const kyiv = new Date(new Date().toLocaleString("en-US", { timeZone: "Europe/Kyiv" }));
    let sent = kyiv.getTime() + (kyiv.getHours() < Number(cutOff) ? 0 : DAY) + (made ? Number(print) * DAY : 0);
    if (new Date(sent).getDay() === SUNDAY) sent += DAY;
    await pause();
    const day = new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "short", day: "numeric", month: "short" });
    // Number and month stay on one line.
    const [from, to] = [first, last].map((days) => day.format(sent + Number(days) * DAY).replace(/([^,]) /g, "$1\u00a0"));
    this.textContent = words.replace("{}", from).replace("{}", to);
  }
}
