import { Injectable } from '@nestjs/common';
import { faultAt } from '../../../common/errors/problem.js';
import { currentRequest } from '../../../common/http/request-context.js';
import { Database } from '../../../database/database.js';
import * as errors from '../cases.errors.js';
import { Cases } from '../cases.service.js';
import { GOES_ON, STANDS_OPEN } from '../closing-checks.queries.js';
import type { CloseCase, ClosedCaseDto, ClosingNoticeDto, StandsOpenDto } from '../closing.dto.js';
import { MoveCaseCommand } from './move-case.command.js';

/**
 * Closes a case when nothing stands open, or when what does is named and a reason given. The dry run closes it for show
 * and lists what stands open, acknowledged or not.
 * Errors: transition_not_allowed, case_stands_open (with standsOpen), reason_required, closed_before_opened.
 */
@Injectable()
export class CloseCaseCommand {
  constructor(
    private readonly database: Database,
    private readonly cases: Cases,
    private readonly moves: MoveCaseCommand,
  ) {}

  async run(id: string, { closedOn, acknowledge = [], reason }: CloseCase): Promise<ClosedCaseDto> {
    const { status } = await this.cases.lock(id);
    this.moves.assertAllowed(status, 'close', reason);
    const standsOpen = await this.database.query<StandsOpenDto>(STANDS_OPEN, [id]);
    if (!currentRequest()?.dryRun) {
      const left = standsOpen.filter(({ name }) => !acknowledge.includes(name));
      if (left.length > 0) {
        throw errors.caseStandsOpen({
          detail: `Finish it, or send acknowledge: ${JSON.stringify(standsOpen.map(({ name }) => name))} with a reason.`,
          errors: left.map(({ name, title, count }) => ({ pointer: '/acknowledge', code: name, message: `${title}: ${count}` })),
          members: { standsOpen },
        });
      }
      if (standsOpen.length > 0 && reason === undefined) throw faultAt(errors.reasonRequired, '/reason', 'What stays open wants a reason');
    }
    const notices = await this.database.query<ClosingNoticeDto>(GOES_ON, [id]);
    return { ...(await this.moves.move(id, status, 'close', { closedOn, reason })), standsOpen, notices };
  }
}
