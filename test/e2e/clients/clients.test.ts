import { beforeAll, expect, test } from 'vitest';
import type { Schemas } from '../../../client/index.js';
import { testApp } from '../../support/app.js';
import { newFirm, type Person } from '../../support/factories.js';
import { watchStatements } from '../../support/statement-watch.js';
import { etagOf, faults, granted, refused } from '../support/check.js';
import { asFirm } from '../support/fixtures.js';
import { ANY, company, namesOf, newCase, person, takesPart, wallOff } from './fixtures.js';

beforeAll(async () => void (await testApp()));

const make = (as: Person, body: Schemas['CreateClient'], query: { dryRun?: boolean } = {}, header = {}) => as.api.POST('/v1/clients', { params: { query, header }, body });
const change = (as: Person, id: string, body: Schemas['UpdateClient'], etag = '*') => as.api.PATCH('/v1/clients/{id}', { params: { path: { id }, header: { 'If-Match': etag } }, body });
const list = async (as: Person, query: object = {}) => granted(await as.api.GET('/v1/clients', { params: { query } }));

test('a client is made from a contact or with one, numbered without gaps by the firm’s template', async () => {
  const firm = await newFirm();
  await asFirm(firm, `update firms set client_number_template = 'M-{seq:4}', currency = 'EUR'`);
  const contact = await company(firm.admin, 'Northgate', { emails: [{ email: 'bills@northgate.example' }], addresses: [{ line1: '1 Quay', country: 'US' }] });
  expect(granted(await make(firm.admin, { contactId: contact.id }, { dryRun: true })).number).toBe('M-0001');
  const made = await make(firm.admin, { contactId: contact.id, billingAddressId: contact.addresses[0]!.id, taxId: '12-3456789', ledesClientId: 'NGATE', paymentTermsDays: 14, openedOn: '2026-02-01' });
  const client = granted(made);
  expect(client).toMatchObject({
    number: 'M-0001', name: 'Northgate', contactId: contact.id, status: 'active', currency: 'EUR', paymentTermsDays: 14, taxId: '12-3456789', ledesClientId: 'NGATE',
    billingAddressId: contact.addresses[0]!.id, billingContactId: null, openedOn: '2026-02-01', version: 1, createdBy: firm.admin.id,
  });
  refused(await make(firm.admin, { contactId: contact.id }), 409, 'already_client'); // its number goes back
  const inline = granted(await make(firm.admin, { contact: { kind: 'person', givenName: 'Lena', familyName: 'Fischer' }, currency: 'GBP' }));
  expect(inline).toMatchObject({ number: 'M-0002', name: 'Lena Fischer', currency: 'GBP', paymentTermsDays: 30 });
  expect(granted(await firm.admin.api.GET('/v1/contacts/{id}', { params: { path: { id: inline.contactId } } })).clientId).toBe(inline.id);
  const read = await firm.admin.api.GET('/v1/clients/{id}', { params: { path: { id: client.id } } });
  expect(granted(read)).toEqual(client);
  expect(etagOf(read)).toBe(etagOf(made));
});

test.each([
  [{}, 422, '/contactId: contact_choice'],
  [{ contact: { kind: 'person' } }, 422, '/contact/familyName: contact_name_missing'],
  [{ contact: { kind: 'person', familyName: 'A', phones: [{ phone: '123', isPrimary: true }, { phone: '124', isPrimary: true }] } }, 422, '/contact/phones/1/isPrimary: several_primary'],
  [{ contact: { kind: 'person', familyName: 'A', bogus: 1 } }, 400, '/contact/bogus: unknown_field'],
  [{ contactId: '019f0000-0000-7000-8000-000000000000' }, 422, '/contactId: unknown_contact'],
  [{ contactId: '019f0000-0000-7000-8000-000000000000', contact: { kind: 'person', familyName: 'A' } }, 422, '/contact: contact_choice'],
  [{ contact: { kind: 'person', familyName: 'A' }, currency: 'euro' }, 400, '/currency: matches'],
  [{ contact: { kind: 'person', familyName: 'A' }, ledesClientId: 'x'.repeat(21) }, 400, '/ledesClientId: max_length'],
  [{ contact: { kind: 'person', familyName: 'A' }, paymentTermsDays: 366 }, 400, '/paymentTermsDays: max'],
  [{ contact: { kind: 'person', familyName: 'A' }, billingContactId: '019f0000-0000-7000-8000-000000000000' }, 422, '/billingContactId: unknown_contact'],
  [{ contact: { kind: 'person', familyName: 'A' }, billingAddressId: '019f0000-0000-7000-8000-000000000000' }, 422, '/billingAddressId: unknown_address'],
  [{ contact: { kind: 'person', familyName: 'A' }, number: 'C-1' }, 400, '/number: unknown_field'],
])('a client that cannot be made from %j is refused where it is wrong, and no contact stays behind', async (body, status, fault) => {
  const firm = await newFirm();
  const answer = await make(firm.admin, body as never);
  expect(answer.response.status).toBe(status);
  expect(faults(answer.error as never)).toContain(fault);
  expect(await namesOf(firm.admin)).toEqual([]);
});

test('the same request under one Idempotency-Key makes one client', async () => {
  const firm = await newFirm();
  const body = { contact: { kind: 'company' as const, companyName: 'Once' } };
  const [first, again] = [await make(firm.admin, body, {}, { 'Idempotency-Key': 'once' }), await make(firm.admin, body, {}, { 'Idempotency-Key': 'once' })];
  expect(granted(again)).toEqual(granted(first));
  expect((await list(firm.admin, { count: true })).total).toBe(1);
  refused(await make(firm.admin, { ...body, taxId: 'x' }, {}, { 'Idempotency-Key': 'once' }), 422, 'idempotency_key_reused');
});

test('billing changes billing details and nothing else; who only reads, nothing', async () => {
  const firm = await newFirm();
  const [billing, reader, paralegal] = [await firm.person('billing'), await firm.person('readonly'), await firm.person('paralegal')];
  const made = await make(paralegal, { contact: { kind: 'company', companyName: 'Northgate' } });
  const { id } = granted(made);
  const first = await change(billing, id, { currency: 'CHF', taxId: 'T', billingInstructions: 'By post' }, etagOf(made));
  expect(granted(first)).toMatchObject({ currency: 'CHF', taxId: 'T', billingInstructions: 'By post', version: 2 });
  const stale = await change(billing, id, { taxId: null }, etagOf(made));
  refused(stale, 412, 'precondition_failed');
  expect(etagOf(stale)).toBe(etagOf(first));
  for (const body of [{ status: 'former' as const }, { notes: 'x' }, { openedOn: '2020-01-01', taxId: 'U' }]) expect(refused(await change(billing, id, body), 403, 'forbidden')['permission']).toBe('clients.write');
  expect(refused(await change(reader, id, { taxId: 'x' }), 403, 'forbidden')['permission']).toBe('clients.billing');
  refused(await make(billing, { contact: { kind: 'company', companyName: 'B' } }), 403, 'forbidden');
  refused(await firm.admin.api.PATCH('/v1/clients/{id}', { params: { path: { id } }, body: {} }), 428, 'precondition_required');
  expect(granted(await change(paralegal, id, { status: 'former', notes: 'Left us' })).status).toBe('former');
  expect(granted(await reader.api.GET('/v1/clients/{id}', { params: { path: { id } } }))).toMatchObject({ taxId: 'T', status: 'former' });
  const other = await company(firm.admin, 'Elsewhere', { addresses: [{ line1: 'x', country: 'US' }] });
  const address = other.addresses[0]!.id;
  expect(faults(refused(await change(billing, id, { billingAddressId: address }), 422, 'unknown_address'))).toEqual(['/billingAddressId: unknown_address']);
  expect(granted(await change(billing, id, { billingContactId: other.id, billingAddressId: address }))).toMatchObject({ billingContactId: other.id, billingAddressId: address });
});

test('clients are found by status, number, name, tag and the attorney of their cases, and sorted', async () => {
  const firm = await newFirm();
  const attorney = await firm.person('partner');
  const one = granted(await make(firm.admin, { contact: { kind: 'person', givenName: 'Zoë', familyName: 'Abel', tags: ['vip'] }, openedOn: '2026-03-01' }));
  const two = granted(await make(firm.admin, { contact: { kind: 'company', companyName: 'Northgate Freight', emails: [{ email: 'x@north.example' }] }, openedOn: '2026-01-01', status: 'inactive' }));
  await company(firm.admin, 'No client of ours', { tags: ['vip'] });
  await newCase(firm, one.id);
  const found = async (query: object) => (await list(firm.admin, query)).data.map(({ name }) => name);
  expect(await found({})).toEqual(['Zoë Abel', 'Northgate Freight']);
  expect(await found({ sort: 'openedOn' })).toEqual(['Northgate Freight', 'Zoë Abel']);
  expect(await found({ sort: '-number' })).toEqual(['Northgate Freight', 'Zoë Abel']);
  expect(await found({ status: 'inactive' })).toEqual(['Northgate Freight']);
  for (const q of ['zoe', 'abel z', one.number, one.number.toLowerCase()]) expect(await found({ q }), q).toEqual(['Zoë Abel']);
  expect(await found({ q: 'client' })).toEqual([]);
  expect(await found({ q: 'north.example' })).toEqual(['Northgate Freight']);
  expect(await found({ tag: 'vip' })).toEqual(['Zoë Abel']);
  expect(await found({ kind: 'company' })).toEqual(['Northgate Freight']);
  expect(await found({ responsibleAttorneyId: firm.admin.id })).toEqual(['Zoë Abel']);
  expect(await found({ responsibleAttorneyId: attorney.id })).toEqual([]);
  for (const sort of ['name', 'number', '-openedOn', 'createdAt', '-updatedAt']) {
    const first = await list(firm.admin, { sort, limit: 1, count: true });
    const second = await list(firm.admin, { sort, limit: 1, cursor: first.nextCursor! });
    expect([first.total, new Set([first.data[0]!.id, second.data[0]!.id]), second.nextCursor]).toEqual([2, new Set([one.id, two.id]), null]);
  }
  const { updatedAt } = granted(await change(firm.admin, two.id, { taxId: 'x' }));
  expect(await found({ updatedSince: updatedAt })).toEqual(['Northgate Freight']);
});

test('expansions come with the same statement, however many rows', async () => {
  const firm = await newFirm();
  const ids: string[] = [];
  for (let i = 0; i < 4; i++) ids.push(granted(await make(firm.admin, { contact: { kind: 'company', companyName: `C${i}`, emails: [{ email: `c${i}@x.example` }], tags: ['t'] } })).id);
  await newCase(firm, ids[0]!, 'First');
  await newCase(firm, ids[0]!, 'Second');
  const watch = watchStatements();
  try {
    for (const limit of [1, 4]) {
      watch.reset();
      const { data } = await list(firm.admin, { limit, expand: 'contact' });
      expect([data.length, watch.statements]).toEqual([limit, 1]);
      expect(data[0]!.contact).toMatchObject({ kind: 'company', name: 'C0', primaryEmail: 'c0@x.example', primaryPhone: null, tags: ['t'], version: 1 });
    }
    watch.reset();
    const one = granted(await firm.admin.api.GET('/v1/clients/{id}', { params: { path: { id: ids[0]! }, query: { expand: 'contact,cases' } } }));
    expect([one.cases!.map(({ title }) => title).sort(), one.contact!.name, watch.statements]).toEqual([['First', 'Second'], 'C0', 1]);
  } finally {
    watch.stop();
  }
  const { data: [row] } = await list(firm.admin, { limit: 1 });
  expect(row).not.toHaveProperty('contact');
  const key = granted(await firm.admin.api.POST('/v1/api-keys', { body: { name: 'k', permissions: ['clients.read'] } }));
  const { url } = await testApp();
  const bare = await fetch(`${url}/v1/clients/${ids[0]!}?expand=cases`, { headers: { authorization: `Bearer ${key.key!}` } });
  expect([bare.status, ((await bare.json()) as { permission: string }).permission]).toEqual([403, 'cases.read']);
});

test('the cases of a client and of a contact are listed with what the contact is in each', async () => {
  const firm = await newFirm();
  const client = granted(await make(firm.admin, { contact: { kind: 'company', companyName: 'Northgate' } }));
  const expert = await person(firm.admin, 'Ex', 'Pert');
  const [first, second] = [await newCase(firm, client.id, 'First'), await newCase(firm, client.id, 'Second')];
  await takesPart(firm, first, expert.id, 'expert');
  await takesPart(firm, first, expert.id, 'witness');
  await takesPart(firm, second, client.contactId, 'plaintiff');
  const ofContact = async (id: string, query: object = {}) => granted(await firm.admin.api.GET('/v1/contacts/{id}/cases', { params: { path: { id }, query: { sort: 'number', count: true, ...query } } }));
  expect(await ofContact(expert.id)).toMatchObject({ total: 1, data: [{ id: first, title: 'First', status: 'intake', parts: [{ role: 'expert', side: 'neutral' }, { role: 'witness' }] }] });
  expect((await ofContact(client.contactId)).data.map(({ title, parts }) => [title, parts.map(({ role }) => role)])).toEqual([['First', ['client']], ['Second', ['client', 'plaintiff']]]);
  expect(await ofContact(client.contactId, { status: 'open' })).toMatchObject({ total: 0, data: [] });
  const page = await ofContact(client.contactId, { limit: 1 });
  expect((await ofContact(client.contactId, { limit: 1, cursor: page.nextCursor! })).data.map(({ id }) => id)).toEqual([second]);
  const ofClient = granted(await firm.admin.api.GET('/v1/clients/{id}/cases', { params: { path: { id: client.id }, query: { sort: 'number' } } }));
  expect(ofClient.data.map(({ id }) => id)).toEqual([first, second]);
});

test('who is known only through hidden cases is nowhere: not by id, in lists, counts, duplicates, cases or as payer', async () => {
  const firm = await newFirm();
  const screened = await firm.person('partner');
  const seen = granted(await make(firm.admin, { contact: { kind: 'company', companyName: 'Seen' } }));
  const hidden = granted(await make(firm.admin, { contact: { kind: 'company', companyName: 'Hidden Freight', emails: [{ email: 'h@hidden.example' }], phones: [{ phone: '555 0199 77' }], tags: ['secret'] } }));
  const payer = await person(firm.admin, 'Pay', 'Er');
  granted(await change(firm.admin, seen.id, { billingContactId: payer.id }));
  const [open, closed] = [await newCase(firm, seen.id, 'Everybody’s'), await newCase(firm, hidden.id, 'Walled')];
  await takesPart(firm, closed, payer.id);
  await takesPart(firm, closed, seen.contactId);
  expect(await namesOf(screened)).toHaveLength(3);
  await wallOff(firm, closed, screened);
  const contacts = async (as: Person, query: object = {}) => granted(await as.api.GET('/v1/contacts', { params: { query: { count: true, ...query } } }));
  expect(await contacts(screened)).toMatchObject({ total: 1, data: [{ name: 'Seen' }] });
  for (const query of [{ q: 'hidden' }, { q: 'pay' }, { email: 'h@hidden.example' }, { phone: '0199 77' }, { tag: 'secret' }, { isClient: true, q: 'freight' }]) {
    expect([(await contacts(screened, query)).total, (await contacts(firm.admin, query)).total]).toEqual([0, 1]);
  }
  expect(await list(screened, { count: true })).toMatchObject({ total: 1, data: [{ id: seen.id, billingContactId: null }] });
  for (const query of [{ q: hidden.number }, { q: 'hidden' }, { tag: 'secret' }]) expect((await list(screened, { ...query, count: true })).total).toBe(0);
  // the attorney leads a case of each client; of one the case is hidden
  expect((await list(screened, { responsibleAttorneyId: firm.admin.id })).data.map(({ name }) => name)).toEqual(['Seen']);
  for (const id of [hidden.contactId, payer.id]) {
    const params = { path: { id } };
    refused(await screened.api.GET('/v1/contacts/{id}', { params }), 404, 'not_found');
    refused(await screened.api.GET('/v1/contacts/{id}/cases', { params }), 404, 'not_found');
    refused(await screened.api.GET('/v1/contacts/{id}/relations', { params }), 404, 'not_found');
    refused(await screened.api.PATCH('/v1/contacts/{id}', { params: { ...params, header: ANY }, body: { notes: 'x' } }), 404, 'not_found');
    refused(await screened.api.DELETE('/v1/contacts/{id}', { params: { ...params, header: ANY } }), 404, 'not_found');
  }
  refused(await screened.api.GET('/v1/clients/{id}', { params: { path: { id: hidden.id } } }), 404, 'not_found');
  refused(await screened.api.GET('/v1/clients/{id}/cases', { params: { path: { id: hidden.id } } }), 404, 'not_found');
  refused(await change(screened, hidden.id, { taxId: 'x' }), 404, 'not_found');
  refused(await make(screened, { contactId: hidden.contactId }), 422, 'unknown_contact');
  refused(await change(screened, seen.id, { billingContactId: payer.id }), 422, 'unknown_contact');
  expect((await company(screened, 'Hidden Freight Inc.', { emails: [{ email: 'h@hidden.example' }] })).possibleDuplicates).toEqual([]);
  const shown = granted(await screened.api.GET('/v1/contacts/{id}/cases', { params: { path: { id: seen.contactId }, query: { count: true } } }));
  expect([shown.total, shown.data.map(({ id }) => id)]).toEqual([1, [open]]);
  const expanded = granted(await screened.api.GET('/v1/clients/{id}', { params: { path: { id: seen.id }, query: { expand: 'contact,cases' } } }));
  expect(expanded.cases!.map(({ id }) => id)).toEqual([open]);
});
