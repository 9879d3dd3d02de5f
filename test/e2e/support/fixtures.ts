import { createLexiFlow, type LexiFlow, type Schemas } from '../../../client/index.js';
import { hashPassword } from '../../../src/common/auth/passwords.js';
import type { Role } from '../../../src/common/auth/permissions.js';
import { newId } from '../../../src/common/ids.js';
import { testApp, type TestApp } from '../../support/app.js';
import type { Person, TestFirm } from '../../support/factories.js';
import { eventually, granted } from './check.js';

export type AuditEvent = Schemas['AuditEventDto'];
type Query = Record<string, string | number | boolean>;
type Place = Pick<TestApp, 'url' | 'drainJobs'>;

/** A client that speaks with this token or key. */
export const clientWith = async (token: string, place?: { url: string }): Promise<LexiFlow> =>
  createLexiFlow({ baseUrl: (place ?? (await testApp())).url, token });

/** Whether a credential still opens the door. */
export async function statusOf(token: string): Promise<number> {
  return (await (await clientWith(token)).GET('/v1/me')).response.status;
}

/** What the firm's trail says, newest first. */
export async function trail(firm: TestFirm, query: Query = {}): Promise<AuditEvent[]> {
  return granted(await firm.admin.api.GET('/v1/audit-events', { params: { query: { limit: 200, ...query } as never } })).data;
}

/** Sends what waits to be sent, and gives back the texts that went to this address, newest first. */
export async function mailsTo(firm: TestFirm, address: string, place?: Place): Promise<string[]> {
  await (place ?? (await testApp())).drainJobs();
  const { data } = granted(await firm.admin.api.GET('/v1/dev/outbox'));
  return data.filter(({ to, status }) => to === address && status === 'logged').map(({ text }) => text!);
}

/** The token of the link in the newest mail to this address; waits until there are as many mails as expected. */
export async function linkTo(firm: TestFirm, address: string, mails = 1, place?: Place): Promise<string> {
  const texts = await eventually(async () => {
    const found = await mailsTo(firm, address, place);
    return found.length >= mails && found;
  });
  return tokenIn(texts[0]!);
}

export const tokenIn = (text: string): string => /\?token=(lfl_[\w-]+)/.exec(text)![1]!;

/** An account that no factory makes: with its own e-mail address, password and state. */
export async function account(firm: TestFirm, email: string, password: string | null, role: Role = 'associate', status = 'active'): Promise<string> {
  const { database } = await testApp();
  const hash = password === null ? null : await hashPassword(password);
  const id = newId();
  await database.write({ kind: 'system', firmId: firm.id }, async () => {
    await database.execute(
      `insert into users (firm_id, id, email, given_name, family_name, role, status, deactivated_at)
       values ($1, $2, $3, 'Ana', 'Count', $4, $5, case when $5 = 'deactivated' then now() end)`, [firm.id, id, email, role, status]);
    if (hash) await database.execute('insert into user_passwords (firm_id, user_id, hash) values ($1, $2, $3)', [firm.id, id, hash]);
  });
  return id;
}

/** Changes rows as the firm itself: time that has passed, things that went away. Returns how many it touched. */
export async function asFirm(firm: TestFirm, sql: string, values: unknown[] = []): Promise<number> {
  const { database } = await testApp();
  return database.write({ kind: 'system', firmId: firm.id }, () => database.execute(sql, values));
}

/** Rows as the firm itself sees them. */
export async function rowsOf<T extends object>(firm: TestFirm, sql: string, values: unknown[] = []): Promise<T[]> {
  const { database } = await testApp();
  return database.read({ kind: 'system', firmId: firm.id }, () => database.query<T>(sql, values));
}

/** Shuts somebody out, as the firm's administrator. */
export async function deactivate(firm: TestFirm, person: Pick<Person, 'id'>): Promise<void> {
  granted(await firm.admin.api.POST('/v1/users/{id}/deactivate', { params: { path: { id: person.id }, header: { 'If-Match': '*' } } }));
}

/** Gives somebody another role, as the firm's administrator. */
export async function changeRole(firm: TestFirm, person: Pick<Person, 'id'>, role: Role): Promise<void> {
  granted(await firm.admin.api.PATCH('/v1/users/{id}', { params: { path: { id: person.id }, header: { 'If-Match': '*' } }, body: { role } }));
}

/** A new API key: the key itself and its id. */
export async function newKey(person: Pick<Person, 'api'>, wishes: Partial<Schemas['CreateApiKey']> = {}): Promise<{ id: string; key: string; api: LexiFlow }> {
  const made = granted(await person.api.POST('/v1/api-keys', { body: { name: 'a program', ...wishes } }));
  return { id: made.id, key: made.key!, api: await clientWith(made.key!) };
}
