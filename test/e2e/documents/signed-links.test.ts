import { beforeAll, describe, expect, test } from 'vitest';
import { newFirm, type Person, type TestFirm } from '../../support/factories.js';
import { download, uploadDocument, type UploadedDocument } from '../../support/uploads.js';
import { newCase, wallOff, type TestCase } from '../casework/fixtures.js';
import { granted, refused } from '../support/check.js';
import { asFirm, clientWith, trail } from '../support/fixtures.js';

let firm: TestFirm;
let about: TestCase;
let document: UploadedDocument;
beforeAll(async () => {
  firm = await newFirm();
  about = await newCase(firm);
  document = await uploadDocument(firm.admin, about.id, { name: 'note.txt', bytes: 'for a browser' });
});

const link = (as: Pick<Person, 'api'>, body: { expiresInSeconds?: number; disposition?: 'inline' | 'attachment' } = {}) => as.api.POST('/v1/documents/{id}/versions/{number}/links', { params: { path: { id: document.id, number: '1' } }, body });
const tokenOf = async (as: Person, body: Parameters<typeof link>[1] = {}) => new URL(granted(await link(as, body)).url).pathname;
const follow = (path: string, headers: Record<string, string> = {}, method = 'GET') => download(undefined, path, headers, method);
const code = (answer: { text: string }) => (JSON.parse(answer.text) as { code: string }).code;

describe('a signed link', () => {
  test('gives the version to a browser without a credential, and says so on the trail', async () => {
    const author = await firm.person('associate');
    const made = granted(await link(author, { expiresInSeconds: 60 }));
    expect(made.url).toMatch(/^http:\/\/[^/]+\/v1\/downloads\/[\w-]{100,180}$/);
    expect(Date.parse(made.expiresAt) - Date.now()).toBeGreaterThan(50_000);
    expect(Date.parse(made.expiresAt) - Date.now()).toBeLessThanOrEqual(61_000);
    const path = new URL(made.url).pathname;
    const answer = await follow(path);
    expect([answer.status, answer.text, answer.headers.get('cross-origin-resource-policy'), answer.headers.get('referrer-policy')]).toEqual([200, 'for a browser', 'cross-origin', 'no-referrer']);
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment/);
    expect((await follow(path, { range: 'bytes=4-4' })).text).toBe('a');
    expect((await follow(path, {}, 'HEAD')).status).toBe(200);
    const events = (await trail(firm, { action: 'document.downloaded', userId: author.id }));
    expect(events.map(({ after }) => after)).toEqual([expect.objectContaining({ via: 'link', from: 4 }), expect.objectContaining({ via: 'link' })]);
  });

  test('shows in place only what may be shown', async () => {
    expect((await follow(await tokenOf(firm.admin, { disposition: 'inline' }))).headers.get('content-disposition')).toMatch(/^inline/);
    const page = await uploadDocument(firm.admin, about.id, { name: 'page.html', bytes: '<html><script>1</script>' });
    refused(await firm.admin.api.POST('/v1/documents/{id}/versions/{number}/links', { params: { path: { id: page.id, number: '1' } }, body: { disposition: 'inline' } }), 422, 'not_shown_inline');
  });

  test('is not made for longer than an hour', async () => {
    for (const expiresInSeconds of [3601, 9, 1.5]) refused(await link(firm.admin, { expiresInSeconds }), 400, 'validation_failed');
    expect(granted(await link(firm.admin, { expiresInSeconds: 3600 })).url).toBeTruthy();
  });

  test('that was changed anywhere is nothing', async () => {
    const path = await tokenOf(firm.admin);
    const token = path.split('/').at(-1)!;
    for (let i = 0; i < token.length; i += 3) {
      const other = token[i] === 'A' ? 'B' : 'A';
      const answer = await follow(`/v1/downloads/${token.slice(0, i)}${other}${token.slice(i + 1)}`);
      expect([answer.status, code(answer)]).toEqual([404, 'not_found']);
    }
    for (const wrong of ['x', token.slice(0, -1), `${token}A`, encodeURIComponent('../../etc/passwd'), firm.admin.token.slice(0, 150)]) expect((await follow(`/v1/downloads/${wrong}`)).status).toBe(404);
    expect((await follow(path)).status).toBe(200);
  });

  test('ends in time', async () => {
    const { Links } = await import('../../../src/modules/documents/versions/links.service.js');
    const { testApp } = await import('../../support/app.js');
    const links = (await testApp()).app.get(Links) as unknown as { sign(link: object, at: number): string; read(token: string): { versionId: string } };
    const known = links.read((await tokenOf(firm.admin)).split('/').at(-1)!);
    const over = await follow(`/v1/downloads/${links.sign(known, Math.floor(Date.now() / 1000) - 1)}`);
    expect([over.status, code(over)]).toEqual([410, 'link_over']);
  });

  test('ends with the session, with the role and with the person', async () => {
    const leaves = await firm.person('associate');
    const path = await tokenOf(leaves);
    expect((await follow(path)).status).toBe(200);
    await leaves.api.POST('/v1/auth/logout', {} as never);
    expect([(await follow(path)).status, code(await follow(path))]).toEqual([410, 'link_over']);

    const moves = await firm.person('associate');
    const second = await tokenOf(moves);
    await asFirm(firm, `update users set role = 'paralegal' where id = $1`, [moves.id]);
    expect((await follow(second)).status).toBe(410);

    const gone = await firm.person('associate');
    const third = await tokenOf(gone);
    await asFirm(firm, `update users set status = 'deactivated', deactivated_at = now() where id = $1`, [gone.id]);
    expect((await follow(third)).status).toBe(410);
  });

  test('ends at a wall, and when the document is purged', async () => {
    const walled = await firm.person('associate');
    const path = await tokenOf(walled);
    await wallOff(firm, about.id, walled);
    expect([(await follow(path)).status, code(await follow(path))]).toEqual([404, 'not_found']);
  });

  test('of an API key ends with the key', async () => {
    const partner = await firm.person('partner');
    const key = granted(await partner.api.POST('/v1/api-keys', { body: { name: 'for links', permissions: ['documents.read'] } }));
    const path = new URL(granted(await link({ api: await clientWith(key.key!) } as Person)).url).pathname;
    expect((await follow(path)).status).toBe(200);
    await partner.api.DELETE('/v1/api-keys/{id}', { params: { path: { id: key.id } } } as never);
    await asFirm(firm, 'update api_keys set revoked_at = coalesce(revoked_at, now()) where id = $1', [key.id]);
    expect((await follow(path)).status).toBe(410);
  });
});
