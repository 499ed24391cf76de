// Lists of ordinals as text; the writer is commerce_api/foundation/kit/searching/packing.py.

const DIGITS = "abcdefghijklmnopqrstuvwxyz012345ABCDEFGHIJKLMNOPQRSTUVWXYZ6789-_";
const VALUES = new Map([...DIGITS].map((digit, value) => [digit, value]));

/** The ordinals of a packed list (searching/packing.py). */
export function unpack(packed) {
  const ordinals = [];
  let before = -1;
  let at = 0;
  const number = () => {
    let value = 0;
    for (let unit = 1; ; unit *= 32) {
      const digit = VALUES.get(packed[at++]);
      value += (digit % 32) * unit;
      if (digit < 32) return value;
    }
  };
  while (at < packed.length) {
    const step = number();
    if (step) ordinals.push((before += step));
    else for (let left = number(); left; left--) ordinals.push((before += 1));
  }
  return ordinals;
}
