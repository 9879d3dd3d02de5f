import { expect, test } from 'vitest';
import { newId } from '../../../src/common/ids.js';
import { testApp } from '../../support/app.js';
import { newFirm, type TestFirm } from '../../support/factories.js';
import { etagOf, faults, granted, refused } from '../support/check.js';
import { trail } from '../support/fixtures.js';

const change = (firm: TestFirm, body: object, etag = '*') => firm.admin.api.PATCH('/v1/firm', { params: { header: { 'If-Match': etag } }, body });

test('a new firm has a value for everything that work needs', async () => {
  const firm = await newFirm();
  expect(granted(await firm.admin.api.GET('/v1/firm'))).toMatchObject({
    id: firm.id, slug: firm.slug, name: `Firm ${firm.slug}`, country: 'US', timeZone: 'America/New_York', currency: 'USD', language: 'en',
    clientNumberTemplate: 'C-{seq:5}', caseNumberTemplate: '{year}-{seq:5}', caseNumberScope: null, invoiceNumberTemplate: 'INV-{year}-{seq:5}',
    workWeek: [1, 2, 3, 4, 5], workDayMinutes: 480, weekStartsOn: 1, fiscalYearStartMonth: 1, sessionDays: 30, hasLogo: false, version: 1,
    legalName: null, taxId: null, ledesLawFirmId: null, addressLine1: null, addressLine2: null, city: null, region: null, postalCode: null,
    phone: null, email: null, website: null,
  });
});

test('every setting can be changed, is kept, and is on record', async () => {
  const firm = await newFirm();
  const settings = {
    name: 'Harbor & Finch', legalName: 'Harbor & Finch LLP', taxId: '00-5550142', ledesLawFirmId: 'HF1', addressLine1: '48 Wall Street', addressLine2: '21st Floor',
    city: 'Buenos Aires', region: 'BA', postalCode: 'C1001', country: 'AR', phone: '+54 11 5550 142', email: 'office@harborfinch.example',
    website: 'https://harborfinch.example', timeZone: 'America/Argentina/Buenos_Aires', currency: 'ARS', language: 'es-AR', clientNumberTemplate: '{seq}',
    caseNumberTemplate: '{client}/{seq:3}', caseNumberScope: 'client', invoiceNumberTemplate: 'R{seq:8}', workWeek: [7, 1, 2], workDayMinutes: 450, weekStartsOn: 7,
    fiscalYearStartMonth: 7, sessionDays: 1,
  };
  const changed = await change(firm, settings);
  expect(granted(changed)).toMatchObject({ ...settings, version: 2, slug: firm.slug });
  const read = await firm.admin.api.GET('/v1/firm');
  expect(granted(read)).toEqual(granted(changed));
  expect(etagOf(read)).toBe(etagOf(changed));
  const [event] = await trail(firm, { table: 'firms', action: 'update' });
  expect(event).toMatchObject({ userId: firm.admin.id, rowId: firm.id, before: { name: `Firm ${firm.slug}`, work_day_minutes: 480 }, after: { name: 'Harbor & Finch', work_day_minutes: 450 } });
  expect(Object.keys(event!.after!)).toHaveLength(Object.keys(settings).length);
});

test('what may be empty can be emptied again, what may not cannot', async () => {
  const firm = await newFirm();
  const optional = ['legalName', 'taxId', 'ledesLawFirmId', 'addressLine1', 'addressLine2', 'city', 'region', 'postalCode', 'phone', 'email', 'website'];
  const nothing = Object.fromEntries(optional.map((name) => [name, null]));
  expect(granted(await change(firm, { ...nothing, legalName: 'X LLP' })).legalName).toBe('X LLP');
  expect(granted(await change(firm, nothing))).toMatchObject(nothing);
  for (const name of ['name', 'country', 'timeZone', 'currency', 'language', 'caseNumberTemplate', 'workWeek', 'workDayMinutes', 'sessionDays']) {
    const found = faults(refused(await change(firm, { [name]: null }), 400, 'validation_failed'));
    expect(found.every((fault) => fault.startsWith(`/${name}: `)), name).toBe(true);
  }
});

test.each([
  [{ name: '   ' }, '/name: min_length'],
  [{ name: 'x'.repeat(201) }, '/name: max_length'],
  [{ name: 7 }, '/name: is_string'],
  [{ country: 'usa' }, '/country: matches'],
  [{ currency: 'usd' }, '/currency: matches'],
  [{ language: 'English' }, '/language: matches'],
  [{ email: 'nobody' }, '/email: is_email'],
  [{ website: 'javascript:alert(1)' }, '/website: matches'],
  [{ clientNumberTemplate: 'no sequence' }, '/clientNumberTemplate: matches'],
  [{ caseNumberTemplate: '{seq:123}' }, '/caseNumberTemplate: matches'],
  [{ caseNumberTemplate: '{seq}-{seq}' }, '/caseNumberTemplate: matches'],
  [{ caseNumberTemplate: '{year}' }, '/caseNumberTemplate: matches'],
  [{ caseNumberTemplate: '{matter}-{seq}' }, '/caseNumberTemplate: matches'],
  [{ caseNumberTemplate: '{seq:0}' }, '/caseNumberTemplate: matches'],
  [{ clientNumberTemplate: '{client}-{seq}' }, '/clientNumberTemplate: matches'],
  [{ clientNumberTemplate: '{seq:5' }, '/clientNumberTemplate: matches'],
  [{ caseNumberScope: 'month' }, '/caseNumberScope: is_in'],
  [{ caseNumberScope: '' }, '/caseNumberScope: is_in'],
  [{ invoiceNumberTemplate: `{seq}${'x'.repeat(60)}` }, '/invoiceNumberTemplate: max_length'],
  [{ workWeek: [] }, '/workWeek: array_min_size'],
  [{ workWeek: [0] }, '/workWeek: min'],
  [{ workWeek: [8] }, '/workWeek: max'],
  [{ workWeek: [1, 1] }, '/workWeek: array_unique'],
  [{ workWeek: ['1'] }, '/workWeek: is_int'],
  [{ workWeek: 1 }, '/workWeek: is_array'],
  [{ workDayMinutes: 59 }, '/workDayMinutes: min'],
  [{ workDayMinutes: 1441 }, '/workDayMinutes: max'],
  [{ workDayMinutes: 480.5 }, '/workDayMinutes: is_int'],
  [{ workDayMinutes: '480' }, '/workDayMinutes: is_int'],
  [{ weekStartsOn: 0 }, '/weekStartsOn: min'],
  [{ fiscalYearStartMonth: 13 }, '/fiscalYearStartMonth: max'],
  [{ sessionDays: 366 }, '/sessionDays: max'],
  [{ slug: 'another' }, '/slug: unknown_field'],
  [{ 'a/b~c': 1 }, '/a~1b~0c: unknown_field'],
  [{ version: 9 }, '/version: unknown_field'],
])('a setting that cannot be is refused where it stands: %j', async (body, fault) => {
  const firm = await newFirm();
  expect(faults(refused(await change(firm, body), 400, 'validation_failed'))).toContain(fault);
});

test('every fault of a request is named at once', async () => {
  const firm = await newFirm();
  const found = faults(refused(await change(firm, { name: '', country: 'u', nonsense: true, workDayMinutes: 1 }), 400, 'validation_failed'));
  expect(found).toEqual(expect.arrayContaining(['/country: matches', '/name: min_length', '/nonsense: unknown_field', '/workDayMinutes: min']));
});

test('what case numbers count stands in them: a scope without its part in the template is refused, whichever of the two is changed', async () => {
  const firm = await newFirm();
  const ambiguous = async (body: object) => {
    const problem = refused(await change(firm, body), 422, 'case_numbers_ambiguous');
    expect(problem.errors?.[0]?.message).toMatch(/caseNumberTemplate, which is "/);
    return faults(problem);
  };
  expect(await ambiguous({ caseNumberScope: 'client' })).toEqual(['/caseNumberScope: case_numbers_ambiguous']);
  expect(await ambiguous({ caseNumberTemplate: 'M{seq:6}', caseNumberScope: 'year' })).toEqual(['/caseNumberScope: case_numbers_ambiguous']);
  expect(granted(await change(firm, { caseNumberScope: 'year' }))).toMatchObject({ caseNumberScope: 'year', caseNumberTemplate: '{year}-{seq:5}' });
  expect(await ambiguous({ caseNumberTemplate: 'M{seq:6}' })).toEqual(['/caseNumberTemplate: case_numbers_ambiguous']);
  expect(granted(await change(firm, { caseNumberTemplate: 'M{seq:6}', caseNumberScope: 'firm' }))).toMatchObject({ caseNumberScope: 'firm', caseNumberTemplate: 'M{seq:6}' });
  expect(granted(await change(firm, { caseNumberTemplate: '{client}.{year}.{seq}', caseNumberScope: 'client' })).caseNumberScope).toBe('client');
  expect(granted(await change(firm, { caseNumberScope: null, caseNumberTemplate: '{seq:9}' })).caseNumberScope).toBeNull();
});

test.each([
  [{ caseNumberTemplate: '{year}-{seq:3}' }, ['2025-001', '2025-002', '2026-001']],
  [{ caseNumberTemplate: '{year}-{seq:3}', caseNumberScope: 'firm' }, ['2025-001', '2025-002', '2026-003']],
  [{ caseNumberTemplate: '{client}/{seq}', clientNumberTemplate: 'K{seq:2}' }, ['K01/1', 'K02/1', 'K02/2']],
  [{ caseNumberTemplate: 'M{seq:4}' }, ['M0001', 'M0002', 'M0003']],
])('numbers follow the setting: %j', async (settings, numbers) => {
  const firm = await newFirm();
  granted(await change(firm, settings));
  const { database } = await testApp();
  const given = await database.write({ kind: 'system', firmId: firm.id }, async () => {
    const clients = [newId(), newId()];
    for (const id of clients) {
      await database.execute(`insert into contacts (firm_id, id, kind, company_name) values ($1, $2, 'company', 'Client')`, [firm.id, id]);
      await database.execute(`insert into clients (firm_id, id, contact_id) values ($1, $2, $2)`, [firm.id, id]);
    }
    const made: string[] = [];
    for (const [client, openedOn] of [[0, '2025-02-03'], [1, '2025-12-31'], [1, '2026-01-02']] as const) {
      made.push((await database.first<{ number: string }>(`insert into cases (firm_id, id, title, client_id, status, opened_on) values ($1, $2, 'Case', $3, 'open', $4) returning number`,
        [firm.id, newId(), clients[client], openedOn]))!.number);
    }
    return made;
  });
  expect(given).toEqual(numbers);
});

test('a time zone is one the world knows, under its old or its new name', async () => {
  const firm = await newFirm();
  for (const timeZone of ['UTC', 'Asia/Kolkata', 'Asia/Calcutta', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5']) {
    expect(granted(await change(firm, { timeZone })).timeZone).toBe(timeZone);
  }
  for (const timeZone of ['Mars/Olympus', 'New York', '+01:00', 'europe/berlin', 'Z']) {
    expect(faults(refused(await change(firm, { timeZone }), 422, 'unknown_time_zone'))).toEqual(['/timeZone: unknown_time_zone']);
  }
});

test('everybody of the firm reads its settings, only who manages it changes them', async () => {
  const firm = await newFirm();
  const reader = await firm.person('readonly');
  expect(granted(await reader.api.GET('/v1/firm')).id).toBe(firm.id);
  const partner = await firm.person('partner');
  const answer = await partner.api.PATCH('/v1/firm', { params: { header: { 'If-Match': '*' } }, body: { name: 'Mine' } });
  expect(refused(answer, 403, 'forbidden')['permission']).toBe('firm.manage');
});

test('texts keep what people write in them', async () => {
  const firm = await newFirm();
  const name = `Łódź & “Söhne” 律師 😀 <b>'; drop table firms; --`;
  expect(granted(await change(firm, { name: `  ${name}\n` })).name).toBe(name);
  expect(granted(await firm.admin.api.GET('/v1/firm')).name).toBe(name);
});
