import { beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../../src/common/ids.js';
import { newFirm, type Person, type TestFirm } from '../../support/factories.js';
import { send } from '../../support/http.js';
import { watchStatements } from '../../support/statement-watch.js';
import { faults, granted, refused } from '../support/check.js';
import { rowsOf, trail } from '../support/fixtures.js';
import { ANY, newCase, newClient, newContact, patchCase, readCase, type Case } from './fixtures.js';

let firm: TestFirm;
let associate: Person;
let clientId: string;
beforeAll(async () => {
  firm = await newFirm();
  associate = await firm.person('associate');
  clientId = await newClient(firm);
});

describe('members', () => {
  const add = (id: string, userId: string, role: 'lead' | 'observer' = 'observer', as = associate) => as.api.POST('/v1/cases/{id}/members', { params: { path: { id } }, body: { userId, role } });
  const at = (id: string, memberId: string, etag = '*') => ({ params: { path: { id, memberId }, header: { 'If-Match': etag } } });
  const list = (id: string, query: object = {}, as = associate) => as.api.GET('/v1/cases/{id}/members', { params: { path: { id }, query } });
  const remove = (one: Case, n: number, as = associate) => as.api.DELETE('/v1/cases/{id}/members/{memberId}', at(one.id, one.members![n]!.id));

  test('come, change their role and go, and the trail of the case says so', async () => {
    const one = await newCase(associate, clientId);
    const made = granted(await add(one.id, firm.admin.id));
    expect(made).toMatchObject({ caseId: one.id, userId: firm.admin.id, name: 'Ada Min', role: 'observer', version: 1 });
    refused(await add(one.id, firm.admin.id, 'lead'), 409, 'member_exists');
    const path = at(one.id, made.id, '"1"');
    expect(granted(await associate.api.PATCH('/v1/cases/{id}/members/{memberId}', { ...path, body: { role: 'attorney' } }))).toMatchObject({ role: 'attorney', version: 2 });
    refused(await associate.api.PATCH('/v1/cases/{id}/members/{memberId}', { ...path, body: { role: 'lead' } }), 412, 'precondition_failed');
    refused(await associate.api.DELETE('/v1/cases/{id}/members/{memberId}', path), 412, 'precondition_failed');
    expect(granted(await associate.api.GET('/v1/cases/{id}/members/{memberId}', { params: { path: { id: one.id, memberId: made.id } } })).role).toBe('attorney');
    expect((await associate.api.DELETE('/v1/cases/{id}/members/{memberId}', at(one.id, made.id))).response.status).toBe(204);
    refused(await associate.api.GET('/v1/cases/{id}/members/{memberId}', { params: { path: { id: one.id, memberId: made.id } } }), 404, 'not_found');
    const events = await trail(firm, { table: 'case_members', rowId: made.id });
    expect(events.map(({ action, caseId }) => [action, caseId])).toEqual([['delete', one.id], ['update', one.id], ['insert', one.id]]);
  });

  test('are listed in the order asked for, and filtered', async () => {
    const one = await newCase(associate, clientId, { members: [{ userId: firm.admin.id, role: 'observer' }] });
    const names = async (query: object) => granted(await list(one.id, query)).data.map(({ name }) => name.split(' ')[0]);
    expect(await names({ sort: 'name' })).toEqual(['Ada', 'Associate']);
    expect(await names({ sort: '-name' })).toEqual(['Associate', 'Ada']);
    expect(await names({ role: 'lead' })).toEqual(['Associate']);
    expect(await names({ userId: firm.admin.id })).toEqual(['Ada']);
    refused(await list(newId()), 404, 'not_found');
    expect(faults(refused(await add(one.id, newId()), 422, 'unknown_person'))).toEqual(['/userId: unknown_person']);
    refused(await add(newId(), firm.admin.id), 404, 'not_found');
  });

  test('of a restricted case: the last one stays, and who leaves sees it no more', async () => {
    const [partner, reader] = [await firm.person('partner'), await firm.person('readonly')];
    const one = await newCase(associate, clientId, { access: 'restricted', members: [{ userId: partner.id, role: 'lead' }] });
    refused(await list(one.id, {}, reader), 404, 'not_found');
    refused(await add(one.id, reader.id, 'observer', firm.admin), 404, 'not_found');
    const mine = one.members!.findIndex(({ userId }) => userId === associate.id);
    expect((await remove(one, mine)).response.status).toBe(204);
    refused(await list(one.id), 404, 'not_found');
    refused(await remove(one, 1 - mine, partner), 409, 'last_case_member');
    expect((await readCase(partner, one.id, { expand: 'members' })).members).toHaveLength(1);
    granted(await patchCase(partner, one.id, { access: 'open' }));
    expect((await remove(one, 1 - mine, partner)).response.status).toBe(204);
    expect((await readCase(reader, one.id, { expand: 'members' })).members).toEqual([]);
  });

  test('are changed through their own case only', async () => {
    const [one, other] = [await newCase(associate, clientId), await newCase(associate, clientId)];
    refused(await associate.api.DELETE('/v1/cases/{id}/members/{memberId}', at(other.id, one.members![0]!.id)), 404, 'not_found');
    expect(await rowsOf(firm, 'select id from case_members where case_id = $1', [one.id])).toHaveLength(1);
  });
});

describe('parties', () => {
  const add = (id: string, body: object) => associate.api.POST('/v1/cases/{id}/parties', { params: { path: { id } }, body: body as never });
  const at = (id: string, partyId: string, etag = '*') => ({ params: { path: { id, partyId }, header: { 'If-Match': etag } } });
  const change = (id: string, partyId: string, body: object) => associate.api.PATCH('/v1/cases/{id}/parties/{partyId}', { ...at(id, partyId), body });

  test('are contacts there are or new ones, with role, side, dates and counsel', async () => {
    const one = await newCase(associate, clientId);
    const contactId = await newContact(firm, 'Bluewater Insurance');
    const counsel = granted(await add(one.id, { contact: { kind: 'person', givenName: 'Saul', familyName: 'Berg' }, role: 'opposing_counsel', side: 'opposing' }));
    expect(counsel).toMatchObject({ name: 'Saul Berg', kind: 'person', since: null });
    const party = granted(await add(one.id, { contactId, role: 'defendant', side: 'opposing', since: '2026-01-01', until: '2026-12-31', note: 'Insurer of the vessel', representedById: counsel.id }));
    expect(party).toMatchObject({ caseId: one.id, contactId, name: 'Bluewater Insurance', kind: 'company', role: 'defendant', side: 'opposing', since: '2026-01-01', until: '2026-12-31', representedById: counsel.id, version: 1 });
    refused(await add(one.id, { contactId, role: 'defendant' }), 409, 'party_exists');
    granted(await add(one.id, { contactId, role: 'insurer' }));
    expect(granted(await change(one.id, party.id, { side: 'neutral', until: null }))).toMatchObject({ side: 'neutral', until: null, version: 2 });
    expect((await associate.api.DELETE('/v1/cases/{id}/parties/{partyId}', at(one.id, counsel.id))).response.status).toBe(204);
    const left = granted(await associate.api.GET('/v1/cases/{id}/parties', { params: { path: { id: one.id }, query: { sort: 'role' } } })).data;
    expect(left.map(({ role, representedById }) => [role, representedById])).toEqual([['defendant', null], ['insurer', null]]);
    expect(await rowsOf(firm, `select id from contacts where name = 'Saul Berg'`)).toHaveLength(1);
    expect((await trail(firm, { caseId: one.id, table: 'case_parties' })).map(({ action }) => action)).toContain('delete');
    const filtered = async (query: object) => granted(await associate.api.GET('/v1/cases/{id}/parties', { params: { path: { id: one.id }, query } })).data.length;
    expect([await filtered({ role: 'insurer' }), await filtered({ side: 'client' }), await filtered({ contactId }), await filtered({ contactId: newId() })]).toEqual([1, 0, 2, 0]);
  });

  test.each([
    ['both a known and a new contact', () => ({ contactId: newId(), contact: { kind: 'person', familyName: 'X' }, role: 'judge' }), 422, 'one_contact', '/contactId: one_contact'],
    ['no contact', () => ({ role: 'judge' }), 422, 'one_contact', '/contactId: one_contact'],
    ['an unknown contact', () => ({ contactId: newId(), role: 'judge' }), 422, 'unknown_contact', '/contactId: unknown_contact'],
    ['a person with a company’s name', () => ({ contact: { kind: 'person', companyName: 'X' }, role: 'judge' }), 422, 'contact_name', '/contact/familyName: contact_name'],
    ['an unknown counsel', () => ({ contact: { kind: 'person', familyName: 'X' }, role: 'judge', representedById: newId() }), 422, 'unknown_party', '/representedById: unknown_party'],
    ['an end before the beginning', () => ({ contact: { kind: 'person', familyName: 'X' }, role: 'judge', since: '2026-02-01', until: '2026-01-01' }), 422, 'party_dates', '/until: party_dates'],
    ['an unknown role', () => ({ contact: { kind: 'person', familyName: 'X' }, role: 'jester' }), 400, 'validation_failed', '/role: is_in'],
    ['a broken new contact', () => ({ contact: { kind: 'robot' }, role: 'judge' }), 400, 'validation_failed', '/contact/kind: is_in'],
  ])('with %s are refused at the right place', async (_, body, status, code, fault) => {
    const one = await newCase(associate, clientId);
    const before = await rowsOf(firm, 'select id from contacts');
    expect(faults(refused(await add(one.id, body()), status, code))).toContain(fault);
    expect(await rowsOf(firm, 'select id from contacts')).toHaveLength(before.length);
  });

  test('do not name a contact that is hidden from whoever adds them', async () => {
    const partner = await firm.person('partner');
    const hidden = await newContact(firm, 'Hidden Holdings');
    await newCase(partner, clientId, { access: 'restricted', parties: [{ contactId: hidden, role: 'witness' }] });
    const one = await newCase(associate, clientId);
    refused(await add(one.id, { contactId: hidden, role: 'witness' }), 422, 'unknown_contact');
  });

  test('are made in as many statements however many come with a case', async () => {
    const watch = watchStatements();
    const statements = async (count: number) => {
      watch.reset();
      await newCase(associate, clientId, { parties: Array.from({ length: count }, (_, n) => ({ contact: { kind: 'company' as const, companyName: `Company ${n}` }, role: 'witness' as const })) });
      return watch.statements;
    };
    try {
      const one = await statements(1);
      expect([await statements(30), one]).toEqual([one, one]);
      expect(one).toBeLessThanOrEqual(9);
    } finally {
      watch.stop();
    }
  });

  test('are changed by those who may work on cases only', async () => {
    const one = await newCase(associate, clientId, { parties: [{ contact: { kind: 'person', familyName: 'Quiet' }, role: 'witness' }] });
    const reader = await firm.person('readonly');
    const path = `/v1/cases/${one.id}/parties`;
    for (const [method, where, body] of [['POST', path, { contactId: newId(), role: 'judge' }], ['PATCH', `${path}/${one.parties![0]!.id}`, { note: 'x' }], ['DELETE', `${path}/${one.parties![0]!.id}`, undefined]] as const) {
      expect((await send(reader, method, where, body, { 'if-match': ANY['If-Match'] })).body).toMatchObject({ code: 'forbidden' });
    }
  });
});
