import { createHash } from 'node:crypto';
import type { Language } from './languages.js';
import { tokenize, type Token } from './tokens.js';

// What the index holds, all of it made here. A lexeme is the firm's mark, then
//   word          a stem, number or reference, with its positions
//   word~3        how much the passage is about the word, from 1 to 6: few passages stand where many have the word
//   word+word     two of the language's most common words, one behind the other
//   =word @word #tag %type   of the title, the author, the tags, the type: on the document only

/** Four letters that keep the lists of one firm's words apart from another's in the shared index; a collision costs time only. */
export function firmMark(firmId: string): string {
  return createHash('sha256').update(firmId).digest('hex').slice(0, 4);
}

/** BM25's constants, and the length of a passage at which the levels below are what they say. */
export const K1 = 1.2;
export const B = 0.75;
const USUAL_LENGTH = 150;
/** A word is on level n of a passage when it weighs as much as it would standing so often in one of usual length. */
const LEVELS = [2, 3, 4, 6, 8, 12].map((times) => weight(times, USUAL_LENGTH));
export const MOST_LEVEL = LEVELS.length;

function weight(times: number, length: number): number {
  return (times * (K1 + 1)) / (times + K1 * (1 - B + (B * length) / USUAL_LENGTH));
}

/** How far behind a chunk's end its phrases may reach. */
const TAIL_TOKENS = 24;
/** How far apart two words may stand to be a pair: a stop word or two between them. */
export const WIDEST_PAIR = 3;

export const pairOf = (a: string, b: string, distance: number): string => `${a}+${distance === 1 ? '' : distance}${b}`;

export interface ChunkLexemes {
  /** A tsvector as text. */
  vector: string;
  /** Words that can be looked for, repetitions counted. */
  length: number;
  terms: Set<string>;
}

/**
 * What a chunk is found by. `before` and `after` are the ends of its neighbours: a reference cut in two belongs to the
 * chunk it begins in, and so does a phrase. Words of `after` weigh nothing (D), the chunk's own count (A).
 */
export function chunkLexemes(mark: string, { before, text, after }: { before: string; text: string; after: string }, language: Language): ChunkLexemes {
  const tokens = tokenize(before + text + after, language);
  const end = before.length + text.length;
  const first = tokens.findIndex((token) => token.start >= before.length);
  const own = first < 0 ? [] : tokens.slice(first);
  const past = own.findIndex((token) => token.start >= end);
  const inside = past < 0 ? own.length : past;
  const places = new Map<string, number[]>();
  let length = 0;
  const shift = own[0] ? own[0].position - 1 : 0;
  const seen = own.slice(0, inside + TAIL_TOKENS);
  for (const [n, token] of seen.entries()) {
    if (token.term === '') continue;
    if (n < inside) length++;
    const place = (token.position - shift) * 2 + (n < inside ? 0 : 1);
    for (const term of token.others ? [token.term, ...token.others] : [token.term]) note(places, term, place);
  }
  return { vector: vectorOf(mark, places, pairsOf(seen, language), length), length, terms: ownTerms(places) };
}

function note(places: Map<string, number[]>, term: string, place: number): void {
  const known = places.get(term);
  if (!known) places.set(term, [place]);
  else if (known.length < 250 && known.at(-1) !== place) known.push(place);
}

function ownTerms(places: Map<string, number[]>): Set<string> {
  const terms = new Set<string>();
  for (const [term, at] of places) if (at.some((place) => place % 2 === 0)) terms.add(term);
  return terms;
}

function pairsOf(tokens: Token[], language: Language): Set<string> {
  const pairs = new Set<string>();
  let last: Token | undefined;
  for (const token of tokens) {
    if (token.term === '') continue;
    if (last && token.position - last.position <= WIDEST_PAIR && language.isCommon(last.term) && language.isCommon(token.term)) {
      pairs.add(pairOf(last.term, token.term, token.position - last.position));
    }
    last = token;
  }
  return pairs;
}

export const quoted = (lexeme: string): string => `'${lexeme.replace(/\\/g, '\\\\').replace(/'/g, "''")}'`;

function vectorOf(mark: string, places: Map<string, number[]>, pairs: Set<string>, length: number): string {
  const parts: string[] = [];
  for (const [term, at] of places) {
    parts.push(`${quoted(mark + term)}:${at.map((place) => `${place >> 1}${place % 2 === 0 ? 'A' : ''}`).join(',')}`);
    const times = at.length > 1 ? at.filter((place) => place % 2 === 0).length : 1;
    const level = levelOf(times, length);
    if (level > 0) parts.push(quoted(`${mark}${term}~${level}`));
  }
  for (const pair of pairs) parts.push(quoted(mark + pair));
  return parts.join(' ');
}

function levelOf(times: number, length: number): number {
  if (times < 2 && length > USUAL_LENGTH / 4) return 0;
  const reached = weight(times, length);
  let level = 0;
  while (level < LEVELS.length && reached >= LEVELS[level]! - 1e-9) level++;
  return level;
}

/** Words of a title, an author's name: as they are looked for, each once. */
export function wordsOf(text: string, language: Language): string[] {
  return [...new Set(tokenize(text, language).flatMap((token) => (token.term === '' ? [] : [token.term, ...(token.others ?? [])])))];
}

/** A title as a tsvector, so that its words and their order can be compared. */
export function titleVector(mark: string, title: string, language: Language): string {
  const places = new Map<string, number[]>();
  for (const token of tokenize(title, language)) {
    if (token.term !== '') for (const term of [token.term, ...(token.others ?? [])]) note(places, term, token.position * 2);
  }
  return [...places].map(([term, at]) => `${quoted(mark + term)}:${at.map((place) => `${place >> 1}A`).join(',')}`).join(' ');
}

export interface DocumentFacts {
  title: string;
  author: string | null;
  type: string;
  tags: readonly string[];
}

/** What a document is found by besides its text. */
export function factLexemes(mark: string, { title, author, type, tags }: DocumentFacts, language: Language): string[] {
  return [
    ...wordsOf(title, language).map((word) => `${mark}=${word}`),
    ...wordsOf(author ?? '', language).map((word) => `${mark}@${word}`),
    ...[type, ...type.split(/[\s_-]+/)].map((word) => `${mark}%${word.toLowerCase()}`),
    ...tags.flatMap((tag) => wordsOf(tag, language)).map((word) => `${mark}#${word}`),
  ];
}

/** A tsvector holds a megabyte of words at most; a document with more has several. */
const PART_BYTES = 900_000;

/** All lexemes of a document in as few parts as they fit; several carry a mark by which they are found. */
export function documentParts(mark: string, terms: Iterable<string>, facts: readonly string[]): string[][] {
  const parts: string[][] = [[]];
  let bytes = 0;
  for (const lexeme of new Set([...facts, ...Array.from(terms, (term) => mark + term)])) {
    bytes += Buffer.byteLength(lexeme) + 2;
    if (bytes > PART_BYTES) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)!.push(lexeme);
  }
  if (parts.length > 1) for (const part of parts) part.push(`${mark}!multi`);
  return parts;
}
