import { expect, test } from 'vitest';
import { newFirm, type Person } from '../../support/factories.js';
import { bearer, expectProblem, faults, granted, raw } from '../support/check.js';
import { trail } from '../support/fixtures.js';

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const JPEG = Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(100, 7)]);

const set = async (person: Person, body: object) => (await raw()).put('/v1/firm/logo').set(bearer(person)).send(body);
const read = async (person: Person, headers: Record<string, string> = {}) => (await raw()).get('/v1/firm/logo').set(bearer(person)).set(headers).buffer(true).parse(bytes);
const bytes = (answer: object, done: (error: Error | null, body: Buffer) => void) => {
  const response = answer as NodeJS.ReadableStream; // which supertest’s types do not say
  const parts: Buffer[] = [];
  response.on('data', (part: Buffer) => parts.push(part)).on('end', () => done(null, Buffer.concat(parts)));
};

test('a logo is set, shown byte for byte, replaced and removed', async () => {
  const firm = await newFirm();
  const reader = await firm.person('readonly');
  expectProblem(await (await raw()).get('/v1/firm/logo').set(bearer(reader)), 404, 'not_found');
  for (const [mediaType, picture] of [['image/png', PNG], ['image/jpeg', JPEG]] as const) {
    expect((await set(firm.admin, { mediaType, data: picture.toString('base64') })).status).toBe(204);
    const shown = await read(reader);
    expect([shown.status, shown.headers['content-type']]).toEqual([200, mediaType]);
    expect(Buffer.compare(shown.body as Buffer, picture)).toBe(0);
    expect(shown.headers['x-content-type-options']).toBe('nosniff');
  }
  expect(granted(await reader.api.GET('/v1/firm')).hasLogo).toBe(true);
  expect((await (await raw()).delete('/v1/firm/logo').set(bearer(firm.admin))).status).toBe(204);
  expectProblem(await (await raw()).get('/v1/firm/logo').set(bearer(reader)), 404, 'not_found');
  expect(granted(await reader.api.GET('/v1/firm')).hasLogo).toBe(false);
});

test('a logo at hand is not sent again', async () => {
  const firm = await newFirm();
  await set(firm.admin, { mediaType: 'image/png', data: PNG.toString('base64') });
  const { etag } = (await read(firm.admin)).headers;
  expect(etag).toMatch(/^"[0-9a-f]{64}"$/);
  const again = await read(firm.admin, { 'if-none-match': etag! });
  expect([again.status, (again.body as Buffer).length]).toEqual([304, 0]);
  await set(firm.admin, { mediaType: 'image/jpeg', data: JPEG.toString('base64') });
  expect((await read(firm.admin, { 'if-none-match': etag! })).status).toBe(200);
});

test.each([
  [{ mediaType: 'image/svg+xml', data: PNG.toString('base64') }, 400, 'validation_failed', '/mediaType: is_in'],
  [{ mediaType: 'image/png' }, 400, 'validation_failed', '/data: is_string'],
  [{ mediaType: 'image/png', data: '' }, 400, 'validation_failed', '/data: min_length'],
  [{ mediaType: 'image/png', data: 'x'.repeat(700_001) }, 400, 'validation_failed', '/data: max_length'],
  [{ mediaType: 'image/png', data: 'not base64!' }, 422, 'invalid_logo', '/data: invalid_logo'],
  [{ mediaType: 'image/png', data: JPEG.toString('base64') }, 422, 'invalid_logo', '/data: invalid_logo'],
  [{ mediaType: 'image/jpeg', data: PNG.toString('base64') }, 422, 'invalid_logo', '/data: invalid_logo'],
  [{ mediaType: 'image/png', data: Buffer.concat([PNG, Buffer.alloc(524_289 - PNG.length)]).toString('base64') }, 422, 'invalid_logo', '/data: invalid_logo'],
])('what is no logo is refused (case %#)', async (body, status, code, fault) => {
  const firm = await newFirm();
  expect(faults(expectProblem(await set(firm.admin, body), status, code))).toContain(fault);
});

test('the largest logo there may be is taken', async () => {
  const firm = await newFirm();
  const picture = Buffer.concat([PNG, Buffer.alloc(524_288 - PNG.length)]);
  expect((await set(firm.admin, { mediaType: 'image/png', data: picture.toString('base64') })).status).toBe(204);
  expect(((await read(firm.admin)).body as Buffer).length).toBe(524_288);
});

test('only who manages the firm sets or removes its logo, and the trail tells of it without the picture', async () => {
  const firm = await newFirm();
  const partner = await firm.person('partner');
  expectProblem(await set(partner, { mediaType: 'image/png', data: PNG.toString('base64') }), 403, 'forbidden');
  expectProblem(await (await raw()).delete('/v1/firm/logo').set(bearer(partner)), 403, 'forbidden');
  await set(firm.admin, { mediaType: 'image/png', data: PNG.toString('base64') });
  const [event] = await trail(firm, { table: 'firm_logos' });
  expect(event).toMatchObject({ action: 'insert', userId: firm.admin.id, after: { media_type: 'image/png', sha256: expect.any(String) } });
  expect(event!.after).not.toHaveProperty('bytes');
});
