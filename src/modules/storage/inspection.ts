import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import type { Actor } from '../../database/unit-of-work.js';
import * as sql from './inspection.queries.js';
import { OBJECT_STORE, objectKey, ObjectMissingError, partsOfKey, type ObjectStore, type StoredObject } from './object-store.js';

const ROWS_AT_ONCE = 500;
const READ_AT_ONCE = 4;
const FIRST = '00000000-0000-0000-0000-000000000000';

/** A stored object that is not what its row says. */
export interface Fault {
  key: string;
  reason: string;
  versions: { documentId: string; number: number; fileName: string }[];
}

export interface Orphan {
  key: string;
  size: number;
  modifiedAt: Date;
}

export interface Inspection {
  objects: number;
  bytes: number;
  missing: Fault[];
  corrupt: Fault[];
  /** In the store without a row: what a killed process left, or what is being uploaded right now. */
  orphaned: Orphan[];
  /** Not named as LexiFlow names things: somebody else's, never touched. */
  foreign: string[];
}

/** How far it has come, now and then. */
export type Report = (done: { objects: number; bytes: number }, all: { objects: number; bytes: number }) => void;

interface Row {
  id: string;
  sha256: string;
  size: number;
}

/** Compares rows and store, for the command line. It reads as the firm itself, in short flights; nothing is changed. */
@Injectable()
export class StorageInspection {
  constructor(
    private readonly database: Database,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
  ) {}

  /** Re-hashes every object. `actorOf` gives who may see a whole firm. */
  async inspect(actorOf: (firmId: string) => Actor, report: Report): Promise<Inspection> {
    const firms = await this.database.read({ kind: 'guest' }, () => this.database.query<{ firmId: string }>(sql.STORED_FIRMS));
    const result: Inspection = { objects: 0, bytes: 0, missing: [], corrupt: [], orphaned: [], foreign: [] };
    const all = { objects: 0, bytes: 0 };
    for (const { firmId } of firms) {
      const count = await this.database.read(actorOf(firmId), () => this.database.first<typeof all>(sql.OBJECT_COUNT));
      all.objects += count!.objects;
      all.bytes += count!.bytes;
    }
    for (const { firmId } of firms) {
      for await (const rows of this.rows(actorOf(firmId))) {
        for (let i = 0; i < rows.length; i += READ_AT_ONCE) {
          await Promise.all(rows.slice(i, i + READ_AT_ONCE).map((row) => this.check(firmId, row, actorOf(firmId), result)));
          report(result, all);
        }
      }
    }
    for await (const orphan of this.orphans(actorOf, (key) => result.foreign.push(key))) result.orphaned.push(orphan);
    return result;
  }

  /** What lies in the store and has no row. */
  async *orphans(actorOf: (firmId: string) => Actor, foreign: (key: string) => void = () => undefined): AsyncGenerator<Orphan> {
    let batch: StoredObject[] = [];
    for await (const object of this.store.list('')) {
      if (!partsOfKey(object.key)) foreign(object.key);
      else batch.push(object);
      if (batch.length < ROWS_AT_ONCE) continue;
      yield* await this.withoutRow(batch, actorOf);
      batch = [];
    }
    yield* await this.withoutRow(batch, actorOf);
  }

  /** Removes an orphan, having looked once more whether it is one. */
  async removeOrphan(orphan: Orphan, actorOf: (firmId: string) => Actor): Promise<boolean> {
    if ((await this.withoutRow([orphan], actorOf)).length === 0) return false;
    await this.store.remove(orphan.key);
    return true;
  }

  private async withoutRow(objects: readonly StoredObject[], actorOf: (firmId: string) => Actor): Promise<Orphan[]> {
    const known = new Set<string>();
    const firms = new Map<string, string[]>();
    for (const { key } of objects) {
      const { firmId, id } = partsOfKey(key)!;
      firms.set(firmId, [...(firms.get(firmId) ?? []), id]);
    }
    for (const [firmId, ids] of firms) {
      const rows = await this.database.read(actorOf(firmId), () => this.database.query<{ id: string }>(sql.OBJECTS_AMONG, [ids]));
      for (const { id } of rows) known.add(id);
    }
    return objects.filter(({ key }) => !known.has(partsOfKey(key)!.id));
  }

  private async *rows(actor: Actor): AsyncGenerator<Row[]> {
    for (let after = FIRST; ;) {
      const rows = await this.database.read(actor, () => this.database.query<Row>(sql.OBJECTS_AFTER, [after, ROWS_AT_ONCE]));
      if (rows.length > 0) yield rows;
      if (rows.length < ROWS_AT_ONCE) return;
      after = rows.at(-1)!.id;
    }
  }

  private async check(firmId: string, row: Row, actor: Actor, result: Inspection): Promise<void> {
    const key = objectKey({ firmId, ...row });
    const fault = await this.faultOf(key, row);
    result.objects++;
    result.bytes += row.size;
    // it may have been purged and swept since its row was read
    if (!fault || !(await this.database.read(actor, () => this.database.first(sql.STILL_STORED, [row.id])))) return;
    const versions = await this.database.read(actor, () => this.database.query<Fault['versions'][number]>(sql.VERSIONS_OF_OBJECT, [row.id]));
    result[fault.missing ? 'missing' : 'corrupt'].push({ key, reason: fault.reason, versions });
  }

  private async faultOf(key: string, row: Row): Promise<{ missing: boolean; reason: string } | undefined> {
    const hash = createHash('sha256');
    let size = 0;
    try {
      for await (const chunk of await this.store.open(key)) {
        hash.update(chunk as Buffer);
        size += (chunk as Buffer).length;
      }
    } catch (error) {
      if (error instanceof ObjectMissingError) return { missing: true, reason: 'it is not in the store' };
      return { missing: false, reason: `it cannot be read: ${(error as Error).message}` };
    }
    if (size !== row.size) return { missing: false, reason: `it has ${size} bytes instead of ${row.size}` };
    return hash.digest('hex') === row.sha256 ? undefined : { missing: false, reason: 'its content is not what was stored' };
  }
}
