// Words as they are compared: any spelling -> a skeleton of Latin letters -> its stem. The tables come with the search data;
// commerce_api/foundation/kit/searching/words.py does the same, step by step, and a test compares both.

/** The tables of the search data, ready for use. */
export function readyRules(plain) {
  const keys = [...plain.latin];
  const signs = [...plain.cyrillic];
  const alike = new Map();
  for (const [group, there] of plain.groups) {
    for (const stem of group) alike.set(stem, [...(alike.get(stem) || []), ...there.filter((other) => other !== stem)]);
  }
  return {
    ...plain,
    letters: new Map(Object.entries(plain.letters)),
    sizes: new Map(Object.entries(plain.sizes)),
    stop: new Set(plain.stop),
    joined: new Map(Object.entries(plain.joined)),
    toCyrillic: new Map(keys.map((key, at) => [key, signs[at]])),
    toLatin: new Map([...keys.map((key, at) => [signs[at], key]), ...Object.entries(plain.also)]),
    alike,
  };
}

/** Small plain Latin letters; what has none becomes a gap or stays what it is. */
function foldText(text, rules) {
  const latin = [...text.normalize("NFC").toLowerCase()].map((sign) => (rules.apostrophes.includes(sign) ? "" : rules.letters.get(sign) ?? sign));
  return latin.join("").normalize("NFKD").replace(/\p{M}/gu, "");
}

function shorterWord(word, rules) {
  const stays = (ending) => word.endsWith(ending) && word.length - ending.length >= rules.shortest;
  for (const [ending, instead] of rules.replaced) if (stays(ending)) return word.slice(0, -ending.length) + instead;
  const ending = rules.stripped.find(stays);
  return ending ? word.slice(0, -ending.length) : word;
}

function stemOf(skeleton, rules) {
  if (/\d$/.test(skeleton)) return skeleton;
  const plural = skeleton.endsWith("s") && skeleton.length > rules.shortest && rules.plural_after.includes(skeleton.at(-2));
  for (let word = plural ? skeleton.slice(0, -1) : skeleton; ; ) {
    const shorter = shorterWord(word, rules);
    if (shorter === word) return word;
    word = shorter;
  }
}

function joinedWords(words, rules) {
  const joined = [];
  for (const word of words) {
    const last = joined.at(-1);
    const pair = last && rules.joined.get(`${last.stem} ${word.stem}`);
    if (pair) joined[joined.length - 1] = { skeleton: last.skeleton + word.skeleton, stem: pair };
    else joined.push(word);
  }
  return joined;
}

/** The words of a text as `{skeleton, stem}`, without stop words unless nothing else is left, pairs that make one word joined. */
export function readWords(text, rules) {
  const words = (foldText(text, rules).match(/[a-z0-9]+/g) || []).map((spelled) => {
    const size = rules.sizes.get(spelled);
    if (size) return { skeleton: size, stem: size };
    const skeleton = rules.sounds.reduce((word, [sound, letter]) => word.replaceAll(sound, letter), spelled).replace(/([a-z])\1+/g, "$1");
    return { skeleton, stem: stemOf(skeleton, rules) };
  });
  const kept = words.filter((word) => !rules.stop.has(word.skeleton));
  return joinedWords(kept.length ? kept : words, rules);
}

/** What the same keys write on the other keyboard: `aenjkrf` -> `футолка`. The first letter of either alphabet tells which way. */
export function otherLayout(text, rules) {
  const small = [...text.toLowerCase()];
  const first = small.find((sign) => rules.toLatin.has(sign) || /[a-z]/.test(sign));
  if (!first) return text;
  const table = rules.toLatin.has(first) ? rules.toLatin : rules.toCyrillic;
  return small.map((sign) => table.get(sign) ?? sign).join("");
}
