import { Injectable } from '@nestjs/common';
import { faultAt } from '../../../common/errors/problem.js';
import { newId } from '../../../common/ids.js';
import { Database } from '../../../database/database.js';
import type { CaseDto, CreateCase } from '../cases.dto.js';
import * as errors from '../cases.errors.js';
import * as sql from '../cases.queries.js';
import { Cases, cleanTags } from '../cases.service.js';
import type { AddMember } from '../members.dto.js';
import { Members } from '../members.service.js';
import { Parties } from '../parties.service.js';

/**
 * Opens a case with its first members and parties; the number comes from the firm's counter when the row is written.
 * Errors: unknown_client, unknown_person, duplicate_member, unknown_contact, one_contact, contact_name, party_exists,
 * party_dates, opened_on_required, invalid_tags, metadata_too_large.
 */
@Injectable()
export class CreateCaseCommand {
  constructor(
    private readonly database: Database,
    private readonly cases: Cases,
    private readonly members: Members,
    private readonly parties: Parties,
  ) {}

  async run(input: CreateCase): Promise<CaseDto> {
    const { firmId, userId } = this.database;
    const id = newId();
    await this.assertReferences(input);
    await this.database.execute(sql.INSERT_CASE, [
      firmId, id, input.title, input.clientId, input.status ?? 'intake', input.description ?? null, input.practiceArea ?? null, input.jurisdiction ?? null,
      input.court ?? null, input.courtName ?? null, input.docketNumber ?? null, input.clientMatterId ?? null, input.responsibleAttorneyId ?? null,
      input.originatingAttorneyId ?? null, input.openedOn ?? null, input.limitationOn ?? null, cleanTags(input.tags ?? []), JSON.stringify(input.metadata ?? {}), userId,
    ]);
    await this.members.ensure(id, firstMembers(input, userId));
    await this.parties.addAll(id, input.parties ?? [], (index) => `/parties/${index}`);
    const restrict = input.access === 'restricted' ? sql.updateCase(id, { access: 'restricted' }) : undefined;
    if (restrict) await this.database.execute(restrict.text, restrict.values);
    return this.cases.get(id, ['members', 'parties']);
  }

  private async assertReferences({ clientId, responsibleAttorneyId, originatingAttorneyId, members = [] }: CreateCase): Promise<void> {
    const twice = members.findIndex(({ userId }, index) => members.findIndex((other) => other.userId.toLowerCase() === userId.toLowerCase()) < index);
    if (twice >= 0) throw faultAt(errors.duplicateMember, `/members/${twice}/userId`);
    if (!(await this.database.first(sql.CLIENT_IS_THERE, [clientId]))) throw faultAt(errors.unknownClient, '/clientId');
    await this.cases.assertPeople({ responsibleAttorneyId, originatingAttorneyId, ...Object.fromEntries(members.map(({ userId }, index) => [`members/${index}/userId`, userId])) });
  }
}

/** Those sent along, then whoever opens the case, then whoever is responsible for it; the first word on a person holds. */
function firstMembers({ members = [], responsibleAttorneyId }: CreateCase, creator: string): AddMember[] {
  const wanted = [...members, { userId: creator, role: 'lead' }, ...(responsibleAttorneyId ? [{ userId: responsibleAttorneyId, role: 'attorney' }] : [])];
  return [...new Map(wanted.toReversed().map((member) => [member.userId.toLowerCase(), member])).values()];
}
