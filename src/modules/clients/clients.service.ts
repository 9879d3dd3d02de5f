import { Injectable } from '@nestjs/common';
import { faultAt, forbidden, notFound } from '../../common/errors/problem.js';
import { assertFresh } from '../../common/http/etag.js';
import { currentPrincipal, currentRequest, expands } from '../../common/http/request-context.js';
import { newId } from '../../common/ids.js';
import type { Permission } from '../../common/auth/permissions.js';
import { doorPage } from '../../common/pagination/door.js';
import { listPage } from '../../common/pagination/list.js';
import type { Page } from '../../common/pagination/page.js';
import { Database } from '../../database/database.js';
import { BEYOND_BILLING, type ClientDto, type ClientQuery, type ClientRowDto, type CreateClient, type UpdateClient } from './clients.dto.js';
import type { CaseRowDto, ContactCaseQuery } from './contacts.dto.js';
import * as errors from './clients.errors.js';
import * as sql from './clients.queries.js';
import { caseFilters, CLIENT_CASES, CONTACT_EXISTS } from './contacts.queries.js';
import { Contacts } from './contacts.service.js';

@Injectable()
export class Clients {
  constructor(
    private readonly database: Database,
    private readonly contacts: Contacts,
  ) {}

  list(query: ClientQuery): Promise<Page<ClientRowDto>> {
    const { status, q, tag, kind, responsibleAttorneyId: attorneyId } = query;
    if (attorneyId !== undefined) needs('cases.read', 'responsibleAttorneyId');
    return doorPage<ClientRowDto>(this.database, sql.clientList(currentRequest()?.expand ?? []), query, { status, q, tag, kind, attorneyId });
  }

  async get(id: string): Promise<ClientDto> {
    if (expands('cases')) needs('cases.read', 'expand=cases');
    const client = await this.database.first<ClientDto>(sql.readClient(currentRequest()?.expand ?? []), [id]);
    if (!client) throw notFound();
    return client;
  }

  /** From a contact that is there, or with one of its own. The database gives the number. */
  async create(input: CreateClient): Promise<ClientDto> {
    if ((input.contactId === undefined) === (input.contact === undefined)) {
      throw faultAt(errors.contactChoice, input.contact ? '/contact' : '/contactId', 'Send either contactId or contact.');
    }
    let { contactId } = input;
    if (contactId === undefined) contactId = (await this.contacts.create(input.contact!, '/contact')).id;
    else if (!(await this.database.first(CONTACT_EXISTS, [contactId]))) throw faultAt(errors.unknownContact, '/contactId');
    await this.assertBilling(contactId, input);
    const id = newId();
    const [, clients] = await this.database.batch([sql.insertClient(id, contactId, this.database.userId, input), { text: sql.readClient([]), values: [id] }]);
    return clients![0] as unknown as ClientDto;
  }

  /** Whoever may change billing details changes these; the rest wants clients.write. */
  async update(id: string, changes: UpdateClient): Promise<ClientDto> {
    const beyond = BEYOND_BILLING.find((member) => changes[member] !== undefined);
    if (beyond) needs('clients.write', beyond);
    const current = await this.lock(id);
    assertFresh(current, current);
    await this.assertBilling(current.contactId, changes, current);
    const statement = sql.updateClient(id, changes);
    const answers = await this.database.batch([...(statement ? [statement] : []), { text: sql.readClient([]), values: [id] }]);
    return answers.at(-1)![0] as unknown as ClientDto;
  }

  async cases(id: string, query: ContactCaseQuery): Promise<Page<CaseRowDto>> {
    if (!(await this.database.first(sql.CLIENT_EXISTS, [id]))) throw notFound();
    return listPage<CaseRowDto>(this.database, CLIENT_CASES, query, caseFilters({ clientId: id, ...(query.status !== undefined && { status: query.status }) }));
  }

  /** Bills go to contacts the caller sees, at an address of theirs or of the client. */
  private async assertBilling(contactId: string, wish: UpdateClient, current?: ClientDto): Promise<void> {
    if (!wish.billingContactId && !wish.billingAddressId) return;
    const billingContactId = wish.billingContactId === undefined ? (current?.billingContactId ?? null) : wish.billingContactId;
    const found = await this.database.first<{ contact: boolean; address: boolean }>(sql.BILLING_TARGETS, [contactId, billingContactId, wish.billingAddressId ?? null]);
    if (wish.billingContactId && !found!.contact) throw faultAt(errors.unknownContact, '/billingContactId');
    if (wish.billingAddressId && !found!.address) throw faultAt(errors.unknownAddress, '/billingAddressId');
  }

  private async lock(id: string): Promise<ClientDto> {
    const [, clients] = await this.database.batch([{ text: sql.LOCK_CLIENT, values: [id] }, { text: sql.readClient([]), values: [id] }]);
    if (clients!.length === 0) throw notFound();
    return clients![0] as unknown as ClientDto;
  }
}

/** A member or parameter that wants more than its route does. */
function needs(permission: Permission, what: string): void {
  if (currentPrincipal().permissions.has(permission)) return;
  throw forbidden({ detail: `"${what}" needs the permission "${permission}".`, members: { permission } });
}
