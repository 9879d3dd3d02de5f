import { Injectable } from '@nestjs/common';
import { faultAt, notFound } from '../../common/errors/problem.js';
import { assertFresh } from '../../common/http/etag.js';
import { newId } from '../../common/ids.js';
import { listPage } from '../../common/pagination/list.js';
import type { Page } from '../../common/pagination/page.js';
import { Database } from '../../database/database.js';
import { CaseStanding } from './case-standing.service.js';
import type { AddParty, NewPartyContact, PartyDto, PartyQuery, UpdateParty } from './parties.dto.js';
import * as errors from './parties.errors.js';
import * as sql from './parties.queries.js';

/** Who takes part in a case. The person or company itself is a contact, there already or made on the way. */
@Injectable()
export class Parties {
  constructor(
    private readonly database: Database,
    private readonly cases: CaseStanding,
  ) {}

  async list(caseId: string, query: PartyQuery): Promise<Page<PartyDto>> {
    await this.cases.assertVisible(caseId);
    return listPage<PartyDto>(this.database, sql.PARTY_LIST, query, sql.partyFilters(caseId, query));
  }

  async get(caseId: string, id: string): Promise<PartyDto> {
    const party = await this.database.first<PartyDto>(sql.PARTY_BY_ID, [caseId, id]);
    if (!party) throw notFound();
    return party;
  }

  async add(caseId: string, input: AddParty): Promise<PartyDto> {
    await this.cases.assertChanging(caseId);
    const [id] = await this.addAll(caseId, [input], () => '');
    return this.get(caseId, id!);
  }

  /** Several at once, in as many statements as one takes; at(i) is where the i-th stands in the body. */
  async addAll(caseId: string, inputs: readonly AddParty[], at: (index: number) => string): Promise<string[]> {
    if (inputs.length === 0) return [];
    inputs.forEach((input, index) => assertOneContact(input, at(index)));
    const parties = inputs.map((input) => ({ ...input, id: newId(), contactId: input.contactId ?? newId(), contact: undefined }));
    const known = inputs.flatMap(({ contactId }) => contactId ?? []);
    if (known.length > 0) {
      const there = new Set((await this.database.query<{ id: string }>(sql.CONTACTS_THERE, [known])).map(({ id }) => id));
      const missing = inputs.findIndex(({ contactId }) => contactId !== undefined && !there.has(contactId.toLowerCase()));
      if (missing >= 0) throw faultAt(errors.unknownContact, `${at(missing)}/contactId`);
    }
    const made = inputs.flatMap(({ contact }, index) => (contact ? [{ ...contact, id: parties[index]!.contactId }] : []));
    if (made.length > 0) await this.database.execute(sql.INSERT_CONTACTS, [this.database.firmId, JSON.stringify(made), this.database.userId]);
    await this.database.execute(sql.INSERT_PARTIES, [this.database.firmId, caseId, JSON.stringify(parties)]);
    return parties.map(({ id }) => id);
  }

  async update(caseId: string, id: string, changes: UpdateParty): Promise<PartyDto> {
    await this.cases.assertChanging(caseId);
    await this.lock(caseId, id);
    const update = sql.updateParty(caseId, id, changes);
    if (update) await this.database.execute(update.text, update.values);
    return this.get(caseId, id);
  }

  async remove(caseId: string, id: string): Promise<void> {
    await this.cases.assertChanging(caseId);
    await this.lock(caseId, id);
    // gone meanwhile, with the caller's own seat for instance: nothing was removed
    if ((await this.database.execute(sql.DELETE_PARTY, [caseId, id])) === 0) throw notFound();
  }

  private async lock(caseId: string, id: string): Promise<void> {
    const party = await this.database.first<PartyDto>(sql.LOCK_PARTY, [caseId, id]);
    if (!party) throw notFound();
    assertFresh(party, party);
  }
}

function assertOneContact({ contactId, contact }: AddParty, at: string): void {
  if ((contactId === undefined) === (contact === undefined)) throw faultAt(errors.oneContact, `${at}/contactId`);
  if (contact) assertName(contact, `${at}/contact`);
}

function assertName({ kind, givenName, familyName, companyName }: NewPartyContact, at: string): void {
  const fits = kind === 'company' ? companyName && !givenName && !familyName : !companyName && (givenName || familyName);
  if (!fits) throw faultAt(errors.contactName, `${at}/${kind === 'company' ? 'companyName' : 'familyName'}`);
}
