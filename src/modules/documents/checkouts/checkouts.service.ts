import { Injectable } from '@nestjs/common';
import { notFound } from '../../../common/errors/problem.js';
import { newId } from '../../../common/ids.js';
import { Database } from '../../../database/database.js';
import { TELL_REASON } from '../../cases/cases.queries.js';
import { assertChanging } from '../../cases/case-standing.service.js';
import { NAME_OF } from '../../casework/casework.queries.js';
import { Notifications } from '../../notifications/notifications.service.js';
import { DEFAULT_MINUTES, type BreakCheckout, type CheckoutDto, type CheckOutDocument } from './checkouts.dto.js';
import * as errors from './checkouts.errors.js';
import * as sql from './checkouts.queries.js';

type Standing = CheckoutDto & { title: string };

/** Who works on a document. That nobody else makes a version meanwhile is the database's business; here it is said in words. */
@Injectable()
export class Checkouts {
  constructor(
    private readonly database: Database,
    private readonly notifications: Notifications,
  ) {}

  async get(documentId: string): Promise<CheckoutDto> {
    const { title: _, ...checkout } = await this.standing(documentId);
    return checkout;
  }

  /** By who has it already: it then ends that much later, counted from now. */
  async checkOut(documentId: string, { reason, expiresInMinutes = DEFAULT_MINUTES }: CheckOutDocument): Promise<CheckoutDto> {
    await this.lock(documentId);
    const { userId } = this.database;
    const { checkedOut } = await this.mine(documentId);
    if (checkedOut) await this.database.execute(sql.EXTEND_CHECKOUT, [documentId, expiresInMinutes, reason ?? null]);
    else {
      await this.database.batch([
        { text: sql.REMOVE_EXPIRED, values: [documentId] },
        { text: sql.INSERT_CHECKOUT, values: [documentId, newId(), userId, expiresInMinutes, reason ?? null] },
      ]);
    }
    return this.get(documentId);
  }

  /** The end of one's own, also of one that has expired meanwhile. */
  async checkIn(documentId: string): Promise<CheckoutDto> {
    await this.mine(documentId);
    if ((await this.database.execute(sql.REMOVE_OWN, [documentId, this.database.userId])) === 0) throw errors.notCheckedOut();
    return this.get(documentId);
  }

  /** Somebody else's end; he is told by whom and why, and so is the audit trail. */
  async break(documentId: string, { reason }: BreakCheckout): Promise<CheckoutDto> {
    const { checkedOutBy, title, caseId } = await this.standing(documentId);
    const { userId } = this.database;
    await this.database.query(TELL_REASON, [reason]);
    // he may have checked it in himself a moment ago, and it may be another's by now
    if (!checkedOutBy || (await this.database.execute(sql.REMOVE_RUNNING, [documentId, checkedOutBy.id])) === 0) throw errors.notCheckedOut();
    if (checkedOutBy.id !== userId) {
      const caller = await this.database.first<{ name: string }>(NAME_OF, [userId]);
      await this.notifications.notify({
        userId: checkedOutBy.id, kind: 'document', title: `${caller!.name} ended your check-out of “${title}”`, body: reason,
        subjectType: 'document', subjectId: documentId, caseId,
      });
    }
    return this.get(documentId);
  }

  /** 409 `checked_out` where somebody else has the document: for whoever is about to make a version. Takes no lock: the database looks again. */
  async assertFree(documentId: string): Promise<void> {
    await this.mine(documentId);
  }

  /** Ends the caller's own check-out, if he has one: with the version he makes. */
  async release(documentId: string): Promise<void> {
    await this.database.execute(sql.REMOVE_OWN, [documentId, this.database.userId]);
  }

  private async lock(documentId: string): Promise<void> {
    const document = await this.database.first<{ trashed: boolean; status: string }>(sql.LOCK_DOCUMENT, [documentId]);
    if (!document) throw notFound();
    assertChanging(document);
    if (document.trashed) throw errors.documentInTrash('Restore it first.');
  }

  private async mine(documentId: string): Promise<Standing> {
    const standing = await this.standing(documentId);
    const { checkedOutBy, since, expiresAt } = standing;
    if (!checkedOutBy || checkedOutBy.id === this.database.userId) return standing;
    throw errors.checkedOut({ detail: `${checkedOutBy.name} has it since ${when(since!)}, until ${when(expiresAt!)} at the latest.`, members: { checkedOutBy, since, expiresAt } });
  }

  private async standing(documentId: string): Promise<Standing> {
    const found = await this.database.first<Standing>(sql.CHECKOUT_OF, [documentId]);
    if (!found) throw notFound();
    return found;
  }
}

/** To the minute, in UTC. */
const when = (instant: string | Date): string => `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
