import type { Schemas } from '../../../client/index.js';
import { newId } from '../../../src/common/ids.js';
import { testApp } from '../../support/app.js';
import type { Person, TestFirm } from '../../support/factories.js';
import { granted } from '../support/check.js';

export type Case = Schemas['CaseDto'];
export const ANY = { 'If-Match': '*' };

/** A contact of the firm. */
export async function newContact(firm: TestFirm, name = 'Northwind Shipping'): Promise<string> {
  const { database } = await testApp();
  const id = newId();
  await database.write({ kind: 'system', firmId: firm.id }, () =>
    database.execute(`insert into contacts (firm_id, id, kind, company_name) values ($1, $2, 'company', $3)`, [firm.id, id, name]));
  return id;
}

/** A client of the firm. */
export async function newClient(firm: TestFirm, name = 'Northwind Shipping'): Promise<string> {
  const { database } = await testApp();
  const contact = await newContact(firm, name);
  const id = newId();
  await database.write({ kind: 'system', firmId: firm.id }, () => database.execute('insert into clients (firm_id, id, contact_id) values ($1, $2, $3)', [firm.id, id, contact]));
  return id;
}

/** A case opened over HTTP, and its ETag. */
export async function newCase(as: Person, clientId: string, body: Partial<Schemas['CreateCase']> = {}): Promise<Case> {
  return granted(await as.api.POST('/v1/cases', { body: { title: 'Northwind v. Bluewater', clientId, ...body } }));
}

export const readCase = async (as: Person, id: string, query: { expand?: string } = {}): Promise<Case> =>
  granted(await as.api.GET('/v1/cases/{id}', { params: { path: { id }, query } }));

export const patchCase = (as: Person, id: string, body: Schemas['UpdateCase'], etag = '*') =>
  as.api.PATCH('/v1/cases/{id}', { params: { path: { id }, header: { 'If-Match': etag } }, body });

type Command = 'open' | 'hold' | 'resume' | 'close' | 'reopen' | 'archive' | 'restore';
/** A step of a case. Without a body where there is nothing to say, as a front end would. */
export const step = (as: Person, id: string, command: Command, body?: object, query: { dryRun?: boolean } = {}, etag = '*') =>
  as.api.POST(`/v1/cases/{id}/${command}` as '/v1/cases/{id}/close', { params: { path: { id }, query, header: { 'If-Match': etag } }, ...(body && { body }) } as never) as
    Promise<{ data?: Schemas['ClosedCaseDto']; error?: unknown; response: Response }>;

/** Ids of a list in its order. */
export async function idsOf(as: Person, query: object = {}): Promise<string[]> {
  return granted(await as.api.GET('/v1/cases', { params: { query: query as never } })).data.map(({ id }) => id);
}
