import type { Database } from '../../../database/database.js';
import type { JobContext } from '../../jobs/job-handler.js';
import { Chunker, type Chunk } from './chunker.js';
import { ADD_CHUNKS, type VersionToRead } from './extraction.queries.js';

/** So many at a time: a short transaction, and never more of a text in memory. */
const BATCH = 200;

/** This attempt counts no more: another has begun, or the version was purged. */
export class Superseded extends Error {}

/** Stores a version's text as it comes, in short transactions that each make sure that this attempt still counts. */
export class ChunkWriter {
  private readonly chunker = new Chunker();
  private waiting: Chunk[] = [];

  constructor(
    private readonly database: Database,
    private readonly job: JobContext,
    private readonly version: VersionToRead,
  ) {}

  get characters(): number {
    return this.chunker.characters;
  }

  async add(page: number | null, text: string): Promise<void> {
    this.waiting.push(...this.chunker.push(page, text));
    if (this.waiting.length >= BATCH) await this.store();
  }

  async end(): Promise<void> {
    this.waiting.push(...this.chunker.end());
    await this.store();
  }

  private async store(): Promise<void> {
    if (this.waiting.length === 0) return;
    const { versionId, attempt } = this.version;
    const rows = JSON.stringify(this.waiting);
    const stored = await this.job.write(() => this.database.execute(ADD_CHUNKS, [versionId, attempt, rows]));
    if (stored === 0) throw new Superseded();
    this.waiting = [];
  }
}
