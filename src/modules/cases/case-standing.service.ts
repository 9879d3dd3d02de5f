import { Injectable } from '@nestjs/common';
import { notFound } from '../../common/errors/problem.js';
import { Database } from '../../database/database.js';
import { caseArchived } from './cases.errors.js';
import { CASE_STANDING } from './cases.queries.js';

/** For whatever stands under a case: whether it is there for the caller, and whether it may change. One statement each. */
@Injectable()
export class CaseStanding {
  constructor(private readonly database: Database) {}

  /** 404 where the caller does not see it: an empty list of a case that is not there would say that it is. */
  async assertVisible(caseId: string): Promise<void> {
    await this.standing(caseId);
  }

  /** 404 as above, and 409 `case_archived`. Holds as of now: it takes no lock. */
  async assertChanging(caseId: string): Promise<void> {
    assertChanging(await this.standing(caseId));
  }

  private async standing(caseId: string): Promise<{ status: string }> {
    const found = await this.database.first<{ status: string }>(CASE_STANDING, [caseId]);
    if (!found) throw notFound();
    return found;
  }
}

/** Archived cases keep what stands on them as it is; for a case that was read already. */
export function assertChanging({ status }: { status: string }): void {
  if (status === 'archived') throw caseArchived('Restore the case first.');
}
