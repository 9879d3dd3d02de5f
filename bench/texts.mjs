// Texts like those of a law firm in everything that search costs: how often words stand, how long documents are, how words
// follow each other. The words themselves mean nothing.
import { COMMON_ENGLISH } from '../dist/modules/search/text/common-english.js';

/** The same numbers every time. */
export function dice(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const ONSETS = ['b', 'br', 'c', 'ch', 'd', 'f', 'fl', 'g', 'gr', 'h', 'k', 'l', 'm', 'n', 'p', 'pr', 'qu', 'r', 's', 'st', 't', 'tr', 'v', 'w', 'z'];
const CORES = ['a', 'e', 'i', 'o', 'u', 'ai', 'ea', 'io', 'ou'];
const ENDS = ['', 'n', 'r', 'l', 'm', 'x', 'k', 'nt', 'rd', 'sk', 'th'];

/** The most common words of English first, then made-up ones. */
export function vocabulary(size = 60_000) {
  const random = dice(11);
  const words = new Set(COMMON_ENGLISH);
  const pick = (list) => list[Math.floor(random() * list.length)];
  while (words.size < size) words.add(Array.from({ length: 2 + Math.floor(random() * 2.4) }, () => pick(ONSETS) + pick(CORES) + pick(ENDS)).join('').slice(0, 14));
  return [...words];
}

/** Draws words as Zipf and Mandelbrot found them distributed: rank r with a share like 1 / (r + 2.7). */
export function drawer(words, random) {
  const upto = new Float64Array(words.length);
  let sum = 0;
  for (let r = 0; r < words.length; r++) upto[r] = sum += 1 / (r + 2.7) ** 1.02;
  return () => {
    const at = random() * sum;
    let [low, high] = [0, words.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (upto[middle] < at) low = middle + 1;
      else high = middle;
    }
    return words[low];
  };
}

const TYPES = ['contract', 'letter', 'pleading', 'memo', 'email', 'exhibit', 'invoice', 'other'];

/** `short` documents of 2-3 KB and `long` ones of 60-200 KB in pages, spread over cases, types, authors and twenty-five years. */
export function* textsOf({ short, long, caseId, cases }) {
  const random = dice(29);
  const words = vocabulary();
  const draw = drawer(words, random);
  // every matter has words of its own, which come again and again in its documents
  const topic = (n) => words[600 + ((n * 7919) % (words.length - 600))];
  const every = Math.max(1, Math.floor(short / Math.max(long, 1)));
  for (let n = 0; n < short + long; n++) {
    const isLong = n % (every + 1) === every;
    const size = isLong ? 60_000 + random() * 140_000 : 2000 + random() * 1000;
    const own = Array.from({ length: isLong ? 40 : 6 }, (_, i) => topic(n * 31 + i));
    const parts = [];
    let length = 0;
    let sentence = 0;
    let page = 0;
    while (length < size) {
      const word = random() < 0.08 ? own[Math.floor(random() * own.length)] : random() < 0.01 ? String(Math.floor(random() * 90_000) + 100) : draw();
      const ends = ++sentence > 8 && random() < 0.08;
      parts.push(ends ? `${word}.` : word);
      if (ends) sentence = 0;
      length += word.length + 1;
      if (isLong && (page += word.length + 1) > 2500) {
        parts.push('\f');
        page = 0;
      }
    }
    yield {
      title: `${draw()} ${own[0]} ${draw()} ${own[1]}`, type: TYPES[Math.floor(random() ** 2 * TYPES.length)], author: `Author ${Math.floor(random() ** 2 * 60)}`,
      date: `${2000 + Math.floor(random() * 25)}-0${1 + Math.floor(random() * 9)}-1${Math.floor(random() * 9)}`, caseId: caseId(Math.floor(random() * cases)), text: parts.join(' '),
    };
  }
}
