// The data files of the catalogue, as docs/finding.md describes them. Each is fetched once a page.

const dataFiles = new Map();

/** A data file. A failure is not remembered. */
export function dataFile(address) {
  if (!dataFiles.has(address)) {
    const asked = fetch(address).then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(`${answer.status} ${address}`))));
    asked.catch(() => dataFiles.delete(address));
    dataFiles.set(address, asked);
  }
  return dataFiles.get(address);
}

/** Forgets all files, so that the pointer is asked for anew: what an old one names may be gone. */
export function forgetDataFiles() {
  dataFiles.clear();
}

/** The card records of ordinals, in their order. */
export async function cardsOf(pointer, ordinals) {
  const shards = await Promise.all(ordinals.map((ordinal) => dataFile(pointer.cards[Math.floor(ordinal / pointer.shard)])));
  return ordinals.map((ordinal, place) => shards[place][ordinal % pointer.shard]);
}
