// Amounts are whole kopiyky, written as on the pages: `1 299 ₴` with no-break spaces, kopiyky only when there are any.

const NO_BREAK = "\u00a0";

/** A finished amount for people. */
export function money(kopiyky) {
  const amount = Math.abs(kopiyky);
  const whole = String(Math.floor(amount / 100)).replace(/\B(?=(\d{3})+$)/g, NO_BREAK);
  const rest = amount % 100;
  return `${kopiyky < 0 ? "\u2212" : ""}${whole}${rest ? `,${String(rest).padStart(2, "0")}` : ""}${NO_BREAK}₴`;
}
