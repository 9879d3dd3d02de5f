import { expect, test } from 'vitest';
import { testApp } from '../../support/app.js';
import { newFirm } from '../../support/factories.js';
import { send } from '../../support/http.js';
import { mixedFiles } from '../../support/mixed-files.js';
import { download, sha256, uploadDocument } from '../../support/uploads.js';
import { newCase } from '../casework/fixtures.js';
import { rowsOf } from '../support/fixtures.js';
import { stateOf } from './texts-of.js';

/** A fraction of what the issue asks for; `MIXED_FILES=500 npx vitest run test/e2e/documents/mixed-files.test.ts` takes all. */
const COUNT = Number(process.env['MIXED_FILES'] ?? 120);
const AT_ONCE = 4;

async function inTurns<T>(items: readonly T[], work: (item: T, index: number) => Promise<void>): Promise<void> {
  const queue = [...items.entries()];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await work(next[1], next[0]);
  }));
}

test(`${COUNT} mixed files: each ends in a final status, comes back byte by byte, and is found by what only it says`, async () => {
  const firm = await newFirm();
  const author = await firm.person('associate');
  const about = await newCase(firm);
  const files = await mixedFiles(COUNT);
  const ids: string[] = [];
  await inTurns(files, async ({ name, bytes }, i) => {
    ids[i] = (await uploadDocument(author, about.id, { name, bytes })).id;
  });
  await (await testApp()).drainJobs();
  const ended: Record<string, number> = {};
  await inTurns(files, async ({ name, bytes, status, word }, i) => {
    const state = await stateOf(author, ids[i]!);
    expect([name, state.status, state.reason]).toEqual([name, status, status === 'extracted' ? null : expect.stringMatching(/\.$/)]);
    ended[state.status] = (ended[state.status] ?? 0) + 1;
    const { bytes: back, headers } = await download(author, `/v1/documents/${ids[i]!}/versions/1/content`);
    expect([name, sha256(back), headers.get('content-length')]).toEqual([name, sha256(bytes), String(bytes.length)]);
    if (word === undefined) return;
    const { body } = await send<{ data: { documentId: string }[] }>(author, 'GET', `/v1/search?mode=fulltext&q=${word}`);
    expect([name, JSON.stringify(body).includes(ids[i]!)]).toEqual([name, true]);
  });
  expect(Object.values(ended).reduce((a, b) => a + b)).toBe(COUNT);
  // nothing waits any more, attachments included
  expect(await rowsOf(firm, `select 1 from document_texts where status in ('pending', 'extracting')`)).toEqual([]);
}, 600_000);
