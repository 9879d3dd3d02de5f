import type { Schemas } from '../../../client/index.js';
import { newId } from '../../../src/common/ids.js';
import { testApp } from '../../support/app.js';
import type { Person, TestFirm } from '../../support/factories.js';
import { granted } from '../support/check.js';

export type Report = Schemas['ConflictReportDto'];
export type Hit = Schemas['ConflictHitDto'];
type Asked = Schemas['ConflictName'];

async function put(firm: TestFirm, table: string, columns: Record<string, unknown>): Promise<string> {
  const { database } = await testApp();
  const id = newId();
  const all = { firm_id: firm.id, id, ...columns };
  await database.write({ kind: 'system', firmId: firm.id }, () =>
    database.execute(`insert into ${table} (${Object.keys(all).join(', ')}) values (${Object.keys(all).map((_, i) => `$${i + 1}`).join(', ')})`, Object.values(all)));
  return id;
}

/** Somebody whose name is written like this: all of it but the last word is given. */
export function addPerson(firm: TestFirm, name: string): Promise<string> {
  const words = name.split(' ');
  return put(firm, 'contacts', { kind: 'person', given_name: words.slice(0, -1).join(' ') || null, family_name: words.at(-1) });
}
export const addCompany = (firm: TestFirm, name: string): Promise<string> => put(firm, 'contacts', { kind: 'company', company_name: name });
export const addName = (firm: TestFirm, contactId: string, kind: string, name: string) => put(firm, 'contact_names', { contact_id: contactId, kind, name });
export const addEmail = (firm: TestFirm, contactId: string, email: string) => put(firm, 'contact_emails', { contact_id: contactId, email });
export const addClient = (firm: TestFirm, contactId: string, more: object = {}) => put(firm, 'clients', { contact_id: contactId, ...more });
export const addCase = (firm: TestFirm, clientId: string, more: object = {}) => put(firm, 'cases', { client_id: clientId, title: 'A matter', status: 'open', opened_on: '2026-01-05', ...more });
export const addParty = (firm: TestFirm, caseId: string, contactId: string, role: string) => put(firm, 'case_parties', { case_id: caseId, contact_id: contactId, role, side: 'opposing' });
export const addRelation = (firm: TestFirm, from: string, to: string, kind: string) => put(firm, 'contact_relations', { from_contact_id: from, to_contact_id: to, kind });
export const addWall = (firm: TestFirm, caseId: string, person: Person) => put(firm, 'case_walls', { case_id: caseId, user_id: person.id, starts_at: new Date(Date.now() - 60_000), reason: 'Formerly with the other side' });
export const addMember = (firm: TestFirm, caseId: string, person: Person) => put(firm, 'case_members', { case_id: caseId, user_id: person.id, role: 'lead' });

export async function check(as: Person, names: (string | Asked)[], more: { caseId?: string; purpose?: string } = {}): Promise<Report> {
  return granted(await as.api.POST('/v1/conflict-checks', { body: { names: names.map((name) => (typeof name === 'string' ? { name } : name)), ...more } }));
}
export const reread = async (as: Person, id: string): Promise<Report> => granted(await as.api.GET('/v1/conflict-checks/{id}', { params: { path: { id } } }));
export const decide = (as: Person, id: string, body: Schemas['CreateConflictDecision']) => as.api.POST('/v1/conflict-checks/{id}/decisions', { params: { path: { id } }, body });
