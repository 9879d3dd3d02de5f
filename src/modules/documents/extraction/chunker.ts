/** A piece of a version's text. */
export interface Chunk {
  ordinal: number;
  /** From 1; null where the format has no pages. */
  page: number | null;
  /** Where it begins in the whole text, in characters as PostgreSQL counts them: one for each code point. */
  offset: number;
  text: string;
}

const SHORTEST = 1000;
const LONGEST = 2000;

/** Where a piece may end, the best place first. */
const ENDS = [/\n\n/g, /\n/g, /[.!?;:]["'’”)\]]*\s/g, /\s/g];

/**
 * Cuts a text that comes piece by piece into chunks that lie side by side: put together again they are the text. They
 * end where a reader would pause, and never reach across a page.
 */
export class Chunker {
  private page: number | null = null;
  private rest = '';
  private ordinal = 0;
  /** Characters handed out so far. */
  characters = 0;

  push(page: number | null, text: string): Chunk[] {
    const ready = page === this.page ? [] : this.end();
    this.page = page;
    this.rest += text;
    let from = 0;
    while (this.rest.length - from > LONGEST) {
      const to = from + cut(this.rest.slice(from, from + LONGEST));
      ready.push(this.chunk(this.rest.slice(from, to)));
      from = to;
    }
    this.rest = this.rest.slice(from);
    return ready;
  }

  /** What is left; the next push begins another page. */
  end(): Chunk[] {
    const text = this.rest;
    this.rest = '';
    return text === '' ? [] : [this.chunk(text)];
  }

  private chunk(text: string): Chunk {
    const chunk = { ordinal: this.ordinal++, page: this.page, offset: this.characters, text };
    this.characters += charactersOf(text);
    return chunk;
  }
}

/** How many characters PostgreSQL counts in a text: a surrogate pair is one. */
export const charactersOf = (text: string): number => text.length - (text.match(/[\ud800-\udbff]/g)?.length ?? 0);

/** How much of a full window goes into the chunk. */
function cut(window: string): number {
  for (const pattern of ENDS) {
    let end = 0;
    for (const match of window.matchAll(pattern)) end = match.index + match[0].length;
    if (end >= SHORTEST) return end;
  }
  const last = window.charCodeAt(LONGEST - 1);
  return last >= 0xd800 && last <= 0xdbff ? LONGEST - 1 : LONGEST;
}
