import { beforeEach, describe, expect, test } from 'vitest';
import { actorOf } from '../../support/actors.js';
import { testApp } from '../../support/app.js';
import { newFirm, type Person, type TestFirm } from '../../support/factories.js';
import { send } from '../../support/http.js';
import { formOf, sendForm } from '../../support/uploads.js';
import { newCase, notified, wallOff, type TestCase } from '../casework/fixtures.js';
import { asFirm, trail } from '../support/fixtures.js';
import { change, newDocument, read, type Doc } from './fixtures.js';

interface Checkout { documentId: string; caseId: string; currentVersion: number; checkedOut: boolean; checkedOutBy: { id: string; name: string } | null; reason: string | null; since: string | null; expiresAt: string | null; code?: string; detail?: string }

let firm: TestFirm;
let author: Person;
let other: Person;
let about: TestCase;
let document: Doc;
beforeEach(async () => {
  firm = await newFirm();
  [author, other] = [await firm.person('associate'), await firm.person('paralegal')];
  about = await newCase(firm);
  document = await newDocument(author, about.id);
});

const at = (path: string) => `/v1/documents/${document.id}/${path}`;
const checkOut = (as: Person, body: object = {}) => send<Checkout>(as, 'POST', at('check-out'), body);
const checkIn = (as: Person) => send<Checkout>(as, 'POST', at('check-in'), undefined);
const end = (as: Person, reason = 'Due today', path = 'check-out/break') => send<Checkout>(as, 'POST', at(path), { reason });
const look = async (as: Person) => (await send<Checkout>(as, 'GET', at('check-out'))).body;
const version = (as: Person, fields: Record<string, string> = {}) =>
  sendForm<Checkout & { number: number }>(as, at('versions'), formOf(fields, { bytes: `Version of ${as.email} ${Math.random()}` }), { 'if-match': '*' });
/** Time goes by. */
const expire = () => asFirm(firm, `update document_checkouts set expires_at = created_at + interval '1 millisecond' where document_id = $1`, [document.id]);

describe('a document', () => {
  test('is checked out, extended by who has it, and checked in', async () => {
    expect(await look(other)).toEqual({ documentId: document.id, caseId: about.id, currentVersion: 1, checkedOut: false, checkedOutBy: null, reason: null, since: null, expiresAt: null });
    const before = Date.now();
    const taken = await checkOut(author, { reason: 'Working in comments' });
    expect(taken).toMatchObject({ status: 200, body: { checkedOut: true, checkedOutBy: { id: author.id, name: 'Associate Person1' }, reason: 'Working in comments', currentVersion: 1 } });
    expect(Math.round((Date.parse(taken.body.expiresAt!) - before) / 60_000)).toBe(480);
    const extended = await checkOut(author, { expiresInMinutes: 1000 });
    expect(extended.body).toMatchObject({ since: taken.body.since, reason: 'Working in comments' });
    expect(Math.round((Date.parse(extended.body.expiresAt!) - Date.now()) / 60_000)).toBe(1000);
    expect(await look(other)).toEqual(extended.body);
    expect((await send<{ data: { id: string }[] }>(author, 'GET', '/v1/documents?checkedOutBy=me')).body.data.map(({ id }) => id)).toEqual([document.id]);
    expect(await checkIn(other)).toMatchObject({ status: 409, body: { code: 'checked_out' } });
    expect(await checkIn(author)).toMatchObject({ status: 200, body: { checkedOut: false } });
    expect(await checkIn(author)).toMatchObject({ status: 409, body: { code: 'not_checked_out' } });
  });

  test('gets no version by anybody else meanwhile, and who asks is told by whom, since when and until when', async () => {
    const { body: taken } = await checkOut(author);
    const refused = await version(other);
    expect(refused).toMatchObject({ status: 409, body: { code: 'checked_out', checkedOutBy: { id: author.id, name: 'Associate Person1' }, since: taken.since, expiresAt: taken.expiresAt } });
    expect(refused.body.detail).toMatch(/^Associate Person1 has it since 20\d\d-.* UTC, until 20\d\d-.* UTC at the latest\.$/);
    expect(await change(other, 'POST', at('versions/1/restore'))).toMatchObject({ status: 409, body: { code: 'checked_out' } });
    expect(await checkOut(other)).toMatchObject({ status: 409, body: { code: 'checked_out', checkedOutBy: { id: author.id } } });
    expect(await version(author)).toMatchObject({ status: 201, body: { number: 2 } });
    expect((await look(other)).checkedOut).toBe(true);
    expect(await version(author, { checkIn: 'true' })).toMatchObject({ status: 201, body: { number: 3 } });
    expect((await look(other)).checkedOut).toBe(false);
    expect(await version(other)).toMatchObject({ status: 201, body: { number: 4 } });
  });

  test('gets none past the code either', async () => {
    await checkOut(author);
    const { database } = await testApp();
    const insert = (as: Person) => database.write(actorOf(as), () => database.execute(`insert into document_versions (firm_id, id, case_id, document_id, object_id, sha256, size, media_type, file_name, author_id)
      select firm_id, gen_random_uuid(), case_id, document_id, object_id, sha256, size, media_type, file_name, $2 from document_versions where document_id = $1 and number = 1`, [document.id, as.id]))
      .then(() => 'done', (error: { constraint?: string }) => error.constraint);
    expect(await insert(other)).toBe('document_versions_checked_out_check');
    expect(await insert(author)).toBe('done');
  });

  test('whose check-out has expired is free, without anybody having done anything', async () => {
    await checkOut(author);
    await expire();
    expect(await look(other)).toMatchObject({ checkedOut: false, checkedOutBy: null });
    expect(await version(other)).toMatchObject({ status: 201 });
    expect(await end(firm.admin)).toMatchObject({ status: 409, body: { code: 'not_checked_out' } });
    expect(await checkOut(other)).toMatchObject({ status: 200, body: { checkedOutBy: { id: other.id } } });
    expect(await checkIn(author)).toMatchObject({ status: 409, body: { code: 'checked_out' } });
    await expire();
    expect(await checkIn(other)).toMatchObject({ status: 200 }); // his own, late
    await checkOut(author);
    await expire();
    const again = await checkOut(author);
    expect(again.body.checkedOut).toBe(true);
    expect(Date.parse(again.body.since!)).toBeGreaterThan(Date.now() - 60_000);
  });

  test('is freed by partners and administrators; whose it was is told, and the trail has the reason', async () => {
    await checkOut(author);
    expect((await end(other)).status).toBe(403);
    const partner = await firm.person('partner');
    expect((await send(partner, 'POST', at('check-out/break'), {})).status).toBe(400);
    expect(await end(partner, 'Due today', 'check-out/break?dryRun=true')).toMatchObject({ status: 200, body: { checkedOut: false } });
    expect((await look(author)).checkedOut).toBe(true);
    expect(await notified(author)).toEqual([]);
    expect(await end(partner)).toMatchObject({ status: 200, body: { checkedOut: false } });
    expect(await notified(author)).toMatchObject([{ title: `Partner Person3 ended your check-out of “${document.title}”`, body: 'Due today', subjectType: 'document', subjectId: document.id, caseId: about.id }]);
    const events = await trail(firm, { table: 'document_checkouts' });
    expect(events.map(({ action, userId, reason }) => [action, userId, reason])).toEqual([['delete', partner.id, 'Due today'], ['insert', author.id, null]]);
    expect(await end(partner)).toMatchObject({ status: 409, body: { code: 'not_checked_out' } });
  });

  test('that is in the trash or of an archived case is not checked out', async () => {
    expect((await change(author, 'DELETE', `/v1/documents/${document.id}`)).status).toBe(204);
    expect(await checkOut(author)).toMatchObject({ status: 409, body: { code: 'document_in_trash' } });
    await change(author, 'POST', at('restore'));
    await asFirm(firm, `update cases set status = 'closed', closed_on = '2026-02-02' where id = $1`, [about.id]);
    await asFirm(firm, `update cases set status = 'archived' where id = $1`, [about.id]);
    expect(await checkOut(author)).toMatchObject({ status: 409, body: { code: 'case_archived' } });
  });

  test('behind a wall is not there', async () => {
    await checkOut(author);
    await wallOff(firm, about.id, other);
    for (const answer of [await checkOut(other), await checkIn(other), await send(other, 'GET', at('check-out'))]) expect(answer.status).toBe(404);
    await wallOff(firm, about.id, firm.admin);
    expect((await end(firm.admin)).status).toBe(404);
    expect((await read(author, document.id)).id).toBe(document.id);
  });

  test.each([[{ expiresInMinutes: 0 }, 400], [{ expiresInMinutes: 20_161 }, 400], [{ expiresInMinutes: 1.5 }, 400], [{ until: 'x' }, 400], [{ expiresInMinutes: 20_160 }, 200]])('is checked out with %j: %i', async (body, status) => {
    expect((await checkOut(author, body)).status).toBe(status);
  });
});
