import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { Umzug, type MigrationParams, type UmzugStorage } from 'umzug';
import { StartupError } from '../config/environment.js';
import { ensureRoles, type RoleNames } from './roles.js';

/** The project's root, from src/ as well as from dist/. */
export const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const folder = join(projectRoot, 'migrations');

export const REQUIRED_EXTENSIONS = ['vector', 'pg_trgm', 'unaccent', 'btree_gist', 'fuzzystrmatch'] as const;
export const OPTIONAL_EXTENSIONS = ['pg_stat_statements'] as const;

interface Migration {
  up: string;
  down: string;
  /** `-- migrate: no-transaction`: for CREATE INDEX CONCURRENTLY, alone in its file. */
  transaction: boolean;
}

/** All migrations that exist, oldest first. */
export const migrationNames = (): string[] => readdirSync(folder).filter((name) => /^\d{14}-[\w-]+\.sql$/.test(name)).sort();

/** Reads one migration file: `-- migrate: up` and `-- migrate: down` part it, {{app}} and the like name the roles. */
function readMigration(name: string, roles: RoleNames): Migration {
  const text = readFileSync(join(folder, name), 'utf8').replace(/\{\{(app|engine|login)\}\}/g, (_, role: keyof RoleNames) => roles[role]);
  const [head, ...rest] = text.split(/^-- migrate: up\s*$/m);
  const [up, down] = (rest.join('') || '').split(/^-- migrate: down\s*$/m);
  if (up === undefined || down === undefined) throw new Error(`${name} needs "-- migrate: up" and "-- migrate: down"`);
  return { up, down, transaction: !/^-- migrate: no-transaction\s*$/m.test(head ?? '') };
}

/** The names of applied migrations, in the table that the Sequelize CLI keeps too. */
const storage: UmzugStorage<pg.Client> = {
  async executed({ context }) {
    const { rows } = await context.query<{ there: boolean }>(`select to_regclass('public."SequelizeMeta"') is not null as there`);
    if (!rows[0]!.there) return [];
    return (await context.query<{ name: string }>('select name from "SequelizeMeta" order by name')).rows.map((row) => row.name);
  },
  // written in the migration's own transaction instead, so that a crash cannot come between the two
  async logMigration() {},
  async unlogMigration() {},
};

export interface MigratorOptions {
  client: pg.Client;
  roles: RoleNames;
  log?: (line: string) => void;
}

function umzugOf({ client, roles, log }: MigratorOptions): Umzug<pg.Client> {
  const run = (name: string, direction: 'up' | 'down') => async ({ context }: MigrationParams<pg.Client>) => {
    const migration = readMigration(name, roles);
    const record =
      direction === 'up'
        ? 'insert into "SequelizeMeta" (name) values ($1) on conflict do nothing'
        : 'delete from "SequelizeMeta" where name = $1';
    if (!migration.transaction) {
      await context.query(`set lock_timeout = '5s'`);
      await context.query(migration[direction]);
      await context.query(record, [name]);
      return;
    }
    await context.query('begin');
    try {
      // A transaction's lock and no session's: poolers may switch servers between transactions.
      await context.query(`select pg_advisory_xact_lock(hashtext('lexiflow.migrate'))`);
      await context.query(`set local lock_timeout = '5s'`);
      const { rowCount } = await context.query('select from "SequelizeMeta" where name = $1', [name]);
      const wanted = direction === 'up' ? !rowCount : Boolean(rowCount); // another process may have been faster
      if (wanted) {
        await context.query(migration[direction]);
        await context.query(record, [name]);
      }
      await context.query('commit');
    } catch (error) {
      await context.query('rollback');
      throw error;
    }
  };
  const umzug = new Umzug<pg.Client>({
    migrations: migrationNames().map((name) => ({ name, up: run(name, 'up'), down: run(name, 'down') })),
    context: client,
    storage,
    logger: undefined,
  });
  umzug.on('migrated', ({ name }) => log?.(`migrated ${name}`));
  umzug.on('reverted', ({ name }) => log?.(`reverted ${name}`));
  return umzug;
}

/** Extensions, roles, and every migration that is missing (or those of `only`). Returns how many were applied. */
export async function migrateUp(options: MigratorOptions, only?: readonly string[]): Promise<number> {
  await ensureExtensions(options.client);
  await ensureRoles(options.client, options.roles);
  await options.client.query('create table if not exists "SequelizeMeta" (name text not null, constraint "SequelizeMeta_pk" primary key (name))');
  const missing = (await pendingMigrations(options.client)).filter((name) => !only || only.includes(name));
  const applied = (await umzugOf(options).up({ migrations: missing })).length;
  // a process that only serves checks at its start that the schema is the one it knows
  await options.client.query(`grant select on "SequelizeMeta" to "${options.roles.app}"`);
  return applied;
}

/** Reverts the last migration, or down to (and including) `to`; 0 reverts all. */
export async function migrateDown(options: MigratorOptions, to?: string | 0): Promise<number> {
  return (await umzugOf(options).down(to === undefined ? {} : { to })).length;
}

/** Names that are on disk but not in the database. */
export async function pendingMigrations(client: pg.Client): Promise<string[]> {
  const executed = new Set(await storage.executed({ context: client }));
  return migrationNames().filter((name) => !executed.has(name));
}

/** Makes the extensions, or says which one is missing and what to do. */
async function ensureExtensions(client: pg.Client): Promise<void> {
  for (const name of [...REQUIRED_EXTENSIONS, ...OPTIONAL_EXTENSIONS]) {
    const { rows } = await client.query<{ installed: string | null }>(
      'select installed_version as installed from pg_available_extensions where name = $1', [name]);
    const optional = (OPTIONAL_EXTENSIONS as readonly string[]).includes(name);
    if (rows[0]?.installed) continue;
    if (!rows[0]) {
      if (optional) continue;
      throw new StartupError(
        `The server of DATABASE_URL does not offer the extension "${name}": install it there (Debian: ${
          name === 'vector' ? 'postgresql-NN-pgvector' : 'postgresql-contrib'
        }), or use a server that has it.`);
    }
    try {
      await client.query(`create extension if not exists "${name}"`);
    } catch (error) {
      if (optional) continue;
      throw new StartupError(
        `The extension "${name}" could not be created (${(error as Error).message}): run "create extension ${name}" in this database as a superuser, ` +
          'or let MIGRATION_DATABASE_URL name a role that may.');
    }
  }
  const { rows } = await client.query<{ version: string }>(`select extversion as version from pg_extension where extname = 'vector'`);
  const [major = 0, minor = 0] = rows[0]!.version.split('.').map(Number);
  if (major === 0 && minor < 8) {
    throw new StartupError(`pgvector ${rows[0]!.version} is too old: 0.8.0 is needed and 0.8.4 recommended; update it and run "alter extension vector update".`);
  }
}
