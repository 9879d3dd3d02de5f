import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type pg from 'pg';
import { StartupError, type Environment } from '../config/environment.js';
import { DataFolder } from '../database/embedded/data-folder.js';
import { prepareEngine } from '../database/engine.js';
import { migrationNames } from '../database/migrator.js';

// Carries an embedded database from one release to another whose engine cannot read its files. For a server there are
// better tools; this one writes as superuser with triggers off, which only the embedded engine lets it do.

const BATCH = 500;
interface Head {
  lexiflow: 1;
  migrations: string[];
}

/** `npm run data:export -- --to FILE` */
export async function exportData(environment: Environment, args: string[]): Promise<void> {
  const file = parseArgs({ args, options: { to: { type: 'string' } } }).values.to;
  if (!file) throw new StartupError('Say where to: npm run data:export -- --to lexiflow-data.ndjson');
  assertEmbedded(environment);
  const engine = await prepareEngine(environment, { migrate: false });
  const client = await engine.connectOwner();
  const out = createWriteStream(file, { flags: 'wx', mode: 0o600 });
  const write = async (value: unknown) => {
    if (!out.write(`${JSON.stringify(value)}\n`)) await once(out, 'drain');
  };
  try {
    await once(out, 'open').catch((error: NodeJS.ErrnoException) => {
      throw new StartupError(error.code === 'EEXIST' ? `${file} exists already: choose another name.` : `${file} cannot be written: ${error.message}`);
    });
    await client.query('begin isolation level repeatable read read only');
    await write({ lexiflow: 1, migrations: migrationNames() } satisfies Head);
    let count = 0;
    for (const table of await tables(client)) {
      await client.query(`declare export_rows no scroll cursor for select row_to_json(t) as row from ${table} t`);
      for (;;) {
        const { rows } = await client.query<{ row: object }>(`fetch ${BATCH} from export_rows`);
        if (rows.length === 0) break;
        await write({ table, rows: rows.map(({ row }) => row) });
        count += rows.length;
      }
      await client.query('close export_rows');
    }
    await client.query('commit');
    out.end();
    await once(out, 'finish');
    process.stdout.write(`Wrote ${count} rows to ${file}.\n`);
  } finally {
    await client.end();
    await engine.close();
  }
}

/** `npm run data:import -- --from FILE`, into a folder that has no database yet. */
export async function importData(environment: Environment, args: string[]): Promise<void> {
  const file = parseArgs({ args, options: { from: { type: 'string' } } }).values.from;
  if (!file || !existsSync(file)) throw new StartupError('Say where from: npm run data:import -- --from lexiflow-data.ndjson');
  assertEmbedded(environment);
  if (existsSync(new DataFolder(environment.DATA_DIR).database)) {
    throw new StartupError(`${environment.DATA_DIR} holds a database already: move it aside, or name another folder with DATA_DIR.`);
  }
  const engine = await prepareEngine(environment, { migrate: true });
  const client = await engine.connectOwner();
  try {
    await client.query('begin');
    await client.query('set local session_replication_role = replica'); // rows come as they were: no triggers, no audit of the copying
    let count = 0;
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      const entry = JSON.parse(line) as Head | { table: string; rows: object[] };
      if ('lexiflow' in entry) {
        const missing = entry.migrations.filter((name) => !migrationNames().includes(name));
        if (missing.length > 0) throw new StartupError(`${file} comes from a later release (it has ${missing[0]}): import it there.`);
        continue;
      }
      const { rowCount } = await client.query(
        `insert into ${entry.table} (${await columns(client, entry.table)}) select ${await columns(client, entry.table)} from json_populate_recordset(null::${entry.table}, $1) on conflict do nothing`,
        [JSON.stringify(entry.rows)]);
      count += rowCount ?? 0;
    }
    await client.query(`select setval('audit_events_id_seq', coalesce((select max(id) from audit_events), 0) + 1, false)`);
    await rebaseAudit(client);
    await client.query('commit');
    process.stdout.write(`Read ${count} rows from ${file}. Start with \`npm start\`.\n`);
  } finally {
    await client.end();
    await engine.close();
  }
}

/** The audit trail is ordered by transaction numbers, and a new database counts anew: go on above the old ones. */
export async function rebaseAudit(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ base: string }>('select coalesce(max(xid), 0) + 1 as base from audit_events');
  await client.query(`create or replace function internal.audit_base() returns bigint language sql immutable parallel safe as $$ select ${BigInt(rows[0]!.base)}::bigint $$`);
}

function assertEmbedded(environment: Environment): void {
  if (!environment.embedded) throw new StartupError('This carries over embedded databases. For a server use pg_dump and pg_restore, and leave DATABASE_URL out here.');
}

async function tables(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select quote_ident(c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'SequelizeMeta'
       and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e') order by 1`);
  return rows.map(({ name }) => name);
}

const columnCache = new Map<string, string>();
/** Columns that can be written: a generated one is computed again. */
async function columns(client: pg.Client, table: string): Promise<string> {
  let names = columnCache.get(table);
  if (!names) {
    const { rows } = await client.query<{ names: string }>(
      `select string_agg(quote_ident(attname), ', ' order by attnum) as names from pg_attribute
       where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`, [table]);
    columnCache.set(table, (names = rows[0]!.names));
  }
  return names;
}
