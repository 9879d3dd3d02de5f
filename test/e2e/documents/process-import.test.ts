import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLexiFlow, type LexiFlow } from '../../../client/index.js';
import { onServer } from '../../support/app.js';
import { buildProduct, cleanUp, newFolder, run, start, type Product } from '../../support/process.js';
import { formOf, sendForm, sha256 } from '../../support/uploads.js';
import { zipOf } from '../../support/zips.js';
import { granted } from '../support/check.js';

// kill -9 in the middle of an import: it goes on with the next start, and no file is made twice.

const PASSWORD = 'a quill is a pen';
beforeAll(() => buildProduct());
afterAll(cleanUp);

interface Running {
  product: Product;
  url: string;
  token: string;
  api: LexiFlow;
}
interface Task {
  status: string;
  progress: number;
  result: { created: number; files: { path: string; outcome: string; documentId: string }[] } | null;
}

describe.skipIf(onServer)('an import', { timeout: 300_000 }, () => {
  test('survives being killed again and again', async () => {
    const environment = { DATA_DIR: newFolder(), SEED_DEMO: 'false', ALLOW_SIGNUP: 'true', LOG_LEVEL: 'fatal' };
    const begin = async (): Promise<Running> => {
      const product = start(['main'], environment);
      const url = await product.url;
      // the first time there is nobody yet who could
      const { data } = await createLexiFlow({ baseUrl: url }).POST('/v1/auth/login', { body: { email: 'ada@quill.example', password: PASSWORD } });
      return { product, url, token: data?.accessToken ?? '', api: createLexiFlow({ baseUrl: url, ...(data && { token: data.accessToken }) }) };
    };
    let now = await begin();
    granted(await now.api.POST('/v1/firms', { body: { name: 'Quill', adminEmail: 'ada@quill.example', adminGivenName: 'Ada', adminFamilyName: 'Quill', adminPassword: PASSWORD } as never }));
    await end(now);
    now = await begin();
    const client = granted(await now.api.POST('/v1/clients', { body: { contact: { kind: 'person', familyName: 'Meridian' } } as never })) as { id: string };
    const { id: caseId } = granted(await now.api.POST('/v1/cases', { body: { title: 'Meridian lease', clientId: client.id } as never })) as { id: string };

    const contents = new Map<string, Buffer>();
    const make = (name: string) => {
      const bytes = randomBytes(40_000);
      contents.set(name, bytes);
      return { name, bytes };
    };
    const uploads = Array.from({ length: 10 }, (_, n) => make(`up ${n}.dat`));
    const zipped = Array.from({ length: 60 }, (_, n) => make(`zip ${n}.dat`));
    const { status, body } = await sendForm<{ id: string }>(now, `/v1/cases/${caseId}/documents/import`, formOf({}, ...uploads, { name: 'all.zip', bytes: zipOf(...zipped.map((file) => ({ ...file, store: true }))) }), {}, now.url);
    expect(status).toBe(202);

    const seen: number[] = [];
    for (const until of [3, 30]) {
      const task = await wait(now, body.id, ({ progress, status: at }) => progress >= until || at === 'completed');
      seen.push(task.progress);
      now.product.kill('SIGKILL');
      await now.product.exit;
      now = await begin();
    }
    const done = await wait(now, body.id, ({ status: at }) => at === 'completed' || at === 'failed');
    expect(done).toMatchObject({ status: 'completed', result: { created: 70 } });
    const rows = done.result!.files;
    expect(new Set(rows.map(({ path }) => path))).toEqual(new Set(contents.keys()));
    const page = granted(await now.api.GET('/v1/documents', { params: { query: { caseId, limit: 200, count: true } } })) as unknown as { total: number; data: { id: string }[] };
    expect(page.total).toBe(70);
    expect(new Set(page.data.map(({ id }) => id))).toEqual(new Set(rows.map(({ documentId }) => documentId)));
    for (const { path, documentId } of rows) {
      const answer = await fetch(`${now.url}/v1/documents/${documentId}/content`, { headers: { authorization: `Bearer ${now.token}` } });
      expect(sha256(Buffer.from(await answer.arrayBuffer())), path).toBe(sha256(contents.get(path)!));
    }
    await end(now);
    expect(readdirSync(join(environment.DATA_DIR, 'quarantine'))).toEqual([]); // what the killed ones left, too
    const verified = await run(['cli', 'storage:verify', '--json'], environment);
    const found = JSON.parse(verified.stdout) as { missing: unknown[]; corrupt: unknown[]; orphaned: unknown[] };
    expect([verified.code, found.missing, found.corrupt]).toEqual([0, [], []]);
    expect(found.orphaned.length).toBeLessThanOrEqual(2); // of each kill at most the file that was on its way
    console.log('killed at', seen, 'orphans', found.orphaned.length);
  });
});

async function end({ product }: Running): Promise<void> {
  product.kill('SIGTERM');
  await product.exit;
}

async function wait({ api }: Running, id: string, until: (task: Task) => boolean): Promise<Task> {
  for (let i = 0; i < 4000; i++) {
    const task = granted(await api.GET('/v1/tasks/{id}', { params: { path: { id } } })) as unknown as Task;
    if (until(task)) return task;
    await delay(30);
  }
  throw new Error('the task stands still');
}
