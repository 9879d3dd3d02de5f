import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migrateDown, migrateUp, migrationNames, projectRoot } from '../../src/database/migrator.js';
import { dumpSchema } from '../../src/database/schema-dump.js';
import { readCatalog, type Ask, type Catalog } from '../support/catalog.js';
import { scratchDatabase, type ScratchDatabase } from '../support/scratch-database.js';
import * as access from './access-rules.js';
import { migrationText } from './migration-text.js';
import * as schema from './schema-rules.js';

let scratch: ScratchDatabase;
const dumps = { empty: '', first: '', reverted: '', second: '' };

beforeAll(async () => {
  scratch = await scratchDatabase();
  const { client, roles } = scratch;
  dumps.empty = await dumpSchema(client, roles);
  await migrateUp({ client, roles });
  dumps.first = await dumpSchema(client, roles);
  const reverted = await migrateDown({ client, roles }, 0);
  expect(reverted).toBe(migrationNames().length);
  dumps.reverted = await dumpSchema(client, roles);
  await migrateUp({ client, roles });
  dumps.second = await dumpSchema(client, roles);
});
afterAll(() => scratch?.drop());

describe('migrations', () => {
  test('down to zero leave nothing behind', () => {
    expect(dumps.reverted, 'a migration does not take back all it made: complete its "-- migrate: down"').toBe(dumps.empty);
  });

  test('up, down, up give the same schema', () => {
    expect(dumps.second, 'a "-- migrate: down" undoes too much or too little: compare the two schemas').toBe(dumps.first);
  });

  test('give migrations/schema.sql', () => {
    const kept = readFileSync(join(projectRoot, 'migrations', 'schema.sql'), 'utf8');
    expect(dumps.second, 'migrations/schema.sql is not up to date: run `npm run generate` and commit it').toBe(kept);
  });
});

// Each rule of this folder, broken on purpose: a rule that does not see its own fault protects nothing.
const listed = access.doorsIn(readFileSync(join(projectRoot, 'docs', 'architecture.md'), 'utf8'));
const rules: Record<string, (catalog: Catalog) => string[]> = {
  rowLevelSecurity: schema.rowLevelSecurity,
  keysLeadWithFirm: schema.keysLeadWithFirm,
  nullsInUniqueKeys: schema.nullsInUniqueKeys,
  foreignKeyActions: schema.foreignKeyActions,
  foreignKeysIndexed: schema.foreignKeysIndexed,
  audited: schema.audited,
  named: (catalog) => schema.named(catalog, migrationText()),
  columnTypes: schema.columnTypes,
  doors: (catalog) => access.doors(catalog, listed),
  roles: access.roles,
};

const BAD_TABLE = `create table loose (firm_id uuid not null, id uuid not null, user_id uuid, note text, constraint loose_pk primary key (firm_id, id)`;
const breakages: [rule: string, sql: string, finding: RegExp][] = [
  ['rowLevelSecurity', `${BAD_TABLE})`, /loose has no row-level security/],
  ['rowLevelSecurity', `alter table users no force row level security`, /users has no forced/],
  ['rowLevelSecurity', `drop policy users_firm on users`, /users has no policy for \S+_app/],
  ['rowLevelSecurity', `drop policy users_engine on users`, /users has no policy for \S+_engine/],
  ['rowLevelSecurity', `create policy users_all on users using (firm_id is not null)`, /users_all of users is written TO public/],
  ['rowLevelSecurity', `create policy users_all on users for select to {{app}} using (true)`, /users_all of users: its using/],
  ['rowLevelSecurity', `create policy users_all on users for insert to {{app}} with check (role = 'admin')`, /users_all of users: its with check/],
  ['rowLevelSecurity', `create policy users_all on users to {{app}} using (firm_id = nullif(current_setting('app.firm_id', true), '')::uuid)`, /users_all of users: its using/],
  ['rowLevelSecurity', `create table loose (id uuid not null)`, /loose has no firm_id/],
  ['rowLevelSecurity', `grant delete on utbms_codes to {{app}}`, /_app may delete on utbms_codes/],
  ['rowLevelSecurity', `alter table login_failures add column firm_id uuid`, /login_failures is on the list of tables without firm_id/],
  ['keysLeadWithFirm', `create unique index users_name_key on users (email, firm_id)`, /users_name_key of users does not lead/],
  ['keysLeadWithFirm', `create table loose (firm_id uuid not null, id uuid not null, constraint loose_pk primary key (id, firm_id))`, /loose_pk of loose does not lead/],
  ['keysLeadWithFirm', `create table loose (firm_id uuid not null, id uuid not null)`, /loose has no primary key/],
  ['keysLeadWithFirm', `alter table sessions add constraint sessions_x_fk foreign key (user_id, firm_id) references users (id, firm_id)`, /sessions_x_fk of sessions does not lead/],
  ['keysLeadWithFirm', `alter table users add constraint users_x_key unique (id); alter table sessions add constraint sessions_x_fk foreign key (user_id) references users (id)`, /sessions_x_fk of sessions does not lead/],
  ['keysLeadWithFirm', `alter table firms drop constraint firms_slug_key`, /firms_slug_key is on the list/],
  ['nullsInUniqueKeys', `create unique index users_phone_key on users (firm_id, phone)`, /users_phone_key of users is unique over phone/],
  ['nullsInUniqueKeys', `create unique index users_phone_key on users (firm_id, lower(phone))`, /users_phone_key of users is unique over an expression/],
  ['nullsInUniqueKeys', `create unique index users_phone_key on users (firm_id, phone) where title is not null`, /users_phone_key of users is unique over phone/],
  ['foreignKeyActions', `${BAD_TABLE}, constraint loose_user_fk foreign key (firm_id, user_id) references users (firm_id, id))`, /loose_user_fk of loose does not say ON DELETE/],
  ['foreignKeyActions', `${BAD_TABLE}, constraint loose_user_fk foreign key (firm_id, user_id) references users (firm_id, id) on delete cascade)`, /loose_user_fk of loose does not say ON UPDATE/],
  ['foreignKeyActions', `${BAD_TABLE}, constraint loose_user_fk foreign key (firm_id, user_id) references users (firm_id, id) on delete set null on update restrict)`, /bare ON DELETE SET NULL/],
  ['foreignKeyActions', `${BAD_TABLE}, constraint loose_user_fk foreign key (firm_id, user_id) references users (firm_id, id) on delete cascade on update set null)`, /ON UPDATE SET would empty/],
  ['foreignKeysIndexed', `drop index sessions_user_idx`, /sessions_user_fk of sessions has no index/],
  ['foreignKeysIndexed', `drop index sessions_user_idx; create index sessions_user_idx on sessions (firm_id, user_id) where ended_at is null`, /sessions_user_fk of sessions has no index/],
  ['foreignKeysIndexed', `drop index sessions_user_idx; create index sessions_user_idx on sessions (firm_id, created_at, user_id)`, /sessions_user_fk of sessions has no index/],
  ['audited', `drop trigger users_audit on users`, /users is not audited/],
  ['audited', `alter table users disable trigger users_audit`, /users is not audited/],
  ['audited', `call internal.audited('tasks')`, /tasks is on the list of NOT_AUDITED/],
  ['named', `alter table users add check (length(phone) < 50)`, /constraint users_phone_check of users was not named/],
  ['named', `alter table firm_logos add foreign key (firm_id) references firms`, /constraint firm_logos_firm_id_fkey/],
  ['named', `create index on users (firm_id, phone)`, /index users_firm_id_phone_idx of users was not named/],
  ['named', `create table loose (firm_id uuid primary key)`, /constraint loose_pkey of loose was not named/],
  ['columnTypes', `alter table users add column rate double precision`, /users\.rate is double precision/],
  ['columnTypes', `alter table users add column nick varchar(20)`, /users\.nick is character varying/],
  ['columnTypes', `alter table users add column letter char`, /users\.letter is character\(1\)/],
  ['columnTypes', `alter table users add column seen timestamp(3)[]`, /users\.seen is timestamp\(3\) without/],
  ['columnTypes', `alter table users add column fee money`, /users\.fee is money/],
  ['columnTypes', `alter table users add column team_id int`, /users\.team_id is integer/],
  ['doors', `create function doors.peek() returns bigint language sql security definer set search_path = pg_catalog, public, pg_temp as 'select count(*) from users'`, /doors\.peek is SECURITY DEFINER and not in the table/],
  ['doors', `alter function doors.sweep() owner to current_user`, /doors\.sweep is SECURITY DEFINER and owned by/],
  ['doors', `alter function doors.sweep() reset search_path`, /doors\.sweep has no search_path/],
  ['doors', `alter function doors.sweep() set search_path = pg_catalog, public`, /doors\.sweep has search_path = pg_catalog, public:/],
  ['doors', `grant execute on function internal.audit() to public`, /internal\.audit may be executed by PUBLIC/],
  ['doors', `drop function doors.job_stats()`, /doors\.job_stats stands under/],
  ['roles', `grant create on schema public to {{app}}`, /_app may create in the schema public/],
  ['roles', `grant create on schema public to {{app}}; alter table utbms_codes owner to {{app}}`, /_app owns/],
  ['roles', `alter role {{app}} createdb`, /_app is superuser, has BYPASSRLS/],
  ['roles', `grant {{engine}} to {{app}}`, /_app is a member of \S+_engine/],
  ['roles', `grant select on users to {{login}}`, /_login may select on users/],
  ['roles', `grant select on audit_events_default to {{app}}`, /_app may select on the partition audit_events_default/],
  ['roles', `grant truncate on users to {{app}}`, /_app may truncate on users/],
  ['roles', `create view names as select name from users; grant select on names to {{app}}`, /_app may select on the view names/],
  ['roles', `create materialized view figures as select 1 as n; grant select on figures to {{app}}`, /_app may select on the materialized view figures/],
];

describe('a broken schema is found out', () => {
  const ask: Ask = async <T extends object>(sql: string, values?: readonly unknown[]) => (await scratch.client.query<T>(sql, values as unknown[])).rows;

  test('every rule is broken at least once', () => {
    const written = Object.entries({ ...schema, ...access }).filter(([name, value]) => typeof value === 'function' && name !== 'doorsIn').map(([name]) => name);
    expect(Object.keys(rules).sort(), 'a rule that is not broken here: add it to `rules` and to `breakages`').toEqual(written.sort());
    expect(Object.keys(rules).filter((name) => !breakages.some(([rule]) => rule === name)), 'never broken').toEqual([]);
  });

  test('unbroken, no rule complains', async () => {
    const catalog = await readCatalog(ask, scratch.roles);
    for (const [name, rule] of Object.entries(rules)) expect(rule(catalog), name).toEqual([]);
  });

  test.each(breakages)('%s: %s', async (rule, sql, finding) => {
    await scratch.client.query('begin');
    try {
      await scratch.client.query(sql.replace(/\{\{(app|engine|login)\}\}/g, (_, role: 'app' | 'engine' | 'login') => scratch.roles[role]));
      expect(rules[rule]!(await readCatalog(ask, scratch.roles)).join('\n')).toMatch(finding);
    } finally {
      await scratch.client.query('rollback');
    }
  });
});
