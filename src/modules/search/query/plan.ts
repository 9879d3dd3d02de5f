import { pairOf, quoted, WIDEST_PAIR } from '../text/lexemes.js';
import type { Language } from '../text/languages.js';
import { FIELDS, positiveLeaves, type Leaf, type Node, type Phrase } from './parse.js';

/** What doors.search is asked: tsqueries as text, for documents (words of title or text) and for chunks. */
export interface SearchPlan {
  /** What documents that match fulfil, as a tsquery (null: see `exact`), and what a tsquery cannot say: phrases stand in chunks. */
  all: string | null;
  exact: Json | null;
  /** The whole query, for documents whose words stand in several rows. */
  tree: Json;
  phrases: { chunk: string; title: string; titles: string }[];
  /** What scores a chunk: each word's lexeme, as it is asked and as it is counted (null: a beginning of words). */
  terms: { q: string; title: string; term: string | null; prefix: string | null }[];
  /** All words of the query as one phrase, for what ranks first; null: one word, or not in one order. */
  whole: { chunk: string; title: string; pairs: boolean } | null;
  /** Words that one chunk or title should have together. */
  together: string | null;
  titles: string | null;
  /** What even a document with only some of the words must fulfil; null: nothing. */
  must: string | null;
  /** Nothing but words, so that a chunk or title with all of them is a match. */
  plain: boolean;
  /** Whether some of the words are better than none. */
  some: boolean;
  multi: string;
}
type Json = { and: Json[] } | { or: Json[] } | { not: Json } | { q: string } | { phrase: number };

/** Turns what was asked into what the index can answer. `mark`: the firm's. */
export function planQuery(tree: Node, mark: string, language: Language): SearchPlan {
  const phrases: SearchPlan['phrases'] = [];
  const leaf = (node: Leaf): Json => {
    if (node.kind !== 'phrase' || node.field) return { q: documentQuery(node, mark) };
    phrases.push({ chunk: chunkPhrase(node.words, mark, language), title: phraseQuery(node.words, mark), titles: node.words.map(({ term }) => quoted(`${mark}=${term}`)).join(' & ') });
    return { phrase: phrases.length - 1 };
  };
  const json = (node: Node): Json => {
    if (node.kind === 'not') return { not: json(node.child) };
    if (node.kind === 'and') return { and: node.children.map(json) };
    return node.kind === 'or' ? { or: node.children.map(json) } : leaf(node);
  };
  const conditions = tree.kind === 'and' ? tree.children : [tree];
  const soft = conditions.filter((node): node is Leaf => isSoft(node));
  const hard = conditions.filter((node) => !isSoft(node));
  const trees = conditions.map(json);
  const exact = trees.filter((_, i) => hasPhrase(conditions[i]!));
  const plain = positiveLeaves(tree).filter((node) => !node.field);
  const together = conjunctive(tree) ? plain.flatMap((node) => chunkWords(node, mark)) : [];
  const whole = wholePhrase(soft.length === conditions.length ? soft : [], mark, language);
  const unique = [...new Set(together)];
  return {
    // a phrase in a chunk needs no look at the document's words
    all: conjunction(conditions.filter((node) => node.kind !== 'phrase' || node.field).map((node) => superset(node, mark))),
    exact: exact.length > 0 ? { and: exact } : null, tree: { and: trees }, phrases, terms: termsOf(plain, mark), whole,
    together: unique.length > 0 ? unique.join(' & ') : null,
    titles: unique.length > 0 ? unique.map((word) => word.replace(/^'..../, (start) => `${start}=`)).join(' & ') : null,
    must: hard.length > 0 ? conjunction(hard.map((node) => superset(node, mark))) : null,
    plain: conditions.every((node) => node.kind === 'word' && !node.field),
    some: soft.length > 1 || (soft.length === 1 && soft[0]!.kind === 'phrase'),
    multi: quoted(`${mark}!multi`),
  };
}

/** Plain words are wished for; what is quoted, excluded, grouped or in a field is demanded. */
const isSoft = (node: Node): boolean => (node.kind === 'word' || node.kind === 'prefix' || (node.kind === 'phrase' && node.joined)) && !node.field;

const conjunctive = (node: Node): boolean => node.kind !== 'or' && (node.kind !== 'and' || node.children.every((child) => child.kind !== 'or' && child.kind !== 'and'));

function conjunction(parts: (string | null)[]): string | null {
  const known = parts.filter((part) => part !== null);
  return known.length > 0 ? known.map((part) => `(${part})`).join(' & ') : null;
}

const hasPhrase = (node: Node): boolean =>
  node.kind === 'not' ? hasPhrase(node.child) : node.kind === 'and' || node.kind === 'or' ? node.children.some(hasPhrase) : node.kind === 'phrase' && !node.field;

/** A tsquery over a document's words that no match fails, and, where there is no phrase, only matches pass; null: anything may match. */
function superset(node: Node, mark: string): string | null {
  if (node.kind === 'not') return hasPhrase(node.child) ? null : `!(${superset(node.child, mark)})`;
  if (node.kind === 'and') return conjunction(node.children.map((child) => superset(child, mark)));
  if (node.kind === 'or') {
    const parts = node.children.map((child) => superset(child, mark));
    return parts.includes(null) ? null : parts.map((part) => `(${part})`).join(' | ');
  }
  return documentQuery(node, mark);
}

/** One leaf over a document's words: in its text or title, or in the field that is named. */
function documentQuery(node: Leaf, mark: string): string {
  const signs = node.field ? [FIELDS[node.field]] : ['', '='];
  const either = (make: (sign: string) => string[]) => `(${signs.flatMap(make).join(' | ')})`;
  if (node.kind === 'word') return either((sign) => [quoted(mark + sign + node.term)]);
  if (node.kind === 'prefix') return either((sign) => beginnings(mark + sign, node));
  return `(${node.words.map(({ term }) => either((sign) => [quoted(mark + sign + term)])).join(' & ')})`;
}

const beginnings = (start: string, { prefix, stem }: { prefix: string; stem: string }): string[] =>
  [`${quoted(start + prefix)}:*`, ...(prefix.startsWith(stem) && stem !== prefix ? [quoted(start + stem)] : [])];

function chunkWords(node: Leaf, mark: string): string[] {
  if (node.kind === 'word') return [quoted(mark + node.term)];
  if (node.kind === 'prefix') return [];
  return node.words.map(({ term }) => quoted(mark + term));
}

function termsOf(leaves: Leaf[], mark: string): SearchPlan['terms'] {
  const terms = new Map<string, SearchPlan['terms'][number]>();
  for (const node of leaves) {
    if (node.kind === 'prefix') {
      const q = beginnings(mark, node).join(' | ');
      terms.set(q, { q, title: beginnings(`${mark}=`, node).join(' | '), term: null, prefix: node.prefix });
    } else {
      for (const term of node.kind === 'word' ? [node.term] : node.words.map((word) => word.term)) terms.set(term, { q: quoted(mark + term), title: quoted(`${mark}=${term}`), term, prefix: null });
    }
  }
  return [...terms.values()];
}

const phraseQuery = (words: Phrase['words'], mark: string): string =>
  words.map(({ term, distance }, i) => `${i === 0 ? '' : ` <${distance}> `}${quoted(mark + term)}`).join('');

/** A phrase in a chunk; pairs of common words narrow it down before places are compared. */
function chunkPhrase(words: Phrase['words'], mark: string, language: Language): string {
  const pairs = pairsIn(words, language).map((pair) => ` & ${quoted(mark + pair)}`);
  return `(${phraseQuery(words, mark)})${pairs.join('')}`;
}

function pairsIn(words: Phrase['words'], language: Language): string[] {
  return words.flatMap(({ term, distance }, i) => {
    const before = words[i - 1]?.term;
    return before !== undefined && distance <= WIDEST_PAIR && language.isCommon(before) && language.isCommon(term) ? [pairOf(before, term, distance)] : [];
  });
}

/** Words as they were typed, one behind the other. */
function wholePhrase(soft: Leaf[], mark: string, language: Language): SearchPlan['whole'] {
  if (soft.some(({ kind }) => kind === 'prefix')) return null;
  const words = soft.flatMap((node) => (node.kind === 'word' ? [{ term: node.term, distance: node.gap ?? 1 }]
    : (node as Phrase).words.map((word, i) => ({ ...word, distance: i === 0 ? (node as Phrase).gap ?? 1 : word.distance }))));
  if (words.length < 2 || words.length > 40) return null;
  return { chunk: chunkPhrase(words, mark, language), title: phraseQuery(words, mark), pairs: pairsIn(words, language).length === words.length - 1 };
}
