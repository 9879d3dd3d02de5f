import { appendFileSync, cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLexiFlow } from '../../client/index.js';
import { onServer } from '../support/app.js';
import { buildProduct, cleanUp, expectSentence, newFolder, run, start, waitFor, type Product } from '../support/process.js';

// The product as people start it, on embedded databases of its own: what survives, what is refused, in which words.

const DEMO = { email: 'admin@harborfinch.example', password: 'lexiflow-demo' };
const json = { 'content-type': 'application/json' };

async function login(url: string, credentials = DEMO) {
  const { data, error } = await createLexiFlow({ baseUrl: url }).POST('/v1/auth/login', { body: credentials });
  if (!data) throw new Error(JSON.stringify(error));
  return { me: data.user, token: data.accessToken, api: createLexiFlow({ baseUrl: url, token: data.accessToken }) };
}

/** A request whose head the server has, as its "100 Continue" proves, and whose body is still to come. */
function begin(url: string, token: string, body: object): Promise<{ finish: () => Promise<number> }> {
  const text = JSON.stringify(body);
  const headers = { ...json, authorization: `Bearer ${token}`, expect: '100-continue', 'content-length': Buffer.byteLength(text) };
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method: 'POST', headers });
    request.flushHeaders();
    request.once('error', reject);
    request.once('continue', () => resolve({
      finish: () => new Promise((answered, lost) => {
        request.once('error', lost);
        request.once('response', (response) => answered(response.resume().statusCode!));
        request.end(text);
      }),
    }));
  });
}

async function stop(product: Product, folder: string): Promise<void> {
  product.kill('SIGTERM');
  await expectCleanEnd(product, folder);
}

async function expectCleanEnd(product: Product, folder: string): Promise<void> {
  expect(await product.exit).toBe(0);
  expect(existsSync(join(folder, 'lock'))).toBe(false);
  expect(product.stderr()).toBe('');
}

describe.skipIf(onServer)('npm start on the embedded engine', { timeout: 120_000 }, () => {
  /** Made by the first test and grown by the next: making one takes seconds. */
  let folder: string;
  /** Of the folder as the first start left it. */
  let pristine: string;
  let product: Product;
  let url: string;
  const bootTimes: string[] = [];
  const ready = async (started: Product) => {
    const address = await started.url;
    bootTimes.push(/ready after ([\d.]+ s)/.exec(started.stdout())![1]!);
    return address;
  };

  beforeAll(() => {
    buildProduct();
    folder = newFolder();
    pristine = newFolder();
  });
  afterAll(async () => {
    await cleanUp();
    console.log(`ready after: ${bootTimes.join(', ')}`);
  });

  test('a first start seeds the demo and prints where to go; what it prints is true; SIGTERM ends it cleanly', async () => {
    product = start(['main'], { DATA_DIR: folder });
    url = await ready(product);
    const said = (await waitFor(() => product, /Try:\n\s+TOKEN=[\s\S]+?\n\n/)).input;
    for (const email of ['admin', 'partner', 'associate', 'paralegal', 'billing', 'readonly'].map((name) => `${name}@harborfinch.example`)) expect(said).toContain(email);
    expect(said).toContain('admin@northgate.example');
    for (const path of ['/docs', '/openapi.json', '/health/ready']) {
      expect(said).toContain(path);
      expect((await fetch(url + path)).status).toBe(200);
    }
    const [, body] = /-d '(\{.*\})'/.exec(said)!;
    expect((await fetch(`${url}/v1/auth/login`, { method: 'POST', headers: json, body: body! })).status).toBe(200);
    const [, next] = /curl -s '(http\S+\/v1\/cases\?[^']+)' -H "Authorization: Bearer \$TOKEN"/.exec(said)!;
    const shown = (await (await fetch(next!, { headers: { authorization: `Bearer ${(await login(url)).token}` } })).json()) as { data: { client: { name: string } }[] };
    expect(shown.data.map(({ client }) => client.name)).toHaveLength(3);
    const northgate = await login(url, { ...DEMO, email: 'admin@northgate.example' });
    expect((await northgate.api.GET('/v1/me')).data?.firm.slug).toBe('northgate');
    await stop(product, folder);
    cpSync(folder, pristine, { recursive: true });
  });

  test('a second start on the same folder is quick; a second process beside it and a taken port are refused', async () => {
    product = start(['main'], { DATA_DIR: folder });
    url = await ready(product);
    expect(product.stdout()).toContain('admin@harborfinch.example');
    const [beside, taken] = await Promise.all([run(['main'], { DATA_DIR: folder }), run(['main'], { DATA_DIR: pristine, PORT: new URL(url).port })]);
    expectSentence(beside, new RegExp(`in use by process ${product.pid}\\b.*DATA_DIR`));
    expectSentence(taken, new RegExp(`PORT=${new URL(url).port} is taken`));
    expect(existsSync(join(pristine, 'lock'))).toBe(false);
    expect((await login(url)).me.email).toBe(DEMO.email);
  });

  test('kill -9 in the middle of writing loses nothing that was answered, and the stale lock is no obstacle', async () => {
    const { api, me } = await login(url);
    const { data: mine } = await api.GET('/v1/notifications');
    const created: string[] = [];
    const titles = new Map<string, string>();
    const read: string[] = [];
    let killed = false;
    const until = (work: (n: number) => Promise<void>) => (async () => {
      for (let n = 0; !killed; n++) await work(n).catch(() => undefined); // the last ones find nobody
    })();
    const writers = [
      ...[1, 2, 3].map((writer) => until(async (n) => {
        const email = `kill-${writer}-${n}@harborfinch.example`;
        const { response } = await api.POST('/v1/users', { body: { email, givenName: 'Kill', familyName: `${writer}.${n}`, role: 'paralegal' } });
        if (response.status === 201) created.push(email);
      })),
      until(async (n) => {
        const { data, response } = await api.PATCH('/v1/users/{id}', { params: { path: { id: me.id }, header: { 'If-Match': '*' } }, body: { title: `title ${n}` } });
        if (response.status === 200) titles.set(me.id, data!.title!);
      }),
      until(async (n) => {
        const note = mine!.data[n % mine!.data.length]!;
        const { response } = await api.POST('/v1/notifications/{id}/read', { params: { path: { id: note.id } } });
        if (response.status === 200) read.push(note.id);
      }),
    ];
    for (let i = 0; i < 1_000 && created.length < 40; i++) await new Promise((resolve) => setTimeout(resolve, 20));
    product.kill('SIGKILL');
    expect(await product.exit).toBe('SIGKILL');
    killed = true;
    await Promise.all(writers);
    expect(existsSync(join(folder, 'lock'))).toBe(true);

    product = start(['main'], { DATA_DIR: folder });
    url = await ready(product);
    const after = (await login(url)).api;
    const { data: users } = await after.GET('/v1/users', { params: { query: { limit: 200, q: 'kill-' } } });
    expect(users!.data.map(({ email }) => email)).toEqual(expect.arrayContaining(created.slice(0, 200)));
    expect(created.length).toBeGreaterThanOrEqual(40);
    // one more may have been stored without being answered
    const title = (await after.GET('/v1/users/{id}', { params: { path: { id: me.id } } })).data!.title!;
    expect(Number(title.split(' ')[1])).toBeGreaterThanOrEqual(Number(titles.get(me.id)!.split(' ')[1]));
    for (const id of new Set(read)) expect((await after.GET('/v1/notifications/{id}', { params: { path: { id } } })).data!.readAt).not.toBeNull();
    expect((await after.GET('/v1/audit-events/verify')).data).toMatchObject({ intact: true });
  });

  test('SIGTERM lets the requests under way be answered', async () => {
    const { token, api } = await login(url);
    const under = await Promise.all(Array.from({ length: 10 }, (_, n) => begin(`${url}/v1/users`, token, { email: `term-${n}@harborfinch.example`, givenName: 'Term', familyName: `${n}`, role: 'paralegal' })));
    product.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 50));
    product.kill('SIGTERM'); // once more, as npm passes on what the terminal has sent already
    const refused = () => fetch(`${url}/health/live`).then(() => false, () => true);
    while (!(await refused())) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await Promise.all(under.map(({ finish }) => finish()))).toEqual(under.map(() => 201));
    await expectCleanEnd(product, folder);
    await expect(api.GET('/v1/me')).rejects.toThrow();
  });

  test('a first start that was interrupted leaves nothing in the way of the next', async () => {
    const halfway = newFolder();
    const killed = start(['main'], { DATA_DIR: halfway, LOG_LEVEL: 'info' });
    await waitFor(() => killed, /migrated 2\d+-jobs/);
    killed.kill('SIGKILL');
    await killed.exit;
    const again = start(['main'], { DATA_DIR: halfway });
    const address = await ready(again);
    expect((await login(address)).me.email).toBe(DEMO.email);
    await stop(again, halfway);
  });

  test('a folder of another engine version is refused with the way to carry the data over, and left alone', async () => {
    const other = newFolder();
    cpSync(pristine, other, { recursive: true });
    for (const content of ['{"pglite":"0.0.1"}', '', undefined]) {
      if (content !== undefined) writeFileSync(join(other, 'engine.json'), content);
      expectSentence(await run(['main'], { DATA_DIR: other }), content ? /made by PGlite 0\.0\.1.*data:export.*data:import/ : /made by PGlite an unknown version.*data:export/);
      expect(existsSync(join(other, 'pg', 'PG_VERSION'))).toBe(true);
      expect(existsSync(join(other, 'lock'))).toBe(false);
      if (content === '') break;
    }
  });

  test('exported data, imported into a fresh folder, goes on as if nothing had been', async () => {
    const files = newFolder();
    const [file, target] = [join(files, 'data.ndjson'), newFolder()];
    const exported = await run(['cli', 'data:export', '--to', file], { DATA_DIR: folder });
    expect(exported).toMatchObject({ code: 0, stdout: expect.stringMatching(/Wrote \d+ rows/) });
    expectSentence(await run(['cli', 'data:export', '--to', file], { DATA_DIR: folder }), /exists already/);

    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    const broken = join(files, 'broken.ndjson');
    writeFileSync(broken, `${lines.slice(0, -1).join('\n')}\n`);
    expectSentence(await run(['cli', 'data:import', '--from', broken], { DATA_DIR: target }), /is not whole/);
    writeFileSync(broken, `${lines[0]!.replace(/"\]\}$/, '","29990101000000-from-the-future.sql"]}')}\n${lines.at(-1)!}\n`);
    expectSentence(await run(['cli', 'data:import', '--from', broken], { DATA_DIR: target }), /later release/);
    writeFileSync(broken, 'dear diary\n');
    expectSentence(await run(['cli', 'data:import', '--from', broken], { DATA_DIR: target }), /was not made by/);

    // of a release without the last migration: it comes after the rows
    const older = JSON.parse(lines[0]!) as { migrations: string[] };
    older.migrations = older.migrations.filter((name) => !name.includes('job-retry'));
    appendFileSync(join(files, 'older.ndjson'), `${[JSON.stringify(older), ...lines.slice(1)].join('\n')}\n`);
    const imported = await run(['cli', 'data:import', '--from', join(files, 'older.ndjson')], { DATA_DIR: target });
    expect(imported).toMatchObject({ code: 0, stdout: exported.stdout.replace(/Wrote (\d+) rows to .*/, (_, n: string) => `Read ${n} rows from ${join(files, 'older.ndjson')}. Start with \`npm start\`.`) });
    expectSentence(await run(['cli', 'data:import', '--from', file], { DATA_DIR: target }), /holds a database already/);

    const moved = start(['main'], { DATA_DIR: target });
    const address = await ready(moved);
    const { api, me } = await login(address);
    const { data: users } = await api.GET('/v1/users', { params: { query: { limit: 200, count: true } } });
    expect(users!.data.map(({ email }) => email)).toContain('term-9@harborfinch.example');
    const whole = async () => (await api.GET('/v1/audit-events/verify')).data!;
    const before = await whole();
    expect(before).toMatchObject({ intact: true, firstBroken: null });
    expect(before.sealedEvents + before.unsealedEvents).toBeGreaterThan(50);
    for (let n = 0; n < 5; n++) {
      const { response } = await api.PATCH('/v1/users/{id}', { params: { path: { id: me.id }, header: { 'If-Match': '*' } }, body: { title: `moved ${n}` } });
      expect(response.status).toBe(200);
    }
    let after = await whole();
    for (let i = 0; i < 150 && after.unsealedEvents > 0; i++) {
      await new Promise((resolve) => setTimeout(resolve, 200)); // sealing comes round every few seconds
      after = await whole();
    }
    expect(after).toMatchObject({ intact: true, firstBroken: null, unsealedEvents: 0 });
    expect(after.seals).toBeGreaterThan(before.seals);
    expect(after.sealedEvents).toBeGreaterThan(before.sealedEvents + 4);
    await stop(moved, target);
  });
});

describe.skipIf(onServer)('a start that cannot succeed says why in one sentence', { timeout: 120_000, concurrent: true }, () => {
  beforeAll(buildProduct);
  afterAll(cleanUp);
  const URL_OF_NOBODY = 'postgres://someone:secret@127.0.0.1:1/nowhere';
  const aFile = () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    return file;
  };

  test.each<[string, string[], () => Record<string, string>, RegExp]>([
    ['PORT that is no number', ['main'], () => ({ PORT: 'http' }), /PORT="http"/],
    ['PORT out of range', ['main'], () => ({ PORT: '70000' }), /PORT="70000"/],
    ['unknown LOG_LEVEL', ['main'], () => ({ LOG_LEVEL: 'loud' }), /LOG_LEVEL="loud" .*info/],
    ['two bad values at once', ['main'], () => ({ LOG_LEVEL: 'loud', NODE_ENV: 'prod' }), /NODE_ENV="prod".*LOG_LEVEL="loud"|LOG_LEVEL="loud".*NODE_ENV="prod"/],
    ['DATABASE_URL that is none, without showing it', ['main'], () => ({ DATABASE_URL: 'mysql://root:hush@db/x' }), /^(?![\s\S]*hush)[\s\S]*DATABASE_URL must look like/],
    ['DATABASE_URL without a database', ['main'], () => ({ DATABASE_URL: 'postgres://127.0.0.1:1' }), /DATABASE_URL must name user, host and database/],
    ['DATABASE_URL with an open bracket', ['main'], () => ({ DATABASE_URL: 'postgres://u:p@[::1/x' }), /DATABASE_URL/],
    ['DATABASE_URL where nobody listens', ['main'], () => ({ DATABASE_URL: URL_OF_NOBODY }), /DATABASE_URL: nothing listens on 127\.0\.0\.1:1/],
    ['DATABASE_URL of an unknown host', ['main'], () => ({ DATABASE_URL: 'postgres://u:p@no-such-host.invalid/x' }), /DATABASE_URL: .*no-such-host\.invalid/],
    ['MIGRATION_DATABASE_URL alone', ['main'], () => ({ MIGRATION_DATABASE_URL: URL_OF_NOBODY }), /MIGRATION_DATABASE_URL is set but DATABASE_URL is not/],
    ['DATA_DIR that is a file', ['main'], () => ({ DATA_DIR: aFile() }), /DATA_DIR="[^"]+" cannot be created/],
    ['HOST of another machine', ['main'], () => ({ HOST: '203.0.113.1', SEED_DEMO: 'false', DATA_DIR: newFolder() }), /HOST is not an address/],
    ['a worker without a server', ['worker'], () => ({}), /worker needs DATABASE_URL/],
    ['an unknown option', ['cli', 'seed', '--everything'], () => ({}), /everything/],
    ['nothing to export', ['cli', 'data:export', '--to', join(newFolder(), 'x')], () => ({ DATA_DIR: newFolder() }), /holds no database/],
    ['data:export of a server', ['cli', 'data:export', '--to', join(newFolder(), 'x')], () => ({ DATABASE_URL: URL_OF_NOBODY }), /pg_dump/],
    ['data:import of nothing', ['cli', 'data:import', '--from', '/no/such/file'], () => ({}), /data:import/],
  ])('%s', async (_, args, environment, sentence) => {
    expectSentence(await run(args, { DATA_DIR: newFolder(), ...environment() }), sentence);
  });
});
