import type { Language } from './text/languages.js';
import { fold, tokenize, type Token } from './text/tokens.js';
import { positiveLeaves, type Node, type Phrase } from './query/parse.js';

/** Where in a text something that was asked for stands: UTF-16 units, the last one excluded. */
export interface Range {
  start: number;
  end: number;
}

export interface Excerpt {
  /** Where in the chunk it begins. */
  start: number;
  text: string;
  ranges: Range[];
  html: string;
}

const WIDTH = 280;
const MARGIN = 60;

/** Finds what a query asked for in texts; made once for an answer. */
export class Highlighter {
  private readonly words = new Set<string>();
  private readonly prefixes: string[] = [];
  private readonly phrases: Phrase['words'][] = [];

  constructor(tree: Node, private readonly language: Language, field?: 'title') {
    for (const leaf of positiveLeaves(tree)) {
      if (leaf.field && leaf.field !== field) continue;
      if (leaf.kind === 'word') this.words.add(leaf.term);
      else if (leaf.kind === 'prefix') {
        this.prefixes.push(leaf.prefix);
        this.words.add(leaf.stem);
      } else {
        this.phrases.push(leaf.words);
        if (leaf.joined) for (const { term } of leaf.words) this.words.add(term);
      }
    }
  }

  /** All places, in order; words that follow each other are one. */
  ranges(text: string): Range[] {
    return merge(this.found(tokenize(text, this.language), text), text);
  }

  /** The part of a text that says most about the query, or its beginning. */
  excerpt(text: string): Excerpt {
    const found = this.found(tokenize(text, this.language), text);
    const { start, end } = widen(text, bestWindow(found));
    const ranges = merge(found, text).filter((range) => range.start >= start && range.end <= end).map((range) => ({ start: range.start - start, end: range.end - start }));
    const cut = text.slice(start, end);
    return { start, text: cut, ranges, html: htmlOf(cut, ranges) };
  }

  private found(tokens: Token[], text: string): Token[] {
    const chosen = new Set<Token>();
    const looked = tokens.filter(({ term }) => term !== '');
    for (const token of looked) {
      if (this.words.has(token.term) || token.others?.some((other) => this.words.has(other))) chosen.add(token);
      else if (this.prefixes.length > 0) {
        const written = fold(text.slice(token.start, token.end));
        if (this.prefixes.some((prefix) => written.startsWith(prefix))) chosen.add(token);
      }
    }
    for (const phrase of this.phrases) {
      for (let i = 0; i + phrase.length <= looked.length; i++) {
        if (phrase.every(({ term, distance }, k) => stands(looked[i + k]!, term) && (k === 0 || looked[i + k]!.position - looked[i + k - 1]!.position === distance))) {
          for (let k = 0; k < phrase.length; k++) chosen.add(looked[i + k]!);
        }
      }
    }
    return tokens.filter((token) => chosen.has(token));
  }
}

const stands = (token: Token, term: string): boolean => token.term === term || (token.others?.includes(term) ?? false);

/** Where most different words stand close together, those side by side counting more. */
function bestWindow(found: Token[]): Range {
  let best: Range = { start: 0, end: 0 };
  let most = 0;
  for (let i = 0; i < found.length; i++) {
    const terms = new Set<string>();
    let worth = 0;
    let k = i;
    for (; k < found.length && found[k]!.end - found[i]!.start <= WIDTH - 2 * MARGIN + 60; k++) {
      const token = found[k]!;
      worth += terms.has(token.term) ? 0.2 : 2;
      if (k > i && token.position - found[k - 1]!.position <= 2 && token.term !== found[k - 1]!.term) worth += 1;
      terms.add(token.term);
    }
    if (worth > most) {
      most = worth;
      best = { start: found[i]!.start, end: found[k - 1]!.end };
    }
  }
  return best;
}

/** Some text on both sides, cut between words. */
function widen(text: string, { start, end }: Range): Range {
  const margin = Math.max(MARGIN, Math.floor((WIDTH - (end - start)) / 2));
  let from = Math.max(0, start - margin);
  let to = Math.min(text.length, Math.max(end + margin, from + WIDTH));
  if (from > 0) {
    const blank = text.slice(from, start).search(/\s/);
    from = blank < 0 ? start : from + blank + 1;
  }
  if (to < text.length) {
    const blank = text.slice(end, to).search(/\s\S*$/);
    to = blank < 0 ? Math.max(end, WIDTH > text.length ? text.length : end) : end + blank;
  }
  return { start: from, end: Math.max(to, from) };
}

function merge(tokens: Token[], text: string): Range[] {
  const ranges: Range[] = [];
  for (const { start, end } of tokens) {
    const last = ranges.at(-1);
    if (last && start - last.end <= 2 && !/[.;:!?]/.test(text.slice(last.end, start))) last.end = Math.max(last.end, end);
    else ranges.push({ start, end });
  }
  return ranges;
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string): string => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign]!);

function htmlOf(text: string, ranges: Range[]): string {
  let html = '';
  let at = 0;
  for (const { start, end } of ranges) {
    html += `${escape(text.slice(at, start))}<mark>${escape(text.slice(start, end))}</mark>`;
    at = end;
  }
  return html + escape(text.slice(at));
}
