import { createReadStream, createWriteStream, existsSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import type pg from 'pg';
import { StartupError, type Environment } from '../config/environment.js';
import { DataFolder } from '../database/embedded/data-folder.js';
import { prepareEngine, type Engine } from '../database/engine.js';
import { migrateUp, migrationNames } from '../database/migrator.js';

// Carries an embedded database from one release to another whose engine cannot read its files. For a server there are
// better tools; this one writes as superuser with triggers off, which only the embedded engine lets it do.
//
// The file is lines of JSON: a head, some hundred rows of one table a line, an end. Rows are PostgreSQL's own text and
// never become JavaScript values, which would round numbers and so break the seals of the audit trail.

const BATCH = 500;
interface Head {
  lexiflow: 1;
  migrations: string[];
}
type Line = Head | { table: string; rows: object[] } | { end: true; rows: number };

/** `npm run data:export -- --to FILE` */
export async function exportData(environment: Environment, args: string[]): Promise<void> {
  const file = parseArgs({ args, options: { to: { type: 'string' } } }).values.to;
  if (!file) throw new StartupError('Say where to: npm run data:export -- --to lexiflow-data.ndjson');
  assertEmbedded(environment);
  if (existsSync(file)) throw new StartupError(`${file} exists already: choose another name.`);
  if (!new DataFolder(environment.DATA_DIR).hasDatabase) throw new StartupError(`${environment.DATA_DIR} holds no database: name its folder with DATA_DIR.`);
  const engine = await prepareEngine(environment, { migrate: false });
  const client = await engine.connectOwner();
  try {
    const count = { rows: 0 };
    await pipeline(Readable.from(exportLines(client, count)), createWriteStream(file, { flags: 'wx', mode: 0o600 })).catch((error: Error) => {
      rmSync(file, { force: true });
      throw new StartupError(`${file} cannot be written: ${error.message}`);
    });
    process.stdout.write(`Wrote ${count.rows} rows to ${file}.\n`);
  } finally {
    await client.end();
    await engine.close();
  }
}

async function* exportLines(client: pg.Client, count: { rows: number }): AsyncGenerator<string> {
  await client.query('begin isolation level repeatable read read only');
  yield `${JSON.stringify({ lexiflow: 1, migrations: migrationNames() } satisfies Head)}\n`;
  for (const table of await tables(client)) {
    await client.query(`declare export_rows no scroll cursor for select row_to_json(t)::text as row from ${table} t`);
    for (;;) {
      const { rows } = await client.query<{ row: string }>(`fetch ${BATCH} from export_rows`);
      if (rows.length === 0) break;
      yield `{"table":${JSON.stringify(table)},"rows":[${rows.map(({ row }) => row).join(',')}]}\n`;
      count.rows += rows.length;
    }
    await client.query('close export_rows');
  }
  await client.query('commit');
  yield `${JSON.stringify({ end: true, rows: count.rows })}\n`;
}

/** `npm run data:import -- --from FILE`, into a folder that has no database yet. A failed import leaves none. */
export async function importData(environment: Environment, args: string[]): Promise<void> {
  const file = parseArgs({ args, options: { from: { type: 'string' } } }).values.from;
  if (!file || !existsSync(file)) throw new StartupError('Say where from: npm run data:import -- --from lexiflow-data.ndjson');
  assertEmbedded(environment);
  if (new DataFolder(environment.DATA_DIR).hasDatabase) {
    throw new StartupError(`${environment.DATA_DIR} holds a database already: move it aside, or name another folder with DATA_DIR.`);
  }
  const { migrations } = await readHead(file);
  let count = 0;
  // the rows fit the schema they were taken from; later migrations then change both
  const engine = await prepareEngine(environment, { migrate: true, only: migrations, fill: async (fresh) => void (count = await importRows(fresh, file)) });
  await engine.close();
  process.stdout.write(`Read ${count} rows from ${file}. Start with \`npm start\`.\n`);
}

async function importRows(engine: Engine, file: string): Promise<number> {
  const client = await engine.connectOwner();
  try {
    await client.query('begin');
    await client.query('set local session_replication_role = replica'); // rows come as they were: no triggers, no audit of the copying
    const known = new Set(await tables(client));
    let [count, whole] = [0, false];
    for await (const line of linesOf(file)) {
      const entry = parseLine(file, line);
      if ('table' in entry) {
        if (!known.has(entry.table)) throw new StartupError(`${file} has rows of "${entry.table}", a table that this release does not know.`);
        const names = await columns(client, entry.table);
        await client.query(
          `insert into ${entry.table} (${names}) select ${names} from json_populate_recordset(null::${entry.table}, $1::json -> 'rows') on conflict do nothing`, [line]);
        count += entry.rows.length;
      } else if ('end' in entry) {
        whole = entry.rows === count;
      }
    }
    if (!whole) throw new StartupError(`${file} is not whole: export the data once more.`);
    await client.query(`select setval('audit_events_id_seq', coalesce((select max(id) from audit_events), 0) + 1, false)`);
    await rebaseAudit(client);
    await client.query('commit');
    await migrateUp({ client, roles: engine.roles });
    return count;
  } catch (error) {
    if (error instanceof StartupError) throw error;
    throw new StartupError(`${file} could not be read in: ${(error as Error).message}.`);
  } finally {
    await client.end();
  }
}

const linesOf = (file: string): AsyncIterable<string> => createInterface({ input: createReadStream(file), crlfDelay: Infinity });

/** The head, after a look at the end: a file that is not whole is refused before anything is made of it. */
async function readHead(file: string): Promise<Head> {
  let [first, last] = ['', ''];
  for await (const line of linesOf(file)) {
    first ||= line;
    last = line;
  }
  const [head, end] = [parseLine(file, first), parseLine(file, last)];
  if (!('lexiflow' in head)) throw new StartupError(`${file} was not made by \`npm run data:export\`.`);
  if (!('end' in end)) throw new StartupError(`${file} is not whole: export the data once more.`);
  const missing = head.migrations.filter((name) => !migrationNames().includes(name));
  if (missing.length > 0) throw new StartupError(`${file} comes from a later release (it has ${missing[0]}): import it there.`);
  return head;
}

function parseLine(file: string, line: string): Line {
  try {
    return JSON.parse(line) as Line;
  } catch {
    throw new StartupError(`${file} is not whole, or was not made by \`npm run data:export\`.`);
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
