import { AsyncLocalStorage } from 'node:async_hooks';
import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { newId } from '../../common/ids.js';
import { LOGGER, type Logger } from '../../common/logging/logger.js';
import { Database } from '../../database/database.js';
import { OBJECT_STORE, objectKey, type ByteRange, type FileAtHand, type ObjectStore } from './object-store.js';
import * as sql from './stored-files.queries.js';

/** Bytes that are in the store under a key of their own and belong to no row yet. */
export interface PlacedFile {
  firmId: string;
  /** Id of the row they get, unless another one with the same bytes stands already. */
  id: string;
  sha256: string;
  size: number;
}

/** A stored file as a version refers to it. */
export interface ObjectRef {
  firmId: string;
  objectId: string;
  sha256: string;
}

const ATTEMPTS = 20;

/** What follows an answer belongs to no request and no unit. */
const outside = AsyncLocalStorage.snapshot() as <T>(work: () => T) => T;

/**
 * The way of bytes into the store and out of it (docs/decisions/0007):
 *
 *     const placed = await stored.place(firmId, file);             // no unit is open
 *     await database.write(..., async () => {
 *       const objectId = await stored.claim(placed);               // the row, or that of the same bytes stored before
 *       ...insert the version that refers to it...
 *     });
 *
 * Bytes are always placed, also where the firm has the same ones: who measures the time learns nothing of what hidden
 * cases hold. When the transaction fails for good, `withdraw`; what a killed process leaves is an orphan for storage:sweep.
 */
@Injectable()
export class StoredFiles {
  constructor(
    private readonly database: Database,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Puts the bytes under a new key; the file is gone from its place afterwards. Never inside a unit: it may take minutes. */
  async place(firmId: string, file: FileAtHand): Promise<PlacedFile> {
    const placed: PlacedFile = { firmId, id: newId(), sha256: file.sha256, size: file.size };
    await this.store.put(objectKey(placed), file);
    return placed;
  }

  /** In the transaction that records who refers to them: the id of the object with these bytes. May be repeated. */
  async claim(placed: PlacedFile): Promise<string> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      if ((await this.database.query(sql.INSERT_OBJECT, [placed.firmId, placed.id, placed.sha256, placed.size])).length > 0) return placed.id;
      const twin = await this.database.first<{ id: string }>(sql.HOLD_OBJECT, [placed.sha256, placed.size]);
      if (!twin) continue; // it was marked for removal in this very moment: its place is free now
      if (twin.id !== placed.id) this.database.afterCommit(() => this.withdraw(placed));
      return twin.id;
    }
    throw new Error(`the object ${placed.sha256} could neither be made nor joined`);
  }

  /** Removes placed bytes whose row was surely never made; not awaited, and no error: what stays is an orphan. */
  withdraw(placed: PlacedFile): void {
    void outside(() => this.store.remove(objectKey(placed)))
      .catch((error: unknown) => this.log.warn({ err: error, object: placed.id }, 'an unused object could not be removed; storage:sweep will'));
  }

  /** The bytes of a stored file. Throws ObjectMissingError before the first byte. */
  open(ref: ObjectRef, range?: ByteRange): Promise<Readable> {
    return this.store.open(objectKey({ firmId: ref.firmId, id: ref.objectId, sha256: ref.sha256 }), range);
  }
}
