import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Environment } from '../../../config/environment.js';
import { Database } from '../../../database/database.js';
import { JobHandler, type JobContext } from '../../jobs/job-handler.js';
import { Jobs } from '../../jobs/jobs.service.js';
import { Quarantine } from '../../storage/quarantine.js';
import { StoredFiles } from '../../storage/stored-files.service.js';
import { Attachments, MAX_BYTES, MAX_COUNT, MAX_DEPTH } from '../extraction/attachments.js';
import { ChunkWriter, Superseded } from '../extraction/chunk-writer.js';
import * as sql from '../extraction/extraction.queries.js';
import { ReaderFault, type ReadingAnswer, type TextSink } from '../extraction/reader-process.js';
import { TextReaders } from '../extraction/text-readers.js';

/** Of these only the beginning is looked at: they have no text. */
const WITHOUT_TEXT = /^(image|audio|video|font)\//;
const HEAD_BYTES = 64 * 1024;

type Outcome = Pick<ReadingAnswer, 'reason' | 'pageCount' | 'truncated'> & { status: Exclude<ReadingAnswer['status'], 'fault'> | 'failed' };

/**
 * Takes the text out of a version. A run that breaks off leaves the status "extracting" and some chunks; the next one
 * begins from the start. Two at once do no harm: the one that began last counts. However it ends, it ends in a status.
 */
@JobHandler('documents.extract', { unit: 'own', concurrency: 2, leaseSeconds: 20, timeoutSeconds: 7200, maxAttempts: 4 })
export class ExtractJob implements JobHandler<{ versionId: string }> {
  constructor(
    private readonly database: Database,
    private readonly environment: Environment,
    private readonly readers: TextReaders,
    private readonly stored: StoredFiles,
    private readonly quarantine: Quarantine,
    private readonly jobs: Jobs,
  ) {}

  async handle({ versionId }: { versionId: string }, job: JobContext): Promise<void> {
    const version = await job.write(() => this.begin(versionId));
    if (!version) return; // purged meanwhile
    try {
      await this.extract(version, job);
    } catch (error) {
      if (error instanceof Superseded) return;
      job.signal.throwIfAborted();
      if (!job.lastAttempt) throw error;
      await this.finish(version, job, failed('The file could not be read back from where it is stored, or its text could not be stored.'), 0);
      throw error;
    }
  }

  private async begin(versionId: string): Promise<sql.VersionToRead | undefined> {
    const version = await this.database.first<sql.VersionToRead>(sql.BEGIN, [versionId]);
    if (version) await this.database.execute(sql.DELETE_CHUNKS, [versionId]);
    return version;
  }

  private async extract(version: sql.VersionToRead, job: JobContext): Promise<void> {
    if (version.size > this.environment.EXTRACT_MAX_FILE_MB * 1024 ** 2 && !WITHOUT_TEXT.test(version.mediaType)) {
      return this.finish(version, job, { ...failed(`Files of up to ${this.environment.EXTRACT_MAX_FILE_MB} MB are read; this one is kept, but larger.`), status: 'too_large' }, 0);
    }
    const text = new ChunkWriter(this.database, job, version);
    const { database, quarantine, stored, jobs } = this;
    const attachments = new Attachments({ database, quarantine, stored, jobs }, version);
    try {
      const outcome = await this.read(version, job, text, attachments);
      if (outcome.status === 'extracted') await text.end();
      await this.finish(version, job, withPrograms(outcome, attachments.refused), text.characters, attachments);
    } catch (error) {
      attachments.abandon();
      throw error;
    }
  }

  private async read(version: sql.VersionToRead, job: JobContext, text: ChunkWriter, attachments: Attachments): Promise<Outcome> {
    const sink: TextSink = {
      text: (page, piece) => text.add(page, piece),
      attachment: async (name, mediaType) => attachments.begin(name, mediaType),
      bytes: (bytes) => attachments.bytes(bytes),
      attachmentEnd: () => attachments.end(),
    };
    try {
      const answer = await this.readers.read({
        fetch: (path) => this.fetch(version, path),
        mediaType: version.mediaType, fileName: version.fileName, signal: job.signal,
        attachments: { made: version.repeated, wanted: version.depth < MAX_DEPTH, maxCount: MAX_COUNT, maxBytes: MAX_BYTES },
      }, sink);
      if (answer.status === 'fault') throw new Error(answer.reason ?? 'the file could not be read from disk');
      return { ...answer, status: answer.status };
    } catch (error) {
      // a file that breaks its reader twice is the reason for it; once may have been chance
      if (!(error instanceof ReaderFault) || (error.kind === 'crash' && job.attempt === 1)) throw error;
      return failed(error.message);
    }
  }

  /** The file as a path for the reading process, and proof that it is what was uploaded. */
  private async fetch(version: sql.VersionToRead, path: string): Promise<void> {
    const part = WITHOUT_TEXT.test(version.mediaType) && version.size > HEAD_BYTES;
    const hash = createHash('sha256');
    const hashing = new Transform({ transform: (bytes: Buffer, _, done) => (hash.update(bytes), done(null, bytes)) });
    await pipeline(await this.stored.open(version, part ? { start: 0, end: HEAD_BYTES - 1 } : undefined), hashing, createWriteStream(path, { mode: 0o600 }));
    if (!part && hash.digest('hex') !== version.sha256) throw new Error(`the stored object ${version.objectId} is not what was uploaded`);
  }

  /** The end of the attempt: its outcome, the documents that came of it, and the word to the search index, all or nothing. */
  private async finish(version: sql.VersionToRead, job: JobContext, { status, reason, pageCount, truncated }: Outcome, characters: number, attachments?: Attachments): Promise<void> {
    const complete = status === 'extracted';
    await job.write(async () => {
      const values = [version.versionId, version.attempt, status, reason?.slice(0, 2000) ?? null, pageCount, complete ? characters : null, truncated];
      if ((await this.database.execute(sql.FINISH, values)) === 0) throw new Superseded();
      if (!complete) await this.database.execute(sql.DELETE_CHUNKS, [version.versionId]);
      await attachments?.record();
      await this.jobs.enqueue('search.index', { versionId: version.versionId }, { runAs: null, uniqueKey: version.versionId });
    });
  }
}

const failed = (reason: string): Outcome => ({ status: 'failed', reason, pageCount: null, truncated: false });

const withPrograms = (outcome: Outcome, refused: number): Outcome => (refused === 0 ? outcome : {
  ...outcome, reason: [outcome.reason, `${refused} attachments are programs; they were not made documents of their own.`].filter(Boolean).join(' '),
});
