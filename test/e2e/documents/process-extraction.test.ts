import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLexiFlow } from '../../../client/index.js';
import { onServer } from '../../support/app.js';
import { buildProduct, cleanUp, newFolder, run, start, type Product } from '../../support/process.js';
import { formOf } from '../../support/uploads.js';

// A server that is killed in the middle of reading a file: what the next one finds, and what it makes of it.

const PATIENCE_MS = 100_000;

async function until<T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const answer = await ask();
    if (answer) return answer;
  }
  throw new Error(`not in time: ${what}`);
}

/** Reading processes that work for this data folder; only Linux tells. */
const readers = (folder: string): string[] => readdirSync('/proc').filter((pid) => {
  if (!/^\d+$/.test(pid)) return false;
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return command.includes('reader-process.js') && command.includes(folder);
  } catch {
    return false; // gone meanwhile
  }
});

describe.skipIf(onServer || process.platform !== 'linux')('kill -9 in the middle of reading a file', { timeout: 400_000 }, () => {
  let folder: string;
  beforeAll(() => {
    buildProduct();
    folder = newFolder();
  });
  afterAll(cleanUp);

  const boot = async (): Promise<{ product: Product; url: string; token: string }> => {
    const product = start(['main'], { DATA_DIR: folder });
    const url = await product.url;
    const { data } = await createLexiFlow({ baseUrl: url }).POST('/v1/auth/login', { body: { email: 'partner@harborfinch.example', password: 'lexiflow-demo' } });
    return { product, url, token: data!.accessToken };
  };
  const get = async <T>(url: string, token: string, path: string): Promise<T> => (await (await fetch(url + path, { headers: { authorization: `Bearer ${token}` } })).json()) as T;

  test('no half text, no reader left over, nothing lost', async () => {
    const first = await boot();
    const { data: [about] } = await get<{ data: { id: string }[] }>(first.url, first.token, '/v1/cases?q=Apex&limit=1');
    const text = Array.from({ length: 500_000 }, (_, i) => `Line ${i} of a file whose reader is interrupted, long enough to take its time.`).join('\n');
    const uploaded = await fetch(`${first.url}/v1/documents`, { method: 'POST', body: formOf({ caseId: about!.id }, { name: 'long.txt', bytes: text }), headers: { authorization: `Bearer ${first.token}` } });
    expect(uploaded.status).toBe(201);
    const { id } = (await uploaded.json()) as { id: string };
    const state = (at: { url: string; token: string }) => get<{ text: { status: string; charCount: number | null } }>(at.url, at.token, `/v1/documents/${id}/versions/1`);
    await until('extracting', async () => (await state(first)).text.status === 'extracting' && readers(folder).length > 0);
    await new Promise((resolve) => setTimeout(resolve, 500)); // some of it is stored by now
    expect((await state(first)).text.status).toBe('extracting');
    first.product.kill('SIGKILL');
    await first.product.exit;
    await until('the reader follows its server', async () => readers(folder).length === 0);

    const second = await boot();
    expect((await state(second)).text).toMatchObject({ status: 'extracting', charCount: null });
    expect(await get<{ code: string }>(second.url, second.token, `/v1/documents/${id}/versions/1/text`)).toMatchObject({ code: 'text_pending' });
    const { text: ended } = await until('a final status', async () => {
      const now = await state(second);
      return !['pending', 'extracting'].includes(now.text.status) && now;
    });
    expect(ended).toMatchObject({ status: 'extracted', charCount: text.length });
    const read = await (await fetch(`${second.url}/v1/documents/${id}/versions/1/text`, { headers: { authorization: `Bearer ${second.token}` } })).text();
    expect(read === text).toBe(true);
    expect(readdirSync(join(folder, 'quarantine'))).toHaveLength(1); // what the first one left is gone
    second.product.kill('SIGTERM');
    expect(await second.product.exit).toBe(0);
    expect(readers(folder)).toEqual([]);
    expect(await run(['cli', 'storage:verify'], { DATA_DIR: folder })).toMatchObject({ code: 0 });
  });
});
