import type { Schemas } from '../../../client/index.js';
import { newId } from '../../../src/common/ids.js';
import type { Person, TestFirm } from '../../support/factories.js';
import { granted } from '../support/check.js';
import { asFirm } from '../support/fixtures.js';

export type Contact = Schemas['CreatedContactDto'];
export const ANY = { 'If-Match': '*' };

export const person = async (as: Person, givenName: string, familyName: string, more: Partial<Schemas['CreateContact']> = {}): Promise<Contact> =>
  granted(await as.api.POST('/v1/contacts', { body: { kind: 'person', givenName, familyName, ...more } }));
export const company = async (as: Person, companyName: string, more: Partial<Schemas['CreateContact']> = {}): Promise<Contact> =>
  granted(await as.api.POST('/v1/contacts', { body: { kind: 'company', companyName, ...more } }));
export const patch = (as: Person, id: string, body: Schemas['UpdateContact'], etag = '*') =>
  as.api.PATCH('/v1/contacts/{id}', { params: { path: { id }, header: { 'If-Match': etag } }, body });

/** Names of a list of contacts in its order. */
export const namesOf = async (as: Person, query: Record<string, unknown> = {}): Promise<string[]> =>
  granted(await as.api.GET('/v1/contacts', { params: { query: query as never } })).data.map(({ name }) => name);

export const relate = async (as: Person, from: { id: string }, to: { id: string }, kind: Schemas['CreateRelation']['kind'] = 'affiliate'): Promise<Schemas['RelationDto']> =>
  granted(await as.api.POST('/v1/contacts/{id}/relations', { params: { path: { id: from.id } }, body: { contactId: to.id, kind } }));

/** A case of this client's, past HTTP: cases are another module's. */
export async function newCase(firm: TestFirm, clientId: string, title = 'A case'): Promise<string> {
  const id = newId();
  await asFirm(firm, 'insert into cases (firm_id, id, title, client_id, responsible_attorney_id) values ($1, $2, $3, $4, $5)', [firm.id, id, title, clientId, firm.admin.id]);
  return id;
}
export async function takesPart(firm: TestFirm, caseId: string, contactId: string, role = 'witness'): Promise<void> {
  await asFirm(firm, 'insert into case_parties (firm_id, id, case_id, contact_id, role) values ($1, $2, $3, $4, $5)', [firm.id, newId(), caseId, contactId, role]);
}
/** Keeps somebody from a case. */
export async function wallOff(firm: TestFirm, caseId: string, who: Person): Promise<void> {
  await asFirm(firm, `insert into case_walls (firm_id, id, case_id, user_id, starts_at, reason) values ($1, $2, $3, $4, now() - interval '1 minute', 'was with the other side')`,
    [firm.id, newId(), caseId, who.id]);
}
