import { newId } from '../../../src/common/ids.js';
import { testApp } from '../../support/app.js';
import type { Person, TestFirm } from '../../support/factories.js';
import { asFirm } from '../support/fixtures.js';

export const any = { 'If-Match': '*' };
export const inHours = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();

export interface TestCase {
  id: string;
  contactId: string;
}

/** An open case of the firm, made past the API: what is tested here stands on it. */
export async function newCase(firm: TestFirm, options: { title?: string; members?: Person[]; lead?: Person; responsible?: Person; restricted?: boolean } = {}): Promise<TestCase> {
  const { database } = await testApp();
  const [contactId, client, id] = [newId(), newId(), newId()];
  const { members = [], lead, responsible, title = 'Meridian lease' } = options;
  const seat = (person: Person, role: string) => ({ text: `insert into case_members (firm_id, id, case_id, user_id, role) values ($1, $2, $3, $4, $5)`, values: [firm.id, newId(), id, person.id, role] });
  await database.write({ kind: 'system', firmId: firm.id }, () => database.batch([
    { text: `insert into contacts (firm_id, id, kind, company_name) values ($1, $2, 'company', 'Meridian')`, values: [firm.id, contactId] },
    { text: 'insert into clients (firm_id, id, contact_id) values ($1, $2, $3)', values: [firm.id, client, contactId] },
    { text: `insert into cases (firm_id, id, title, client_id, status, opened_on, responsible_attorney_id) values ($1, $2, $3, $4, 'open', '2026-01-05', $5)`, values: [firm.id, id, title, client, responsible?.id ?? null] },
    ...members.map((person) => seat(person, 'attorney')),
    ...(lead ? [seat(lead, 'lead')] : []),
    ...(options.restricted ? [{ text: `update cases set access = 'restricted' where id = $1`, values: [id] }] : []),
  ]));
  return { id, contactId };
}

/** A wall for this person, from now on. */
export const wallOff = (firm: TestFirm, caseId: string, person: Pick<Person, 'id'>): Promise<number> =>
  asFirm(firm, `insert into case_walls (firm_id, id, case_id, user_id, reason) values ($1, $2, $3, $4, 'was counsel of the other side')`, [firm.id, newId(), caseId, person.id]);

/** What this person was notified of, newest first. */
export async function notified(person: Person): Promise<{ kind: string; title: string; subjectType: string | null; subjectId: string | null }[]> {
  const { data } = await person.api.GET('/v1/notifications', { params: { query: { limit: 200 } } });
  return data!.data;
}
