import { Injectable } from '@nestjs/common';
import { faultAt } from '../../../common/errors/problem.js';
import { Database } from '../../../database/database.js';
import type { CaseDto } from '../cases.dto.js';
import * as errors from '../cases.errors.js';
import * as sql from '../cases.queries.js';
import { Cases } from '../cases.service.js';
import { allowedFrom, transitionBy, type Command } from '../cases.states.js';

export interface Step {
  reason?: string | undefined;
  openedOn?: string | undefined;
  closedOn?: string | undefined;
}

/**
 * One step in the life of a case, as cases.states.ts allows it; the reason goes into the audit trail with the change.
 * Errors: transition_not_allowed (names the allowed ones), reason_required, closed_before_opened.
 */
@Injectable()
export class MoveCaseCommand {
  constructor(
    private readonly database: Database,
    private readonly cases: Cases,
  ) {}

  async run(id: string, command: Command, step: Step = {}): Promise<CaseDto> {
    const { status } = await this.cases.lock(id);
    return this.move(id, status, command, step);
  }

  /** For a command that has locked the case and looked at more before. */
  async move(id: string, status: string, command: Command, { reason, openedOn, closedOn }: Step): Promise<CaseDto> {
    const to = this.assertAllowed(status, command, reason);
    const update = { text: sql.MOVE_CASE, values: [this.database.firmId, id, to, openedOn ?? null, closedOn ?? null] };
    await this.database.batch(reason === undefined ? [update] : [{ text: sql.TELL_REASON, values: [reason] }, update]);
    return this.cases.get(id);
  }

  /** Where the command leads from here. */
  assertAllowed(status: string, command: Command, reason?: string): string {
    const transition = transitionBy(command, status);
    if (!transition) {
      const allowedTransitions = allowedFrom(status);
      const detail = `From ${status} a case can ${allowedTransitions.map((step) => step.command).join(', ')}.`;
      throw errors.transitionNotAllowed({ detail, members: { caseStatus: status, allowedTransitions } });
    }
    if (transition.needsReason && reason === undefined) throw faultAt(errors.reasonRequired, '/reason');
    return transition.to;
  }
}
