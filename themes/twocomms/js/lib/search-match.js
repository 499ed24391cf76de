// Finds products by what a person typed: exact words, beginnings, words alike, then typing errors; ranked. The figures and the
// order of steps are those of commerce_api/foundation/kit/searching/matching.py; a test compares both.

import { distance } from "./distance.js";
import { unpack } from "./packing.js";
import { otherLayout, readWords } from "./search-words.js";

const LONGEST = 80;
const MOST_WORDS = 6;
const MOST_BEGINNINGS = 40;
const SHORTEST_SWAPPED = 3;
const SHORTEST_BEGUN = 5;
const SURELY = 90;
const NEAR = [100, 60, 40];
const NEAR_BEGINNING = [100, 45, 30];

function better(meaning, stem, quality) {
  if (quality > (meaning.get(stem) || 0)) meaning.set(stem, quality);
}

async function plainly({ stem }, terms, rules) {
  const meaning = new Map();
  if (await terms.has(stem)) meaning.set(stem, 100);
  for (const other of rules.alike.get(stem) || []) if (await terms.has(other)) better(meaning, other, 90);
  if (stem.length > 1) {
    for (const longer of (await terms.beginning(stem)).slice(0, MOST_BEGINNINGS)) {
      better(meaning, longer, Math.max(40, 85 - 5 * (longer.length - stem.length)));
    }
  }
  if (stem.length > 2) {
    for (const [key, others] of rules.alike) {
      if (key === stem || !key.startsWith(stem)) continue;
      for (const other of others) if (await terms.has(other)) better(meaning, other, 70);
    }
  }
  return meaning;
}

async function nearly({ skeleton, stem }, terms, rules) {
  const allowed = skeleton.length >= 8 ? 2 : skeleton.length >= 4 ? 1 : 0;
  const meaning = new Map();
  if (!allowed || stem.length < 3 || /^\d+$/.test(stem)) return meaning;
  for (const other of await terms.named(stem)) {
    const errors = distance(stem, other, allowed);
    if (errors <= allowed) {
      better(meaning, other, NEAR[errors]);
    } else if (other.length > stem.length && stem.length >= SHORTEST_BEGUN) {
      const begun = distance(stem, other.slice(0, stem.length), allowed);
      if (begun <= allowed) better(meaning, other, NEAR_BEGINNING[begun]);
    }
  }
  for (const [key, others] of stem.length < SHORTEST_BEGUN ? [] : rules.alike) {
    if (distance(stem, key, allowed) > allowed) continue;
    for (const other of others) if (await terms.has(other)) better(meaning, other, NEAR[allowed] - 5);
  }
  return meaning;
}

async function eachMeaning(words, terms, rules, near) {
  const meanings = [];
  for (const word of words) {
    const exact = await plainly(word, terms, rules);
    meanings.push(near && !exact.size ? await nearly(word, terms, rules) : exact);
  }
  return meanings;
}

async function understood(words, piece, terms, rules) {
  const swapped = piece.length >= SHORTEST_SWAPPED ? otherLayout(piece, rules) : piece;
  const others = swapped === piece ? [] : readWords(swapped, rules);
  let typed = [];
  for (const near of [false, true]) {
    typed = await eachMeaning(words, terms, rules, near);
    if (typed.every((meaning) => meaning.size)) return [typed, ""];
    if (!others.length || (near && others.some(({ stem }) => stem.length < SHORTEST_BEGUN))) continue;
    const meant = await eachMeaning(others, terms, rules, near);
    if (meant.every((meaning) => meaning.size)) return [meant, swapped];
  }
  return [typed, ""];
}

function pairedPieces(query, rules) {
  const pieces = query.split(/\s+/u).filter(Boolean);
  const telling = (piece) => readWords(piece, rules).filter((word) => !rules.stop.has(word.skeleton));
  let kept = pieces.map((piece) => [telling(piece), piece]).filter(([words]) => words.length);
  if (!kept.length) {
    const any = (piece) => (readWords(piece, rules).length ? readWords(piece, rules) : readWords(otherLayout(piece, rules), rules));
    kept = pieces.map((piece) => [any(piece), piece]).filter(([words]) => words.length);
  }
  const paired = [];
  for (let at = 0; at < kept.length; at++) {
    const [words, piece] = kept[at];
    const next = kept[at + 1];
    const both = next ? readWords(`${piece} ${next[1]}`, rules) : [];
    if (both.length && both.length < words.length + next[0].length) {
      paired.push([both, `${piece} ${next[1]}`]);
      at++;
    } else {
      paired.push([words, piece]);
    }
  }
  return paired;
}

async function ranked(meanings, terms, weights) {
  const total = new Map();
  const words = new Map();
  for (const meaning of meanings) {
    const best = new Map();
    for (const [stem, quality] of meaning) {
      for (const place of (await terms.places(stem)).split(" ")) {
        const score = quality * weights[place[0]];
        for (const ordinal of unpack(place.slice(1))) if (score > (best.get(ordinal) || 0)) best.set(ordinal, score);
      }
    }
    for (const [ordinal, score] of best) {
      total.set(ordinal, (total.get(ordinal) || 0) + score);
      words.set(ordinal, (words.get(ordinal) || 0) + 1);
    }
  }
  const most = Math.max(0, ...new Set(words.values()));
  const chosen = [...total.keys()].filter((ordinal) => words.get(ordinal) === most);
  chosen.sort((one, other) => total.get(other) - total.get(one) || other - one);
  return [chosen, most > 0 && most === meanings.length];
}

/** `{ordinals, whole, readAs, stems}`: products, best first; whether they have all words; what was looked for instead of what was
 * typed; the stems that the query surely means. */
export async function findProducts(query, terms, rules, weights) {
  const meanings = [];
  const readings = [];
  let changed = false;
  for (const [words, piece] of pairedPieces([...query].slice(0, LONGEST).join(""), rules)) {
    const [chosen, other] = await understood(words, piece, terms, rules);
    meanings.push(...chosen);
    changed ||= Boolean(other);
    readings.push(other || piece);
  }
  if (!meanings.length) return { ordinals: [], whole: false, readAs: "", stems: new Set() };
  const [ordinals, whole] = await ranked(meanings.slice(0, MOST_WORDS), terms, weights);
  const sure = meanings.flatMap((meaning) => [...meaning].filter(([, quality]) => quality >= SURELY).map(([stem]) => stem));
  return { ordinals, whole, readAs: changed ? readings.join(" ") : "", stems: new Set(sure) };
}
