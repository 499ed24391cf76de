import { all, make, one, say } from "../lib/dom.js";
import { SIZE_SHOWN } from "../lib/events.js";
import { liveFigures } from "../lib/live.js";

const FEW = 3;

/** Strikes out the sizes that are gone by live figures, and says how many are left of the chosen one. Silence leaves all
 * as it is. Tells those around it what is chosen: `{input, figure, made, none, told}`; `told` when live figures came. */
export class SizePicker extends HTMLElement {
  connectedCallback() {
    this.line = one(".size-picker-stock", this);
    this.figures = {};
    this.leaving = new AbortController();
    const here = { signal: this.leaving.signal };
    this.addEventListener("change", () => this.describe());
    addEventListener("pageshow", () => this.refresh(), here);
    document.addEventListener("visibilitychange", () => this.refresh(), here);
    (window.requestIdleCallback || setTimeout)(() => this.refresh());
  }

  disconnectedCallback() {
    this.leaving.abort();
  }

  get chosen() {
    return one("input:checked", this);
  }

  async refresh() {
    if (document.hidden) return;
    this.figures = await liveFigures(this.dataset.live);
    for (const input of all("input", this)) {
      const sold = this.figures[input.value]?.left === 0;
      if (sold && input.checked) input.checked = false;
      if (sold !== input.disabled) {
        input.disabled = sold;
        const name = input.nextElementSibling;
        if (sold) name.append(make("span", { className: "hidden", textContent: `, ${this.dataset.gone}` }));
        else name.lastElementChild?.remove();
      }
    }
    this.describe();
  }

  describe() {
    const input = this.chosen;
    const inputs = all("input", this);
    const known = (input ? [input] : inputs).map((each) => this.figures[each.value]).filter(Boolean);
    const left = input && known[0]?.left;
    this.classList.remove("size-picker-wrong");
    say(this.line, left > 0 && left <= FEW ? this.getAttribute(`data-left-${left}`) : "");
    const detail = { input, figure: known[0], made: known.some((each) => each.left === null), none: inputs.every((each) => each.disabled), told: inputs.some((each) => this.figures[each.value]) };
    this.dispatchEvent(new CustomEvent(SIZE_SHOWN, { bubbles: true, detail }));
  }

  ask() {
    this.classList.add("size-picker-wrong");
    say(this.line, this.dataset.choose);
    one("input:not(:disabled)", this)?.focus();
  }
}
