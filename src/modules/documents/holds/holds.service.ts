import { Injectable } from '@nestjs/common';
import { faultAt, notFound } from '../../../common/errors/problem.js';
import { assertFresh } from '../../../common/http/etag.js';
import { newId } from '../../../common/ids.js';
import { listPage } from '../../../common/pagination/list.js';
import type { Page } from '../../../common/pagination/page.js';
import { Database } from '../../../database/database.js';
import type { CreateHold, HoldDto, HoldsQuery, ReleaseHold, UpdateHold } from './holds.dto.js';
import * as errors from './holds.errors.js';
import * as sql from './holds.queries.js';

/**
 * Legal holds. What a hold keeps from happening is the database's business (migration 3020): here is who places and
 * releases one. Archived cases are held like others, and holds on them are placed and released.
 */
@Injectable()
export class Holds {
  constructor(private readonly database: Database) {}

  list(query: HoldsQuery): Promise<Page<HoldDto>> {
    return listPage<HoldDto>(this.database, sql.HOLD_LIST, query, sql.holdFilters(query));
  }

  get(id: string): Promise<HoldDto> {
    return this.one(sql.HOLD_BY_ID, id);
  }

  /** Waits for purges and moves in progress of what it is to hold, and is seen by all that come after it. */
  async create({ caseId, documentId, name, reason }: CreateHold): Promise<HoldDto> {
    const id = newId();
    // asked for whatever was sent: who may not ask at all is to hear that, and nothing of the request
    const target = await this.database.first<{ caseId: string }>(sql.HOLD_TARGET, [caseId ?? null, documentId ?? null]);
    if ((caseId === undefined) === (documentId === undefined)) throw errors.holdNeedsOne('Send either caseId or documentId.');
    if (!target) throw caseId === undefined ? faultAt(errors.unknownHeldDocument, '/documentId') : faultAt(errors.unknownCase, '/caseId');
    await this.database.execute(sql.INSERT_HOLD, [this.database.firmId, id, target.caseId, documentId ?? null, name, reason, this.database.userId]);
    return this.get(id);
  }

  async update(id: string, changes: UpdateHold): Promise<HoldDto> {
    await this.lockActive(id);
    const update = sql.updateHold(id, changes);
    if (update) await this.database.execute(update.text, update.values);
    return this.get(id);
  }

  /** For good: what was released is not taken back, a new hold is placed instead. */
  async release(id: string, { reason }: ReleaseHold): Promise<HoldDto> {
    await this.lockActive(id);
    await this.database.execute(sql.RELEASE_HOLD, [id, this.database.userId, reason]);
    return this.get(id);
  }

  /**
   * 409 `on_hold` with the names of the holds on these documents, their attachments or their cases, before something is
   * tried that the database would refuse. It takes no lock: a hold that is placed meanwhile is the database's to see.
   */
  async assertFree(documentIds: readonly string[]): Promise<void> {
    const holds = await this.database.query<{ id: string; name: string }>(sql.HOLDS_ON, [documentIds]);
    if (holds.length === 0) return;
    throw errors.onHold({ detail: `Held by ${holds.map(({ name }) => `“${name}”`).join(', ')}. Release the holds first.`, members: { holds } });
  }

  private async lockActive(id: string): Promise<HoldDto> {
    const hold = await this.one(sql.LOCK_HOLD, id);
    assertFresh(hold, hold);
    if (!hold.active) throw errors.holdReleased('Place a new one.');
    return hold;
  }

  private async one(text: string, id: string): Promise<HoldDto> {
    const hold = await this.database.first<HoldDto>(text, [id]);
    if (!hold) throw notFound();
    return hold;
  }
}
