import { createHash } from 'node:crypto';
import { PassThrough } from 'node:stream';
import type { Database } from '../../../database/database.js';
import type { Jobs } from '../../jobs/jobs.service.js';
import type { Quarantine, ReceivedFile } from '../../storage/quarantine.js';
import type { PlacedFile, StoredFiles } from '../../storage/stored-files.service.js';
import { describeReceived, type DescribedFile } from '../files/described-file.js';
import * as sql from './extraction.queries.js';

/** Messages in messages in messages: attachments of what is attached so deep stay inside. */
export const MAX_DEPTH = 3;
export const MAX_COUNT = 100;
export const MAX_BYTES = 100 * 1024 ** 2;

interface Attachment {
  described: DescribedFile;
  placed: PlacedFile;
}

/** What is attached to a message: received like an upload, and made documents when the message's text is complete. */
export class Attachments {
  private readonly found: Attachment[] = [];
  /** Programs, which are not made documents; they stay in the message. */
  refused = 0;
  private open: { name: string; declaredType: string; stream: PassThrough; received: Promise<ReceivedFile> } | undefined;

  constructor(
    private readonly tools: { database: Database; quarantine: Quarantine; stored: StoredFiles; jobs: Jobs },
    private readonly version: sql.VersionToRead,
  ) {}

  begin(name: string, declaredType: string): void {
    const stream = new PassThrough();
    const received = this.tools.quarantine.receive(stream, { maxBytes: MAX_BYTES, tooLarge: () => new Error('an attachment is larger than its reader may send') });
    received.catch(() => undefined); // it is awaited at its end
    this.open = { name, declaredType, stream, received };
  }

  async bytes(bytes: Buffer): Promise<void> {
    const { stream } = this.open!;
    if (!stream.write(bytes)) await new Promise((resolve) => stream.once('drain', resolve).once('close', resolve));
  }

  async end(): Promise<void> {
    const { stream, received, name, declaredType } = this.open!;
    this.open = undefined;
    stream.end();
    const file = await received;
    const described = await describeReceived(file, name, declaredType);
    if (described.refused === undefined) {
      this.found.push({ described, placed: await this.tools.stored.place(this.version.firmId, file) });
      return;
    }
    this.refused++;
    await this.tools.quarantine.discard(file);
  }

  /** In the transaction that ends the attempt: a document for each, beside the message, unless an earlier attempt made it. */
  async record(): Promise<void> {
    const { database, stored, jobs } = this.tools;
    const { documentId, versionId } = this.version;
    if (this.found.length === 0 || !(await database.first(sql.HOLD_DOCUMENT, [documentId]))) return;
    const made: string[] = [];
    for (const [index, { described: { fileName, mediaType, declaredType, nameMatches, title }, placed }] of this.found.entries()) {
      const child = derivedId(versionId, `document ${index}`);
      const version = derivedId(versionId, `version ${index}`);
      if ((await database.execute(sql.ADD_ATTACHMENT, [documentId, child, title])) === 0) {
        database.afterCommit(() => stored.withdraw(placed));
        continue;
      }
      const objectId = await stored.claim(placed);
      await database.execute(sql.ADD_ATTACHMENT_VERSION, [versionId, version, child, objectId, placed.sha256, placed.size, mediaType, declaredType, fileName, nameMatches]);
      await jobs.enqueue('documents.extract', { versionId: version }, { runAs: null });
      made.push(child);
    }
    await database.execute(sql.FOLLOW_INTO_TRASH, [documentId, made]);
  }

  /** Nothing came of it. */
  abandon(): void {
    this.open?.stream.destroy(new Error('abandoned'));
    for (const { placed } of this.found.splice(0)) this.tools.stored.withdraw(placed);
  }
}

/** Always the same id for the same attachment, so that taking the text out again makes no second one; a UUIDv7 of the version's own moment. */
export function derivedId(versionId: string, what: string): string {
  const hash = createHash('sha256').update(`${versionId} ${what}`).digest('hex');
  const variant = ((parseInt(hash[3]!, 16) & 3) | 8).toString(16);
  return `${versionId.slice(0, 14)}7${hash.slice(0, 3)}-${variant}${hash.slice(4, 7)}-${hash.slice(7, 19)}`;
}
