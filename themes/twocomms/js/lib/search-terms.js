// The words of the catalogue as they were built: in one file, or in files by the alphabet that are fetched when a search needs them.

const MOST_TERM_FILES = 3;

/** `after` the last letter that a stem can have. */
const END = "~";

/** Where words lead; `fetchJson(address)` gives the parsed file of an address. */
export class SearchTerms {
  constructor(head, fetchJson) {
    this.fetchJson = fetchJson;
    this.starts = (head.shards || [["", ""]]).map(([start]) => start);
    this.files = (head.shards || [["", ""]]).map(([, address]) => address);
    this.shards = head.terms ? [Promise.resolve(this.ordered(head.terms))] : [];
  }

  ordered(terms) {
    return { terms, stems: Object.keys(terms) };
  }

  shard(at) {
    this.shards[at] ??= this.fetchJson(this.files[at]).then((terms) => this.ordered(terms));
    return this.shards[at];
  }

  /** The place of the file that would hold a stem. */
  place(stem) {
    let at = this.starts.findLastIndex((start) => start <= stem);
    if (at < 0) at = 0;
    return at;
  }

  async has(stem) {
    return Object.hasOwn((await this.shard(this.place(stem))).terms, stem);
  }

  async places(stem) {
    return (await this.shard(this.place(stem))).terms[stem];
  }

  async beginning(start) {
    const found = [];
    const first = this.place(start);
    const last = Math.min(this.place(start + END), first + MOST_TERM_FILES - 1);
    for (let at = first; at <= last; at++) {
      const { stems } = await this.shard(at);
      found.push(...stems.filter((stem) => stem.startsWith(start)));
    }
    return found;
  }

  /** Stems that products are called by and that may be near: all of one file, else those with the same first letter in the nearest files. */
  async named(stem) {
    const middle = this.place(stem);
    const [low, high] = this.files.length > 1 ? [this.place(stem[0]), this.place(stem[0] + END)] : [0, 0];
    const found = [];
    for (const at of [middle, middle - 1, middle + 1]) {
      if (at < low || at > high) continue;
      const { terms, stems } = await this.shard(at);
      found.push(...stems.filter((other) => !/^\d/.test(other) && /(?:^| )[nkcm]/.test(terms[other])));
    }
    return found;
  }
}
