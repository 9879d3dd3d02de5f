import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { EmbeddedServer } from '../../src/database/embedded/embedded-server.js';
import { roleNames, type RoleNames } from '../../src/database/roles.js';

/** An empty database of the test's own, on the engine of the run, with the owner's connection to it. */
export interface ScratchDatabase {
  client: pg.Client;
  roles: RoleNames;
  /** Ends the connection and removes the database; on a server nothing else is touched. */
  drop(): Promise<void>;
}

/** Embedded: a second engine in memory. Server: a database beside the tests' own, made by the same owner. */
export async function scratchDatabase(): Promise<ScratchDatabase> {
  const roles = roleNames(process.env['DATABASE_ROLE_PREFIX'] ?? 'lexiflow');
  const url = process.env['TEST_DATABASE_URL'];
  return url === undefined ? inMemory(roles) : onServer(url, roles);
}

async function inMemory(roles: RoleNames): Promise<ScratchDatabase> {
  const server = await EmbeddedServer.open(undefined);
  const client = new pg.Client({ user: 'postgres', database: 'postgres', stream: server.stream as never });
  await client.connect();
  await client.query(`set timezone = 'UTC'`);
  return {
    client, roles,
    drop: async () => {
      await client.end();
      await server.close();
    },
  };
}

async function onServer(url: string, roles: RoleNames): Promise<ScratchDatabase> {
  const name = `lexiflow_scratch_${randomBytes(6).toString('hex')}`;
  const asOwner = async (work: (owner: pg.Client) => Promise<unknown>) => {
    const owner = new pg.Client({ connectionString: url });
    await owner.connect();
    await work(owner).finally(() => owner.end());
  };
  await asOwner((owner) => owner.query(`create database ${name}`));
  const target = new URL(url);
  target.pathname = `/${name}`;
  const client = new pg.Client({ connectionString: target.href });
  client.on('error', () => {}); // a lost connection shows with the next query
  await client.connect();
  await client.query(`set timezone = 'UTC'`);
  return {
    client, roles,
    drop: async () => {
      await client.end();
      // autovacuum may be in it for a moment, and that only a superuser may end
      for (let attempt = 1; ; attempt++) {
        const error = await asOwner((owner) => owner.query(`drop database ${name} with (force)`)).then(() => undefined, (fault: Error & { code?: string }) => fault);
        if (!error) return;
        if (error.code !== '42501' || attempt === 20) throw error;
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    },
  };
}
