import { beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../../src/common/ids.js';
import { newFirm, type Person, type TestFirm } from '../../support/factories.js';
import { watchStatements } from '../../support/statement-watch.js';
import { etagOf, faults, granted, refused } from '../support/check.js';
import { rowsOf } from '../support/fixtures.js';
import { any, newCase, notified, wallOff, type TestCase } from './fixtures.js';

let firm: TestFirm;
let author: Person;
let about: TestCase;
beforeEach(async () => {
  firm = await newFirm();
  author = await firm.person('associate');
  about = await newCase(firm);
});

const write = (body: object, as: Person = author, caseId = about.id) => as.api.POST('/v1/cases/{id}/notes', { params: { path: { id: caseId } }, body: body as never });
const list = (query: object = {}, as: Person = author) => as.api.GET('/v1/cases/{id}/notes', { params: { path: { id: about.id }, query } });
const change = (id: string, body: object, as: Person = author, header: object = any) => as.api.PATCH('/v1/case-notes/{id}', { params: { path: { id }, header: header as never }, body });
const remove = (id: string, as: Person = author) => as.api.DELETE('/v1/case-notes/{id}', { params: { path: { id }, header: any } });

describe('notes', () => {
  test('are written, read, changed and removed by their author', async () => {
    const made = await write({ body: '  Called the expert.  ' });
    const note = granted(made);
    expect(note).toMatchObject({ caseId: about.id, body: 'Called the expert.', pinned: false, author: { id: author.id, name: 'Associate Person1' }, mentions: [], version: 1 });
    expect(made.response.headers.get('location')).toBe(`/v1/case-notes/${note.id}`);
    const changed = await change(note.id, { body: 'Called him twice.' }, author, { 'If-Match': etagOf(made) });
    expect(granted(changed)).toMatchObject({ body: 'Called him twice.', version: 2 });
    refused(await change(note.id, { body: 'Late' }, author, { 'If-Match': etagOf(made) }), 412, 'precondition_failed');
    refused(await author.api.DELETE('/v1/case-notes/{id}', { params: { path: { id: note.id } } as never }), 428, 'precondition_required');
    expect((await remove(note.id)).response.status).toBe(204);
    refused(await author.api.GET('/v1/case-notes/{id}', { params: { path: { id: note.id } } }), 404, 'not_found');
  });

  test('stand newest first, pinned ones on top, page by page', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 7; i++) ids.push(granted(await write({ body: `note ${i}`, pinned: i === 1 || i === 3 })).id);
    const wanted = [3, 1, 6, 5, 4, 2, 0].map((i) => ids[i]);
    const seen: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = granted(await list({ limit: 3, ...(cursor && { cursor }) }));
      seen.push(...page.data.map(({ id }) => id));
      if (!page.nextCursor) break;
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(wanted);
    expect(granted(await list({ pinned: true, count: true })).total).toBe(2);
    expect(granted(await list({ q: 'NOTE 4' })).data.map(({ id }) => id)).toEqual([ids[4]]);
  });

  test('cost the same number of statements whatever the page', async () => {
    for (let i = 0; i < 3; i++) granted(await write({ body: `@[${firm.admin.id}] ${i}` }));
    const watch = watchStatements();
    try {
      const counts: number[] = [];
      for (const limit of [1, 3]) {
        watch.reset();
        expect(granted(await list({ limit })).data).toHaveLength(limit);
        counts.push(watch.statements);
      }
      expect(counts).toEqual([2, 2]);
    } finally {
      watch.stop();
    }
  });

  test('belong to their author, who leads the case, and administrators', async () => {
    const [other, lead, responsible] = [await firm.person('associate'), await firm.person('associate'), await firm.person('partner')];
    about = await newCase(firm, { lead, responsible });
    const { id } = granted(await write({ body: 'Mine' }));
    refused(await change(id, { pinned: true }, other), 403, 'note_of_another');
    refused(await remove(id, other), 403, 'note_of_another');
    for (const person of [lead, responsible, firm.admin]) granted(await change(id, { pinned: true }, person));
    expect((await remove(id, lead)).response.status).toBe(204);
  });

  test.each([
    [{}, 400, 'validation_failed', '/body: is_string'],
    [{ body: '   ' }, 400, 'validation_failed', '/body: min_length'],
    [{ body: 'x'.repeat(50_001) }, 400, 'validation_failed', '/body: max_length'],
    [{ body: 'x', author: 'me' }, 400, 'validation_failed', '/author: unknown_field'],
    [{ body: `@[${newId()}]` }, 422, 'unknown_person', '/body: unknown_person'],
    [{ body: Array.from({ length: 51 }, () => `@[${newId()}]`).join(' ') }, 422, 'too_many_mentions', '/body: too_many_mentions'],
  ])('refuse %#', async (body, status, code, fault) => {
    expect(faults(refused(await write(body), status, code))).toContain(fault);
  });

  test('of a hidden, a foreign or an archived case are not to be had', async () => {
    const { id } = granted(await write({ body: 'Secret' }));
    const screened = await firm.person('admin');
    await wallOff(firm, about.id, screened);
    const outsider = (await newFirm()).admin;
    for (const person of [screened, outsider]) {
      refused(await list({}, person), 404, 'not_found');
      refused(await write({ body: 'x' }, person), 404, 'not_found');
      refused(await change(id, { body: 'x' }, person), 404, 'not_found');
      refused(await remove(id, person), 404, 'not_found');
    }
    refused(await write({ body: 'x' }, await firm.person('readonly')), 403, 'forbidden');
  });
});

describe('a mention', () => {
  test('notifies whom it names, once, and nobody who does not see the case', async () => {
    const [friend, screened] = [await firm.person('paralegal'), await firm.person('partner')];
    await wallOff(firm, about.id, screened);
    const body = `@[${friend.id}] and @[${friend.id.toUpperCase()}], @[${screened.id}], and I, @[${author.id}]`;
    const note = granted(await write({ body }));
    expect(note.mentions.map(({ id }) => id).sort()).toEqual([friend.id, screened.id, author.id].sort());
    expect(await notified(friend)).toMatchObject([{ kind: 'mention', title: expect.stringMatching(/^Associate Person1 mentioned you in a note on .* Meridian lease$/), subjectType: 'case_note', subjectId: note.id }]);
    expect(await notified(author)).toEqual([]);
    // not even written: a wall that is lifted later brings nothing to light
    expect(await rowsOf(firm, 'select 1 from notifications where user_id = $1', [screened.id])).toEqual([]);
    // what was said already is not said again
    const later = await firm.person('paralegal');
    granted(await change(note.id, { body: `${body} @[${later.id}]` }));
    expect(await notified(friend)).toHaveLength(1);
    expect(await notified(later)).toHaveLength(1);
  });

  test('of somebody outside a restricted case tells him nothing, and a later wall takes the notification away', async () => {
    const [member, outside] = [await firm.person('associate'), await firm.person('associate')];
    about = await newCase(firm, { members: [author, member], restricted: true });
    granted(await write({ body: `@[${member.id}] @[${outside.id}]` }));
    expect(await rowsOf(firm, 'select 1 from notifications where user_id = $1', [outside.id])).toEqual([]);
    expect(await notified(member)).toHaveLength(1);
    await wallOff(firm, about.id, member);
    expect(await notified(member)).toEqual([]);
  });
});
