import { referenceAt, type Reference } from './references.js';
import type { Language } from './languages.js';

/** One word, number or reference of a text. Offsets count UTF-16 units of the text as it was given. */
export interface Token {
  /** What it is looked for as; empty for a word too common to be. */
  term: string;
  /** What it is found by as well: "§ 1983(a)" by "§ 1983", an e-mail address by its parts. */
  others?: string[];
  start: number;
  end: number;
  position: number;
}

const LONGEST = 64;

/** Lower case without accents; ligatures and full-width letters as plain ones. */
export function fold(word: string): string {
  // eslint-disable-next-line no-control-regex
  if (/^[\x00-\x7f]*$/.test(word)) return word.toLowerCase();
  return word.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').toLowerCase().replace(/ß/g, 'ss').replace(/ø/g, 'o').replace(/æ/g, 'ae').replace(/œ/g, 'oe').replace(/ł/g, 'l');
}

// In the order in which they are tried: addresses; letters with points or strokes between (U.S., d/b/a); numbers; words; § signs.
const ADDRESS = String.raw`[\p{L}\p{N}][\p{L}\p{N}._%+-]*@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+`;
const INITIALS = String.raw`(?<![\p{L}\p{N}])(?:\p{L}\.){2,}(?:\p{L}(?![\p{L}\p{N}]))?|(?<![\p{L}\p{N}])\p{L}(?:\/\p{L})+(?![\p{L}\p{N}])`;
const NUMBER = String.raw`\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\p{L}\p{N}])|\d+(?:\.\d+)+(?![\p{L}\p{N}])`;
const WORD = String.raw`[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:['’][\p{L}\p{N}][\p{L}\p{N}\p{M}]*)*`;
const REST = `${INITIALS}|${NUMBER}|${WORD}|§+`;
// scripts that are written without blanks: every character is a word, and words are phrases
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const UNSPACED_PARTS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]\p{M}*|[^\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]+/gu;

/** The tokens of a text, in order. The same for what is indexed, what is asked and what is highlighted. */
export function tokenize(text: string, language: Language): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  const add = (term: string, start: number, end: number, others?: string[]) => {
    const token: Token = { term: term.length > LONGEST ? term.slice(0, LONGEST) : term, start, end, position: ++position };
    if (others) token.others = others;
    tokens.push(token);
  };
  // looking for an address at every word takes as long as all the rest
  const pattern = new RegExp(text.includes('@') ? `${ADDRESS}|${REST}` : REST, 'gu');
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const word = match[0];
    const start = match.index;
    const reference = mayRefer(word) ? referenceAt(text, start) : undefined;
    if (reference) {
      addReference(add, reference, language);
      pattern.lastIndex = Math.max(reference.end, pattern.lastIndex);
      if (reference.end < start + word.length) pattern.lastIndex = reference.end;
    } else if (word.charCodeAt(0) !== 0xa7) {
      addWord(add, word, start, language);
    }
  }
  return tokens;
}

type Add = (term: string, start: number, end: number, others?: string[]) => void;

/** Only what begins like a reference is looked at more closely. */
const mayRefer = (word: string): boolean => {
  const first = word.charCodeAt(0);
  return first === 0xa7 || (first >= 48 && first <= 57 && word.length < 6) || ((first === 83 || first === 115) && word.length < 9 && /^sec(tions?|s)?$/i.test(word));
};

function addReference(add: Add, { terms, start, end, word }: Reference, language: Language): void {
  const others = [...terms.slice(1), ...(word ? [language.stem(word)] : [])];
  add(terms[0]!, start, end, others.length > 0 ? others : undefined);
}

function addWord(add: Add, word: string, start: number, language: Language): void {
  const end = start + word.length;
  if (/^[A-Za-z]{1,64}$/.test(word)) {
    const lower = word.toLowerCase();
    return add(language.isStop(lower) ? '' : language.stem(lower), start, end);
  }
  if (word.includes('@')) return addAddress(add, word, start, language);
  if (/^\d[\d,.]*$/.test(word)) return add(word.replace(/,/g, '').replace(/^(\d+)\.0+$/, '$1'), start, end);
  if (/^\p{L}[./]/u.test(word)) return add(fold(word.replace(/[./]/g, '')), start, end);
  if (UNSPACED.test(word)) {
    for (const part of word.matchAll(UNSPACED_PARTS)) add(fold(part[0]), start + part.index, start + part.index + part[0].length);
    return;
  }
  if (language.elides && /['’]/.test(word)) {
    const at = word.search(/['’]/);
    addPlain(add, word.slice(0, at), start, language);
    return addWord(add, word.slice(at + 1), start + at + 1, language);
  }
  addPlain(add, word, start, language);
}

function addPlain(add: Add, word: string, start: number, language: Language): void {
  const folded = fold(word).replace(/['’]s$/, '').replace(/['’]/g, '');
  add(language.isStop(folded) ? '' : language.stem(folded.slice(0, LONGEST)), start, start + word.length);
}

function addAddress(add: Add, address: string, start: number, language: Language): void {
  const parts = fold(address).split(/[^\p{L}\p{N}]+/u).filter(Boolean).map((part) => language.stem(part));
  add(fold(address), start, start + address.length, [...new Set(parts)]);
}
