import { beforeAll, expect, test } from 'vitest';
import { testApp } from '../../support/app.js';
import { newFirm } from '../../support/factories.js';
import { watchStatements } from '../../support/statement-watch.js';
import { bearer, etagOf, faults, granted, raw, refused } from '../support/check.js';
import { asFirm, trail } from '../support/fixtures.js';
import { ANY, company, namesOf, newCase, patch, person, takesPart, wallOff } from './fixtures.js';

beforeAll(async () => void (await testApp())); // starting it is nobody's test

const FORM = {
  kind: 'person' as const, givenName: 'Lena', middleName: 'M.', familyName: 'Fischer', suffix: 'Jr.', jobTitle: 'General Counsel', dateOfBirth: '1980-02-29',
  website: 'https://northgate.example', notes: 'Met in Boston', tags: ['vip', 'shipping'], metadata: { crm: { id: 7 } },
  names: [{ kind: 'maiden' as const, name: 'Lena Weber' }, { kind: 'alias' as const, name: 'L. Fischer' }],
  emails: [{ email: 'LENA@northgate.example' }, { email: 'lena@home.example', label: 'home' }],
  phones: [{ phone: '+1 (212) 555-0142' }, { phone: '+1 617 555 0100', label: 'mobile', isPrimary: true }],
  addresses: [{ line1: '40 Wharf Street', city: 'Boston', region: 'MA', postalCode: '02110', country: 'US' }],
};

test('a form is stored in one request and comes back as it was, the first of a list being primary unless said otherwise', async () => {
  const firm = await newFirm();
  const made = await firm.admin.api.POST('/v1/contacts', { body: FORM });
  const contact = granted(made);
  const { kind, names, emails, phones, addresses, ...rest } = FORM;
  expect(contact).toMatchObject({ kind, ...rest, name: 'Lena M. Fischer Jr.', sortName: 'fischer, lena m.', clientId: null, version: 1, createdBy: firm.admin.id, possibleDuplicates: [] });
  expect(contact.names).toMatchObject(names);
  expect(contact.emails).toMatchObject([{ email: 'lena@northgate.example', label: 'work', isPrimary: true }, { ...emails[1], isPrimary: false }]);
  expect(contact.phones).toMatchObject([{ ...phones[0], isPrimary: false }, phones[1]!]);
  expect(contact.addresses).toMatchObject([{ ...addresses[0], line2: null, label: 'work', isPrimary: true }]);
  expect(contact).toMatchObject({ primaryEmail: 'lena@northgate.example', primaryPhone: '+1 617 555 0100' });
  const read = await firm.admin.api.GET('/v1/contacts/{id}', { params: { path: { id: contact.id } } });
  const { possibleDuplicates: _, ...stored } = contact;
  expect(granted(read)).toEqual(stored);
  expect(etagOf(read)).toBe(etagOf(made));
  expect(made.response.headers.get('location')).toBe(`/v1/contacts/${contact.id}`);
});

test('a list that is sent replaces the one there is, elements keep their ids, and what is left out stays', async () => {
  const firm = await newFirm();
  const contact = granted(await firm.admin.api.POST('/v1/contacts', { body: FORM }));
  const [first, second] = contact.emails;
  // the two swap places and addresses at once
  const swapped = [{ ...second!, email: first!.email, isPrimary: true }, { ...first!, email: second!.email, isPrimary: false }, { email: 'new@northgate.example' }];
  const changed = granted(await patch(firm.admin, contact.id, { emails: swapped, addresses: [{ line1: 'New', country: 'DE' }, { ...contact.addresses[0]!, city: 'Salem', isPrimary: false }] }));
  expect(changed.emails).toMatchObject([{ id: second!.id, email: first!.email, isPrimary: true }, { id: first!.id, email: second!.email }, { email: 'new@northgate.example', isPrimary: false }]);
  expect(changed.addresses).toMatchObject([{ line1: 'New', isPrimary: true }, { id: contact.addresses[0]!.id, city: 'Salem', isPrimary: false }]);
  expect([changed.names, changed.phones, changed.version]).toEqual([contact.names, contact.phones, 2]);
  const emptied = granted(await patch(firm.admin, contact.id, { names: [], phones: [], tags: [' a ', 'a', 'b'] }));
  expect(emptied).toMatchObject({ names: [], phones: [], primaryPhone: null, tags: ['a', 'b'], version: 3 });
  expect(emptied.emails).toEqual(changed.emails);
});

test('sending everything back unchanged changes nothing and leaves nothing on the trail', async () => {
  const firm = await newFirm();
  const contact = granted(await firm.admin.api.POST('/v1/contacts', { body: FORM }));
  const before = await trail(firm);
  const { names, emails, phones, addresses, givenName, metadata } = contact;
  const again = granted(await patch(firm.admin, contact.id, { names, emails, phones, addresses, givenName, metadata }));
  expect([again.version, again.updatedAt]).toEqual([contact.version, contact.updatedAt]);
  expect(await trail(firm)).toEqual(before);
});

test('a change wants the current state: without If-Match 428, with an old one 412 and the current ETag', async () => {
  const firm = await newFirm();
  const made = await firm.admin.api.POST('/v1/contacts', { body: FORM });
  const { id } = granted(made);
  const first = await patch(firm.admin, id, { emails: [{ email: 'only@northgate.example' }] }, etagOf(made));
  expect(granted(first).version).toBe(2);
  const stale = await patch(firm.admin, id, { givenName: 'Late' }, etagOf(made));
  refused(stale, 412, 'precondition_failed');
  expect(etagOf(stale)).toBe(etagOf(first));
  refused(await firm.admin.api.DELETE('/v1/contacts/{id}', { params: { path: { id }, header: { 'If-Match': etagOf(made) } } }), 412, 'precondition_failed');
  refused(await firm.admin.api.PATCH('/v1/contacts/{id}', { params: { path: { id } }, body: {} }), 428, 'precondition_required');
  granted(await firm.admin.api.DELETE('/v1/contacts/{id}', { params: { path: { id }, header: { 'If-Match': etagOf(first) } } }));
  refused(await firm.admin.api.GET('/v1/contacts/{id}', { params: { path: { id } } }), 404, 'not_found');
});

const REFUSED: [body: object, status: number, fault: string][] = [
  [{ kind: 'person' }, 422, '/familyName: contact_name_missing'],
  [{ kind: 'company' }, 422, '/companyName: contact_name_missing'],
  [{ kind: 'company', companyName: 'A', givenName: 'B' }, 422, '/givenName: contact_kind_mismatch'],
  [{ kind: 'person', familyName: 'A', companyName: 'B' }, 422, '/companyName: contact_kind_mismatch'],
  [{ kind: 'ghost', familyName: 'A' }, 400, '/kind: is_in'],
  [{ kind: 'person', familyName: 'A', dateOfBirth: '2023-02-29' }, 400, '/dateOfBirth: is_iso8601'],
  [{ kind: 'person', familyName: 'A', emails: [{ email: 'a@b.example' }, { email: 'A@B.example' }] }, 422, '/emails/1/email: duplicate_part'],
  [{ kind: 'person', familyName: 'A', emails: [{ email: 'no address' }] }, 400, '/emails/0/email: is_email'],
  [{ kind: 'person', familyName: 'A', emails: [{ email: 'a@b.example', kind: 'x' }] }, 400, '/emails/0/kind: unknown_field'],
  [{ kind: 'person', familyName: 'A', emails: ['a@b.example'] }, 400, '/emails: is_object'],
  [{ kind: 'person', familyName: 'A', phones: [{ phone: '123', isPrimary: true }, { phone: '124', isPrimary: true }] }, 422, '/phones/1/isPrimary: several_primary'],
  [{ kind: 'person', familyName: 'A', names: [{ kind: 'alias', name: 'B' }, { kind: 'alias', name: 'B' }] }, 422, '/names/1/name: duplicate_part'],
  [{ kind: 'person', familyName: 'A', addresses: [{ id: '019f0000-0000-7000-8000-000000000000', line1: 'x', country: 'US' }] }, 422, '/addresses/0/id: unknown_part'],
  [{ kind: 'person', familyName: 'A', addresses: [{ line1: 'x', country: 'usa' }] }, 400, '/addresses/0/country: matches'],
  [{ kind: 'person', familyName: 'A', metadata: { a: 'x'.repeat(17_000) } }, 400, '/metadata: max_size'],
  [{ kind: 'person', familyName: 'A', metadata: [] }, 400, '/metadata: is_object'],
  [{ kind: 'person', familyName: 'A', tags: Array.from({ length: 51 }, (_, i) => `${i}`) }, 400, '/tags: array_max_size'],
  [{ kind: 'person', familyName: 'A', version: 3 }, 400, '/version: unknown_field'],
];
test.each(REFUSED.map(([body, status, fault]) => ({ body, status, fault })))('a contact that cannot be is refused where it is wrong: $fault', async ({ body, status, fault }) => {
  const firm = await newFirm();
  const answer = await firm.admin.api.POST('/v1/contacts', { body: body as never });
  expect(answer.response.status).toBe(status);
  expect(faults(answer.error as never)).toContain(fault);
  expect(await namesOf(firm.admin)).toEqual([]);
});

test('an element of another contact is none of this one’s', async () => {
  const firm = await newFirm();
  const [one, other] = [await person(firm.admin, 'A', 'One', { emails: [{ email: 'one@x.example' }] }), await person(firm.admin, 'B', 'Other')];
  const answer = await patch(firm.admin, other.id, { emails: [one.emails[0]!] });
  expect(faults(refused(answer, 422, 'unknown_part'))).toEqual(['/emails/0/id: unknown_part']);
});

test('who may be the same is named and not refused: by e-mail, by name in any order and spelling, by alias', async () => {
  const firm = await newFirm();
  const lena = await person(firm.admin, 'Lena', 'Fischer', { emails: [{ email: 'lena@x.example' }], names: [{ kind: 'trade', name: 'Fischer Freight GmbH' }] });
  const twin = await person(firm.admin, 'Fischer', 'Léna', { emails: [{ email: 'lena@x.example' }] });
  expect(twin.possibleDuplicates).toEqual([{ id: lena.id, kind: 'person', name: 'Lena Fischer', reasons: ['email', 'name'] }]);
  expect((await company(firm.admin, 'Fischer Freight, Inc.')).possibleDuplicates).toMatchObject([{ id: lena.id, reasons: ['name'] }]);
  expect((await person(firm.admin, 'Lena', 'Fischbach')).possibleDuplicates).toEqual([]);
  expect((await person((await newFirm()).admin, 'Lena', 'Fischer')).possibleDuplicates).toEqual([]);
});

test('the same request under one Idempotency-Key makes one contact; a dry run makes none', async () => {
  const firm = await newFirm();
  await person(firm.admin, 'Lena', 'Fischer');
  const create = (query: { dryRun?: boolean } = {}, key = 'once') =>
    firm.admin.api.POST('/v1/contacts', { params: { query, header: { 'Idempotency-Key': key } }, body: { kind: 'person', givenName: 'Lena', familyName: 'Fischer' } });
  expect(granted(await create({ dryRun: true }, 'dry')).possibleDuplicates).toHaveLength(1);
  const [first, again] = [await create(), await create()];
  expect(granted(again).id).toBe(granted(first).id);
  expect(again.response.headers.get('idempotency-replayed')).toBe('true');
  // who else there is may be hidden by now
  expect(granted(again)).not.toHaveProperty('possibleDuplicates');
  expect(await namesOf(firm.admin)).toHaveLength(2);
});

test('contacts are found by kind, tag, words, e-mail, phone and by being clients', async () => {
  const firm = await newFirm();
  const lena = await person(firm.admin, 'Lena', 'Fischer', {
    tags: ['vip'], emails: [{ email: 'lena@northgate.example' }], phones: [{ phone: '+1 (212) 555-0142' }], names: [{ kind: 'maiden', name: 'Lena Weber' }],
  });
  await company(firm.admin, 'Müller & Söhne GmbH', { tags: ['vip', 'freight'] });
  await company(firm.admin, '100%_sure\\ Ltd.');
  granted(await firm.admin.api.POST('/v1/clients', { body: { contactId: lena.id } }));
  const found = (query: object) => namesOf(firm.admin, query as never);
  expect(await found({})).toEqual(['100%_sure\\ Ltd.', 'Lena Fischer', 'Müller & Söhne GmbH']);
  expect(await found({ kind: 'person' })).toEqual(['Lena Fischer']);
  expect(await found({ tag: 'vip' })).toEqual(['Lena Fischer', 'Müller & Söhne GmbH']);
  expect(await found({ tag: 'vip', kind: 'company' })).toEqual(['Müller & Söhne GmbH']);
  expect(await found({ tag: 'VIP' })).toEqual([]);
  for (const q of ['fisch', 'FISCHER lena', 'weber', 'northgate', 'lena@']) expect(await found({ q }), q).toEqual(['Lena Fischer']);
  for (const q of ['muller', 'söhne', 'sohne mull', 'Müller & Söhne Gmb']) expect(await found({ q }), q).toEqual(['Müller & Söhne GmbH']);
  for (const q of ['100%', '%', '_', '\\', 'sure']) expect(await found({ q }), q).toEqual(['100%_sure\\ Ltd.']);
  for (const q of ['fischer freight', "' or true --"]) expect(await found({ q }), q).toEqual([]);
  expect(await found({ email: 'Lena@Northgate.example' })).toEqual(['Lena Fischer']);
  expect(await found({ email: 'northgate.example' })).toEqual([]);
  for (const phone of ['212 555 0142', '5550142', '12125550142']) expect(await found({ phone }), phone).toEqual(['Lena Fischer']);
  expect(await found({ phone: '2125550143' })).toEqual([]);
  expect(await found({ isClient: true })).toEqual(['Lena Fischer']);
  expect(await found({ isClient: false, q: 'e' })).toEqual(['100%_sure\\ Ltd.', 'Müller & Söhne GmbH']);
  expect(await namesOf((await newFirm()).admin, { q: 'lena' })).toEqual([]);
});

test('pages hold every contact once in every order, with and without a text, and count what matches', async () => {
  const firm = await newFirm();
  await asFirm(firm, `insert into contacts (firm_id, id, kind, given_name, family_name, tags, created_at, updated_at)
    select $1, gen_random_uuid(), 'person', 'Same', 'Name ' || n % 4, case when n % 2 = 0 then '{even}'::text[] else '{}' end, now() - make_interval(mins => n % 3), now() from generate_series(1, 23) n`, [firm.id]);
  for (const filter of [{}, { q: 'same' }, { tag: 'even' }]) {
    for (const sort of ['name', '-name', '-createdAt', 'updatedAt']) {
      const whole = granted(await firm.admin.api.GET('/v1/contacts', { params: { query: { ...filter, sort, limit: 200, count: true } } }));
      expect(whole.total).toBe('tag' in filter ? 11 : 23);
      const ids: string[] = [];
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page = granted(await firm.admin.api.GET('/v1/contacts', { params: { query: { ...filter, sort, limit: 5, ...(cursor && { cursor }) } } }));
        ids.push(...page.data.map(({ id }) => id));
        cursor = page.nextCursor;
      }
      expect(ids).toEqual(whole.data.map(({ id }) => id));
      expect(new Set(ids).size).toBe(whole.total);
    }
  }
  const changed = granted(await firm.admin.api.GET('/v1/contacts', { params: { query: { limit: 1 } } })).data[0]!;
  const { updatedAt } = granted(await patch(firm.admin, changed.id, { notes: 'new' }));
  const since = granted(await firm.admin.api.GET('/v1/contacts', { params: { query: { updatedSince: updatedAt } } })).data;
  expect(since.map(({ id }) => id)).toEqual([changed.id]);
});

test('a filter that more contacts fit than are looked up gives the same pages', async () => {
  const firm = await newFirm();
  await asFirm(firm, `insert into contacts (firm_id, id, kind, company_name, tags) select $1, gen_random_uuid(), 'company', 'Common ' || lpad(n::text, 4, '0'), '{all}' from generate_series(1, 2100) n`, [firm.id]);
  for (const filter of [{ q: 'common' }, { tag: 'all' }]) {
    const page = granted(await firm.admin.api.GET('/v1/contacts', { params: { query: { ...filter, limit: 2, count: true } } }));
    expect([page.total, ...page.data.map(({ name }) => name)]).toEqual([2100, 'Common 0001', 'Common 0002']);
  }
  expect(await namesOf(firm.admin, { q: 'common 2099', tag: 'all' })).toEqual(['Common 2099']);
});

test('a list and its expansions take one statement, however many rows; a read of one takes one', async () => {
  const firm = await newFirm();
  const made = [];
  for (let i = 0; i < 6; i++) made.push(await person(firm.admin, 'P', `${i}`, { emails: [{ email: `p${i}@x.example` }], names: [{ kind: 'alias', name: `Q${i}` }] }));
  const watch = watchStatements();
  try {
    for (const limit of [1, 6]) {
      watch.reset();
      const { data } = granted(await firm.admin.api.GET('/v1/contacts', { params: { query: { limit, expand: 'names,emails,phones,addresses', q: 'p' } } }));
      expect([data.length, watch.statements]).toEqual([limit, 1]);
      expect(data[0]).toMatchObject({ emails: [{ email: 'p0@x.example' }], names: [{ name: 'Q0' }], phones: [] });
    }
    watch.reset();
    const row = granted(await firm.admin.api.GET('/v1/contacts', { params: { query: { limit: 1 } } })).data[0]!;
    expect(row).not.toHaveProperty('emails');
    watch.reset();
    granted(await firm.admin.api.GET('/v1/contacts/{id}', { params: { path: { id: made[0]!.id } } }));
    expect(watch.statements).toBe(1);
  } finally {
    watch.stop();
  }
});

test('a client, a party and whom bills go to are not deleted; others are, with what hangs on them', async () => {
  const firm = await newFirm();
  const [client, witness, payer, nobody] = [await person(firm.admin, 'A', 'Client'), await person(firm.admin, 'A', 'Witness'), await person(firm.admin, 'A', 'Payer'), await person(firm.admin, 'A', 'Nobody', FORM)];
  const { id: clientId } = granted(await firm.admin.api.POST('/v1/clients', { body: { contactId: client.id, billingContactId: payer.id } }));
  await takesPart(firm, await newCase(firm, clientId), witness.id);
  granted(await firm.admin.api.POST('/v1/contacts/{id}/relations', { params: { path: { id: nobody.id } }, body: { contactId: client.id, kind: 'spouse' } }));
  const remove = (id: string, query: { dryRun?: boolean } = {}) => firm.admin.api.DELETE('/v1/contacts/{id}', { params: { path: { id }, query, header: ANY } });
  refused(await remove(client.id), 409, 'contact_is_client');
  refused(await remove(witness.id), 409, 'contact_in_case');
  refused(await remove(payer.id), 409, 'contact_is_billed');
  granted(await remove(nobody.id, { dryRun: true }));
  expect(await namesOf(firm.admin)).toHaveLength(4);
  granted(await remove(nobody.id));
  expect(await namesOf(firm.admin)).toEqual(['A Client', 'A Payer', 'A Witness']);
  // and where no check was made before, the database says the same
  await expect(asFirm(firm, 'delete from contacts where id = $1', [witness.id])).rejects.toMatchObject({ code: expect.stringMatching(/^23503$|^23001$/) });
});

test('what keeps a contact is said by the database too, where its reason is hidden from the caller', async () => {
  const firm = await newFirm();
  const screened = await firm.person('partner');
  const payer = await person(firm.admin, 'A', 'Payer');
  const { id } = granted(await firm.admin.api.POST('/v1/clients', { body: { contact: { kind: 'company', companyName: 'Hidden' }, billingContactId: payer.id } }));
  await wallOff(firm, await newCase(firm, id), screened);
  expect(await namesOf(screened)).toEqual(['A Payer']);
  const problem = refused(await screened.api.DELETE('/v1/contacts/{id}', { params: { path: { id: payer.id }, header: ANY } }), 409, 'contact_is_billed');
  expect(JSON.stringify(problem)).not.toMatch(/Hidden/);
});

test('who may only read changes nothing; the contacts of another firm do not exist', async () => {
  const [firm, other] = [await newFirm(), await newFirm()];
  const reader = await firm.person('readonly');
  const [mine, theirs] = [await person(firm.admin, 'A', 'Mine'), await person(other.admin, 'A', 'Theirs')];
  expect(granted(await reader.api.GET('/v1/contacts/{id}', { params: { path: { id: mine.id } } })).name).toBe('A Mine');
  expect(refused(await patch(reader, mine.id, { notes: 'x' }), 403, 'forbidden')['permission']).toBe('clients.write');
  refused(await reader.api.POST('/v1/contacts', { body: { kind: 'person', familyName: 'X' } }), 403, 'forbidden');
  refused(await patch(firm.admin, theirs.id, { notes: 'x' }), 404, 'not_found');
  refused(await firm.admin.api.DELETE('/v1/contacts/{id}', { params: { path: { id: theirs.id }, header: ANY } }), 404, 'not_found');
  refused(await firm.admin.api.POST('/v1/contacts/{id}/relations', { params: { path: { id: mine.id } }, body: { contactId: theirs.id, kind: 'spouse' } }), 422, 'unknown_contact');
  expect((await (await raw()).get(`/v1/contacts/${theirs.id}/network`).set(bearer(firm.admin))).status).toBe(404);
});
