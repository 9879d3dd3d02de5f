import type { Database } from '../../database/database.js';
import type { JobContext } from '../jobs/job-handler.js';
import * as sql from './full-text.queries.js';
import { languageOf, type Language } from './text/languages.js';
import { chunkLexemes, documentParts, factLexemes, firmMark, titleVector } from './text/lexemes.js';

/** Chunks at a time: analyzing them holds up the process for some ten milliseconds. */
const BATCH = 48;
/** How much of its neighbours a chunk is read with. */
const BEFORE = 60;
const AFTER = 300;

interface Chunk { ordinal: number; page: number | null; text: string }

/** Writes the index of versions from their text. Every step may be done again: what stands there is replaced. */
export class VersionIndexer {
  private readonly mark: string;

  constructor(private readonly database: Database, private readonly job: JobContext) {
    this.mark = firmMark(job.firmId);
  }

  /** Only what has changed since it was last indexed, unless `whole`. A version that is gone, or has no text yet, is left alone. */
  async index(versionId: string, { whole = false } = {}): Promise<void> {
    const version = await this.job.read(() => this.database.first<sql.VersionToIndex>(sql.VERSION_TO_INDEX, [versionId]));
    if (!version) return;
    const language = languageOf(version.language);
    const facts = factLexemes(this.mark, version, language);
    const title = titleVector(this.mark, version.title, language);
    if (!whole && version.indexedLanguage === version.language && version.indexedTextAt === version.textAt) {
      await this.job.write(() => this.database.first(sql.INDEX_FACTS, [versionId, title, facts]));
      return;
    }
    const indexed = await this.indexText(version, language);
    if (!indexed) return; // the job of the text that came meanwhile does it
    const { terms, count } = indexed;
    const parts = JSON.stringify(documentParts(this.mark, terms, facts));
    await this.job.write(() => this.database.first(sql.INDEX_VERSION, [versionId, version.language, version.textAt, count, title, parts]));
  }

  private async indexText({ versionId, textAt }: sql.VersionToIndex, language: Language): Promise<{ terms: Set<string>; count: number } | undefined> {
    const terms = new Set<string>();
    let before = '';
    let last: Chunk | undefined;
    let at = 0;
    for (;;) {
      this.job.signal.throwIfAborted();
      const read: Chunk[] = await this.job.read(() => this.database.query(sql.CHUNKS_TO_INDEX, [versionId, at, BATCH + 1]));
      const chunks = read.slice(0, BATCH);
      if (chunks.length === 0) break;
      const rows = chunks.map((chunk, i) => {
        const { text, ordinal } = chunk;
        const next = read[i + 1];
        const made = chunkLexemes(this.mark, { before: before + (last ? between(last, chunk) : ''), text, after: next ? between(chunk, next) + beginning(next.text) : '' }, language);
        before = ending(text);
        last = chunk;
        for (const term of made.terms) terms.add(term);
        return { ordinal, ...made };
      });
      const next = rows.at(-1)!.ordinal + 1;
      const values = [versionId, textAt, at, next, rows.map(({ ordinal }) => ordinal), rows.map(({ length }) => length), rows.map(({ vector }) => vector)];
      if ((await this.removed(values)) === null) return undefined;
      at = next;
      if (read.length <= BATCH) break;
    }
    // what an earlier, longer text left behind
    for (let removed: number | null = 1; removed !== 0;) {
      removed = await this.removed([versionId, textAt, at, null, [], [], []]);
      if (removed === null) return undefined;
    }
    return { terms, count: at };
  }

  private async removed(values: unknown[]): Promise<number | null> {
    return (await this.job.write(() => this.database.first<{ removed: number | null }>(sql.INDEX_CHUNKS, values)))!.removed;
  }
}

/** No word goes on from one page to the next; within a page one may, where a text has no blanks. */
const between = (one: Chunk, next: Chunk): string => (one.page === next.page ? '' : '\n');

/** Whole words at the end of a text. */
function ending(text: string): string {
  if (text.length <= BEFORE) return text;
  const cut = text.slice(-BEFORE);
  const blank = cut.search(/\s/);
  return blank < 0 ? '' : cut.slice(blank);
}

/** Whole words at its beginning. */
function beginning(text: string): string {
  return text.length <= AFTER ? text : text.slice(0, AFTER).replace(/\S*$/, '');
}
