import type { Language } from '../text/languages.js';
import { fold, tokenize, type Token } from '../text/tokens.js';

/** Fields that can be named before a colon, and the sign their lexemes carry. */
export const FIELDS = { title: '=', author: '@', tag: '#', type: '%' } as const;
export type Field = keyof typeof FIELDS;

/** `gap`: how far behind the word typed before it. */
export interface Word { kind: 'word'; term: string; field?: Field; gap?: number; text: string }
/** Begins a word; `stem`: or is the stem of one that does. */
export interface Prefix { kind: 'prefix'; prefix: string; stem: string; field?: Field; text: string }
/** Words in this order at these distances. `joined`: written as one word, not between quotes. */
export interface Phrase { kind: 'phrase'; words: { term: string; distance: number }[]; field?: Field; joined: boolean; gap?: number; text: string }
export interface Not { kind: 'not'; child: Node }
export interface And { kind: 'and'; children: Node[] }
export interface Or { kind: 'or'; children: Node[] }
export type Leaf = Word | Prefix | Phrase;
export type Node = Leaf | Not | And | Or;

export interface ParsedQuery {
  /** Absent: nothing to look for. */
  tree?: Node;
  warnings: string[];
  /** The query as it was understood. */
  interpretedAs: string;
}

const MOST_LEAVES = 48;

type Item =
  | { kind: 'open' | 'close' | 'or' | 'and' | 'minus' }
  | { kind: 'text'; text: string }
  | { kind: 'quoted'; text: string }
  | { kind: 'field'; field: Field };

/** Reads a query as people type it. It never fails: what cannot be understood is left out, with a warning. */
export function parseQuery(q: string, language: Language): ParsedQuery {
  const warnings: string[] = [];
  const items = itemsOf(q, warnings);
  const reader = new Reader(items, language, warnings);
  const tree = reader.read();
  return { ...(tree && { tree }), warnings: [...new Set(warnings)], interpretedAs: tree ? describe(tree) : '' };
}

const ITEM = /\s+|"([^"]*)("?)|[“”„«»]([^“”„«»]*)([“”„«»]?)|([()])|(\|{1,2})|(-)(?=[\p{L}\p{N}"“„«(§])|(title|author|tag|type):(?=[^\s)])|((?:[^\s"“”„«»()|]|(?<=[\p{L}\p{N}])\((?=[\p{L}\p{N}]{1,5}\))|(?<=\([\p{L}\p{N}]{1,5})\))+)|./giu;

function itemsOf(q: string, warnings: string[]): Item[] {
  const items: Item[] = [];
  const text = (word: string) => {
    const last = items.at(-1);
    if (last?.kind === 'text') last.text += ` ${word}`; // together: "410 U.S. 113" is one thing
    else items.push({ kind: 'text', text: word });
  };
  let glued = false; // to a field before it
  for (const match of q.matchAll(ITEM)) {
    const [whole, quoted, closing, curly, curlyClosing, paren, bar, minus, field, word] = match;
    if (/^\s/.test(whole)) {
      glued = false;
      continue;
    }
    if (quoted !== undefined || curly !== undefined) {
      if (!(closing || curlyClosing)) warnings.push('A quotation mark is missing; the phrase is read to the end.');
      items.push({ kind: 'quoted', text: quoted ?? curly! });
    } else if (paren) items.push({ kind: paren === '(' ? 'open' : 'close' });
    else if (bar || word === 'OR') items.push({ kind: 'or' });
    else if (word === 'AND') items.push({ kind: 'and' });
    else if (minus || word === 'NOT') items.push({ kind: 'minus' });
    else if (field) items.push({ kind: 'field', field: field.toLowerCase() as Field });
    else if (word && glued) items.push({ kind: 'text', text: word }, { kind: 'and' });
    else if (word) text(word);
    glued = field !== undefined || (minus !== undefined && whole === '-');
  }
  return items;
}

class Reader {
  private at = 0;
  private leaves = 0;
  private readonly tooCommon: string[] = [];

  constructor(private readonly items: Item[], private readonly language: Language, private readonly warnings: string[]) {}

  read(): Node | undefined {
    const parts: Node[] = [];
    while (this.at < this.items.length) {
      const part = this.alternatives(0);
      if (part) parts.push(part);
      if (this.items[this.at]?.kind === 'close') {
        this.warnings.push('A parenthesis is closed that was not opened; it is left out.');
        this.at++;
      }
    }
    const tree = join('and', parts);
    if (!tree && this.tooCommon.length > 0) this.warnings.push(`These words stand everywhere and are not looked for: ${this.tooCommon.join(', ').slice(0, 200)}`);
    return tree;
  }

  private alternatives(depth: number): Node | undefined {
    const parts: (Node | undefined)[] = [this.conjunction(depth)];
    while (this.items[this.at]?.kind === 'or') {
      this.at++;
      parts.push(this.conjunction(depth));
    }
    const known = parts.filter((part) => part !== undefined);
    if (parts.length > 1 && known.length < parts.length) this.warnings.push('OR stands between two things; one that stands alone is left out.');
    return join('or', known);
  }

  private conjunction(depth: number): Node | undefined {
    const parts: Node[] = [];
    for (;;) {
      const item = this.items[this.at];
      if (!item || item.kind === 'or' || item.kind === 'close') return join('and', parts);
      const part = this.unary(depth);
      if (part) parts.push(part);
    }
  }

  private unary(depth: number): Node | undefined {
    const item = this.items[this.at++]!;
    switch (item.kind) {
      case 'minus': {
        const next = this.items[this.at];
        if (!next || next.kind === 'or' || next.kind === 'close') return undefined;
        const child = next.kind === 'text' ? this.firstWord(next) : this.unary(depth);
        return child && (child.kind === 'not' ? child.child : { kind: 'not', child });
      }
      case 'open': return this.group(depth);
      case 'quoted': return this.phrase(item.text, undefined, false);
      case 'field': return this.fielded(item.field, depth);
      case 'text': return this.text(item.text);
      default: return undefined;
    }
  }

  /** -one two: only the first word is excluded. */
  private firstWord(item: { text: string }): Node | undefined {
    const space = item.text.indexOf(' ');
    const word = space < 0 ? item.text : item.text.slice(0, space);
    if (space < 0) this.at++;
    else item.text = item.text.slice(space + 1);
    return this.text(word);
  }

  private group(depth: number): Node | undefined {
    if (depth >= 20) {
      this.warnings.push('Parentheses are too deep inside each other; inner ones are left out.');
      return undefined;
    }
    const inside = this.alternatives(depth + 1);
    if (this.items[this.at]?.kind === 'close') this.at++;
    else this.warnings.push('A parenthesis is not closed; it is read to the end.');
    return inside;
  }

  private fielded(field: Field, depth: number): Node | undefined {
    const next = this.items[this.at];
    if (!next || next.kind === 'or' || next.kind === 'close' || next.kind === 'minus') return undefined;
    if (next.kind === 'quoted') {
      this.at++;
      return field === 'type' ? this.single(next.text, field) : this.phrase(next.text, field, false);
    }
    if (next.kind === 'text') {
      this.at++;
      return field === 'type' ? this.single(next.text, field) : this.text(next.text, field);
    }
    const inner = this.unary(depth);
    return inner && within(inner, field);
  }

  private single(text: string, field: Field): Node {
    this.leaves++;
    return { kind: 'word', term: fold(text.trim()), field, text };
  }

  /** Words side by side: all of them. What is written without a blank between is a phrase, and * at the end a beginning. */
  private text(text: string, field?: Field): Node | undefined {
    const parts: Node[] = [];
    let run: Token[] = [];
    let reached: number | undefined; // the last word that is looked for
    const close = () => {
      const leaf = this.leafOf(run, text, field);
      const first = run.find(({ term }) => term !== '');
      if (leaf) parts.push(reached === undefined || leaf.kind === 'prefix' ? leaf : { ...leaf, gap: first!.position - reached });
      reached = run.findLast(({ term }) => term !== '')?.position ?? reached;
      run = [];
    };
    for (const token of tokenize(text, this.language)) {
      const last = run.at(-1);
      if (last && (token.start > last.end + 3 || /[\s,;*]/.test(text.slice(last.end, token.start)))) close();
      run.push(token);
    }
    close();
    return join('and', parts);
  }

  private leafOf(run: Token[], text: string, field?: Field): Leaf | undefined {
    const [first] = run;
    if (!first) return undefined;
    const written = text.slice(first.start, run.at(-1)!.end);
    if (text[run.at(-1)!.end] === '*') {
      const prefix = fold(written).replace(/[^\p{L}\p{N}]/gu, '');
      if (run.length === 1 && prefix.length >= 2) return this.counted({ kind: 'prefix', prefix, stem: this.language.stem(prefix), ...(field && { field }), text: `${written}*` });
      this.warnings.push('* wants two letters before it; it is left out.');
    }
    return this.phraseOf(run, written, field, true);
  }

  private phrase(text: string, field: Field | undefined, joined: boolean): Leaf | undefined {
    return this.phraseOf(tokenize(text, this.language), text.trim(), field, joined);
  }

  private phraseOf(tokens: Token[], text: string, field: Field | undefined, joined: boolean): Leaf | undefined {
    const words: Phrase['words'] = [];
    let last: number | undefined;
    for (const { term, position } of tokens) {
      if (term === '') continue;
      words.push({ term, distance: last === undefined ? 0 : position - last });
      last = position;
    }
    if (words.length === 0) {
      if (tokens.length > 0) this.tooCommon.push(text);
      return undefined;
    }
    if (words.length > 1) return this.counted({ kind: 'phrase', words, ...(field && { field }), joined, text });
    return this.counted({ kind: 'word', term: words[0]!.term, ...(field && { field }), text });
  }

  private counted<T extends Leaf>(leaf: T): T | undefined {
    if (++this.leaves <= MOST_LEAVES) return leaf;
    this.warnings.push(`Only the first ${MOST_LEAVES} words are looked for.`);
    return undefined;
  }
}

function join(kind: 'and' | 'or', parts: Node[]): Node | undefined {
  const flat = parts.flatMap((part) => (part.kind === kind ? part.children : [part]));
  return flat.length > 1 ? { kind, children: flat } : flat[0];
}

function within(node: Node, field: Field): Node {
  if (node.kind === 'not') return { kind: 'not', child: within(node.child, field) };
  if (node.kind === 'and' || node.kind === 'or') return { kind: node.kind, children: node.children.map((child) => within(child, field)) };
  return { ...node, field: node.field ?? field };
}

/** The tree in words, fully bracketed where it must be. */
export function describe(node: Node, inside = false): string {
  if (node.kind === 'not') return `NOT ${describe(node.child, true)}`;
  if (node.kind === 'and' || node.kind === 'or') {
    const text = node.children.map((child) => describe(child, true)).join(node.kind === 'and' ? ' AND ' : ' OR ');
    return inside ? `(${text})` : text;
  }
  const text = node.kind === 'phrase' ? `"${node.text}"` : node.text;
  return node.field ? `${node.field}:${text}` : text;
}

/** The leaves that must or may be there, without those that must not. */
export function positiveLeaves(node: Node): Leaf[] {
  if (node.kind === 'not') return [];
  if (node.kind === 'and' || node.kind === 'or') return node.children.flatMap(positiveLeaves);
  return [node];
}
