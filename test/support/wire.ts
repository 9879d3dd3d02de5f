import pg from 'pg';
import { fly, type Statement } from '../../src/database/flight.js';
import type { ConnectionSource } from '../../src/database/unit-of-work.js';
import { testApp } from './app.js';

type Row = Record<string, unknown>;

/** The pool under the application, for tests that look at single connections. */
export async function pool(): Promise<ConnectionSource & { size: number; using: number; waiting: number; available: number }> {
  const { database } = await testApp();
  return (database.sequelize.connectionManager as unknown as { pool: Awaited<ReturnType<typeof pool>> }).pool;
}

/** Lends one connection of the pool, without any guard. */
export async function withClient<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const source = await pool();
  const client = await source.acquire();
  try {
    return await work(client);
  } finally {
    if ((client as { _invalid?: boolean })._invalid) await source.destroy(client);
    else source.release(client);
  }
}

/** One flight without guard: the rows of its last statement. */
export async function raw(client: pg.Client, ...statements: (string | Statement)[]): Promise<Row[]> {
  const results = await fly(client, statements.map((statement) => (typeof statement === 'string' ? { text: statement } : statement)), 20_000);
  return results.at(-1)!.rows;
}

/** What a connection is by itself, between flights. Never-set and reset settings of ours both read as ''. */
export const SETTINGS = `select current_user::text as role, coalesce(current_setting('app.firm_id', true), '') as firm,
  coalesce(current_setting('app.user_id', true), '') as "user", coalesce(current_setting('app.actor_kind', true), '') as kind,
  coalesce(current_setting('app.origin', true), '') as origin, current_setting('statement_timeout') as statement_timeout,
  current_setting('lock_timeout') as lock_timeout, current_setting('idle_in_transaction_session_timeout') as idle_timeout,
  current_setting('transaction_read_only') as read_only`;

/** The settings of every connection the pool can give at once. */
export async function settingsEverywhere(): Promise<Row[]> {
  const source = await pool();
  const { environment } = await testApp();
  const clients = await Promise.all(Array.from({ length: environment.embedded ? 1 : environment.DATABASE_POOL_MAX }, () => source.acquire()));
  try {
    return (await Promise.all(clients.map((client) => raw(client, SETTINGS)))).flat();
  } finally {
    for (const client of clients) source.release(client);
  }
}

/** A connection of its own as the login role, which steps out of the app role its sessions begin as. Server only: the embedded engine is one session. */
export async function asLogin<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const { engine } = await testApp();
  const client = new pg.Client({ ...engine.serving, ssl: engine.serving.ssl as never });
  return withConnection(client, async () => {
    await client.query('begin; set local role none'); // for this transaction alone: behind a pooler the session is not ours
    try {
      return await work(client);
    } finally {
      await client.query('rollback').catch(() => undefined); // it may have ended itself
    }
  });
}

export const superuserUrl = process.env['TEST_SUPERUSER_URL'];

/** A superuser's connection to the suite's database, straight to the server. */
export async function asSuperuser<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const { engine } = await testApp();
  const url = new URL(superuserUrl!);
  url.pathname = `/${engine.serving.database}`;
  return withConnection(new pg.Client({ connectionString: url.href }), work);
}

async function withConnection<T>(client: pg.Client, work: (client: pg.Client) => Promise<T>): Promise<T> {
  client.on('error', () => {}); // a test may end it on purpose
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Asks again and again, because what is waited for happens elsewhere. */
export async function eventually<T>(ask: () => Promise<T>, good: (answer: T) => boolean, milliseconds = 10_000): Promise<T> {
  const end = Date.now() + milliseconds;
  for (;;) {
    const answer = await ask();
    if (good(answer)) return answer;
    if (Date.now() > end) throw new Error(`still not so after ${milliseconds} ms: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Statements of the owner of the tables, for tests that break a rule on purpose and mend it again. */
export async function asOwner(...statements: string[]): Promise<void> {
  const { engine, environment } = await testApp();
  const run = async (client: pg.Client) => {
    for (const statement of statements) await client.query(statement);
  };
  if (!environment.embedded) return withConnection(new pg.Client({ connectionString: process.env['TEST_DATABASE_URL'] }), run);
  await withClient(async (client) => {
    await client.query('reset role');
    await run(client).finally(() => client.query(`set role "${engine.roles.app}"`));
  });
}
