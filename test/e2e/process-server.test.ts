import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLexiFlow } from '../../client/index.js';
import { onServer, testApp, testEnvironment, throughPooler } from '../support/app.js';
import { buildProduct, cleanUp, expectSentence, run, start, waitFor, type Product } from '../support/process.js';
import { asSuperuser, eventually, superuserUrl } from '../support/wire.js';

// The product's processes on a server, on databases of their own. They share the suite's data folder, and with it the
// login role's password: the role belongs to the server, and another password would lock the suite out.

describe.skipIf(!onServer || throughPooler)('on a server', { timeout: 120_000 }, () => {
  const ownerUrl = process.env['TEST_DATABASE_URL']!;
  const names: string[] = [];
  let database: string;
  let loginRole: string;

  beforeAll(async () => {
    buildProduct();
    loginRole = (await testApp()).engine.roles.login;
    database = await newDatabase();
  });
  afterAll(async () => {
    await cleanUp();
    for (const name of names) await asOwner((client) => client.query(`drop database if exists ${name} with (force)`));
  });

  const at = (url: string, name: string, user?: { name: string; password: string }): string => {
    const target = new URL(url);
    target.pathname = `/${name}`;
    if (user) [target.username, target.password] = [user.name, user.password];
    return target.href;
  };
  async function asOwner<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: ownerUrl });
    await client.connect();
    return work(client).finally(() => client.end());
  }
  async function newDatabase(): Promise<string> {
    const name = `lexiflow_process_${randomBytes(6).toString('hex')}`;
    names.push(name);
    await asOwner((client) => client.query(`create database ${name}`));
    return name;
  }
  const environment = (name = database, extra: Record<string, string> = {}) => ({ ...testEnvironment({ LOG_LEVEL: 'warn', NODE_ENV: 'development', ...extra }), DATABASE_URL: at(ownerUrl, name) });
  const cli = (args: string[], extra: Record<string, string> = {}) => run(['cli', ...args], environment(database, extra));
  /** Password of the login role, as the suite's application made or found it. */
  const loginPassword = async () => {
    const { engine } = await testApp();
    return engine.serving.password ?? readFileSync(join(engine.folder.root, 'keys', 'database-login-password'), 'utf8').trim();
  };
  const sessions = (name: string) => asOwner(async (client) => (await client.query<{ usename: string }>(
    `select distinct usename from pg_stat_activity where datname = $1 and pid <> pg_backend_pid() and usename is not null`, [name])).rows.map(({ usename }) => usename));
  async function end(product: Product): Promise<void> {
    product.kill('SIGTERM');
    expect([await product.exit, product.stderr()]).toEqual([0, '']);
  }
  async function login(url: string, email: string, password: string) {
    const { data, error } = await createLexiFlow({ baseUrl: url }).POST('/v1/auth/login', { body: { email, password } });
    if (!data) throw new Error(JSON.stringify(error));
    return createLexiFlow({ baseUrl: url, token: data.accessToken });
  }

  test('the command line makes the schema, reverts it step by step and to nothing, and makes it again', async () => {
    const last = await cli(['migrate']);
    expect(last).toMatchObject({ code: 0, stderr: '' });
    expect(last.stdout.match(/^migrated /gm)!.length).toBeGreaterThan(4);
    expect(await cli(['migrate'])).toMatchObject({ code: 0, stdout: 'The schema is up to date.\n' });
    expect((await cli(['migrate:down'])).stdout).toMatch(/reverted .*\nReverted 1 migration\.\n/);
    expect((await cli(['migrate:down'])).stdout).toMatch(/Reverted 1 migration\.\n/); // also from a schema that is not up to date
    expectSentence(await run(['main'], environment(database, { RUN_MIGRATIONS: 'false' })), /not up to date.*npm run migrate/);
    expect((await cli(['migrate:down', '--all'])).stdout).toMatch(/Reverted \d+ migrations\.\n/);
    expect((await cli(['migrate:down', '--all'])).stdout).toBe('There was nothing to revert.\n');
    expect((await cli(['migrate'])).code).toBe(0);
  });

  test('the command line seeds, twice without harm, and makes firms', async () => {
    for (let i = 0; i < 2; i++) {
      expect(await cli(['seed'])).toMatchObject({ code: 0, stdout: expect.stringContaining('Harbor & Finch LLP (harbor-finch): admin@harborfinch.example'), stderr: '' });
    }
    const made = await cli(['firm:create', '--name', 'Quill & Partners', '--admin-email', 'quill@quill.example', '--admin-password', 'a quill is a pen']);
    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/Quill & Partners exists now/) });
    expectSentence(await cli(['firm:create', '--name', 'No Address', '--admin-email', 'nobody']), /was not made.*adminEmail/);
    expectSentence(await cli(['firm:create', '--name', 'No Address']), /--admin-email/);
  });

  test('npm start with the owner\'s URL serves as the login role, and a worker beside it does the jobs', async () => {
    const product = start(['main'], environment(database, { JOBS_IN_PROCESS: 'false' }));
    const url = await product.url;
    expect(product.stdout()).toContain(`serving as role ${loginRole}`);
    expect(await (await fetch(`${url}/health/ready`)).json()).toMatchObject({ status: 'up', engine: 'server' });
    const api = await login(url, 'quill@quill.example', 'a quill is a pen');
    expect((await api.GET('/v1/me')).data?.firm.slug).toBe('quill-partners');
    expect(await sessions(database)).toEqual([loginRole]);

    const worker = start(['worker'], environment());
    await waitFor(() => worker, /worker is ready/);
    await api.POST('/v1/users', { body: { email: 'new@quill.example', givenName: 'New', familyName: 'One', role: 'associate' } });
    await eventually(async () => (await api.GET('/v1/jobs', { params: { query: { status: 'completed' } } })).data!.data.map(({ name }) => name), (done) => done.includes('mail.send'), 30_000);
    expect(await sessions(database)).toEqual([loginRole]);
    await Promise.all([end(worker), end(product)]);
    expect(await sessions(database)).toEqual([]);
  });

  test('owner and login role kept apart serve as well; a login role alone is served without any right to migrate', async () => {
    const apart = await newDatabase();
    const asLogin = at(ownerUrl, apart, { name: loginRole, password: await loginPassword() });
    expectSentence(await run(['main'], { ...environment(), DATABASE_URL: asLogin }), /npm run migrate|permission denied|not up to date/);
    const product = start(['main'], { ...environment(), DATABASE_URL: asLogin, MIGRATION_DATABASE_URL: at(ownerUrl, apart) });
    const url = await product.url;
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    expect(await sessions(apart)).toEqual([loginRole]);
    await end(product);
    const alone = start(['main'], { ...environment(), DATABASE_URL: asLogin });
    expect((await fetch(`${await alone.url}/health/ready`)).status).toBe(200);
    await end(alone);
    expect(await run(['cli', 'migrate'], { ...environment(), DATABASE_URL: asLogin })).toMatchObject({ code: 0 });
  });

  describe('what cannot be served is refused in one sentence', () => {
    test('a wrong password, a missing database', async () => {
      const wrong = at(ownerUrl, database, { name: new URL(ownerUrl).username, password: 'hush-hush' });
      const ended = await run(['main'], { ...environment(), DATABASE_URL: wrong });
      expectSentence(ended, /^\s*DATABASE_URL: the server at .* refuses the user/);
      expect(ended.stderr).not.toContain('hush-hush');
      expectSentence(await run(['main'], environment('lexiflow_no_such_database')), /^\s*DATABASE_URL: the database "lexiflow_no_such_database" does not exist/);
    });

    test('the owner as the role that serves', async () => {
      expectSentence(await run(['main'], { ...environment(), MIGRATION_DATABASE_URL: at(ownerUrl, database) }), /Requests are not served as this role, because the role "[^"]+" (owns tables|has BYPASSRLS)/);
    });

    test.skipIf(!superuserUrl)('a superuser as the role that serves; as the only role he makes one that may', async () => {
      const superuser = at(superuserUrl!, database);
      expectSentence(await run(['main'], { ...environment(), DATABASE_URL: superuser, MIGRATION_DATABASE_URL: at(ownerUrl, database) }), /Requests are not served as this role, because the role "postgres" is a superuser/);
      const product = start(['main'], { ...environment(), DATABASE_URL: superuser });
      expect((await fetch(`${await product.url}/health/ready`)).status).toBe(200);
      expect(await sessions(database)).toEqual([loginRole]);
      await end(product);
    });

    test.skipIf(!superuserUrl)('a database without an extension that its owner may not make', async () => {
      const bare = `lexiflow_process_${randomBytes(6).toString('hex')}`;
      names.push(bare);
      await asSuperuser(async (client) => {
        await client.query(`create database ${bare} owner "${new URL(ownerUrl).username}" template template0`);
      });
      expectSentence(await run(['main'], environment(bare)), /extension "vector" could not be created .*create extension vector.*superuser/);
      expectSentence(await run(['cli', 'migrate'], environment(bare)), /extension "vector"/);
    });
  });
});
