/** Letters to add, drop, change or swap to get from one word to the other; `most + 1` for more. */
export function distance(one, other, most) {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let before = [];
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    const now = [i];
    for (let j = 1; j <= other.length; j++) {
      let cost = Math.min(row[j] + 1, now[j - 1] + 1, row[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) cost = Math.min(cost, before[j - 2] + 1);
      now.push(cost);
    }
    if (Math.min(...now) > most) return most + 1;
    before = row;
    row = now;
  }
  return Math.min(row.at(-1), most + 1);
}
