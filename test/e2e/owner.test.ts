import pg from 'pg';
import { expect, test } from 'vitest';
import { EmbeddedServer } from '../../src/database/embedded/embedded-server.js';
import { migrateDown, migrateUp, REQUIRED_EXTENSIONS } from '../../src/database/migrator.js';
import { enableLogin, roleNames, whyUnsafe } from '../../src/database/roles.js';

// The embedded engine is PostgreSQL 18, where making a role no longer makes its maker able to become it: the place to
// prove what Neon and other managed servers do, whichever server the rest of the suite runs on.
const roles = roleNames('lexiflow');

/** A database in memory, owned by a role as a managed server gives it; the connection has become that role. */
async function databaseOwnedBy(attributes: string): Promise<{ client: pg.Client; close(): Promise<void> }> {
  const server = await EmbeddedServer.open(undefined);
  const client = new pg.Client({ user: 'postgres', database: 'postgres', stream: server.stream as never });
  await client.connect();
  for (const name of REQUIRED_EXTENSIONS) await client.query(`create extension "${name}"`);
  await client.query(`create role firm_owner login createrole ${attributes}`);
  await client.query('alter database postgres owner to firm_owner; set session authorization firm_owner');
  return { client, close: async () => (await client.end(), server.close()) };
}

test.each([['without BYPASSRLS', ''], ['with BYPASSRLS, as on Neon', 'bypassrls']])(
  'an owner who is no superuser, %s, migrates up, down and up, and makes a login role that may serve',
  async (_, attributes) => {
    const { client, close } = await databaseOwnedBy(attributes);
    expect(await migrateUp({ client, roles })).toBeGreaterThan(0);
    await enableLogin(client, roles, 'a password of some length');
    expect(await migrateDown({ client, roles }, 0)).toBeGreaterThan(0);
    expect(await migrateUp({ client, roles })).toBeGreaterThan(0);
    expect(await whyUnsafe(client, roles)).toBeDefined();

    await client.query('reset session authorization; set session authorization lexiflow_login');
    expect(await whyUnsafe(client, roles)).toBeUndefined();
    await expect(client.query('select from users')).rejects.toThrow(/permission denied/);
    await close();
  },
);
