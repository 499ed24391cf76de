import { keepSaying, one } from "./dom.js";

const camel = (code) => code.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

/** Opens and closes the ways to pay as a quote told; a closed one says why. The sentence to be said when the chosen one had to give way to another. */
export function openPayments(fieldset, payments) {
  const had = one(":checked", fieldset);
  for (const { kind, allowed, reason } of payments) {
    const radio = one(`#payment-${kind}`, fieldset);
    if (!radio) continue;
    const row = radio.closest(".option");
    const note = one(".option-note", row);
    radio.disabled = !allowed;
    row.classList.toggle("option-closed", !allowed);
    keepSaying(note, allowed ? note.dataset.open : fieldset.dataset[camel(reason)]);
  }
  if (!had?.disabled) return "";
  const other = one("[name=payment]:enabled", fieldset);
  had.checked = false;
  if (!other) return "";
  other.checked = true;
  return fieldset.dataset.moved.replace("{name}", one(".option-name", other.closest(".option")).textContent);
}
