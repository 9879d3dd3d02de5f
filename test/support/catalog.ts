import type { RoleNames } from '../../src/database/roles.js';

/** Runs one statement and returns its rows: a unit's `Database.query` and a plain `pg.Client` both serve. */
export type Ask = <T extends object>(sql: string, values?: readonly unknown[]) => Promise<T[]>;

export interface Table { name: string; rls: boolean; forced: boolean; owner: string }
export interface Column { table: string; name: string; type: string; nullable: boolean; generated: boolean }
export interface Constraint {
  table: string; name: string; type: 'p' | 'u' | 'f' | 'c' | 'x'; columns: string[];
  target: string | null; targetColumns: string[] | null;
  /** As in pg_constraint: a no action, r restrict, c cascade, n set null, d set default. */
  onDelete: string; onUpdate: string; setColumns: string[] | null;
}
export interface Index {
  table: string; name: string; method: string; primary: boolean; unique: boolean; valid: boolean; nullsNotDistinct: boolean;
  /** The key in order; null stands for an expression. */
  columns: (string | null)[];
  predicate: string | null;
}
export interface Policy { table: string; name: string; command: string; roles: string[]; using: string | null; check: string | null }
export interface Trigger { table: string; name: string; enabled: string; function: string; row: boolean; before: boolean; insert: boolean; update: boolean; delete: boolean }
export interface Routine { name: string; definer: boolean; owner: string; config: string[]; byPublic: boolean }
export interface Role { name: string; superuser: boolean; bypass: boolean; inherits: boolean; createsRoles: boolean; createsDatabases: boolean; memberOf: string[]; owns: string[]; createsIn: string[] }
/** `kind` as in pg_class; `partition`: a child of a partitioned table. */
export interface Privilege { role: string; relation: string; kind: string; partition: boolean; options: string[]; privilege: string }

/** What the rules look at: the schema as the database itself describes it. */
export interface Catalog {
  roleNames: RoleNames;
  tables: Table[];
  columns: Column[];
  constraints: Constraint[];
  indexes: Index[];
  policies: Policy[];
  triggers: Trigger[];
  routines: Routine[];
  roles: Role[];
  privileges: Privilege[];
}

const NOT_FROM_EXTENSION = (oid: string, catalog: string) => `not exists (select from pg_depend d where d.objid = ${oid} and d.classid = '${catalog}'::regclass and d.deptype = 'e')`;
// partitions follow their parent and are made at run time; views have rules of their own
const TABLES = `pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
  and c.relkind in ('r', 'p') and not c.relispartition and ${NOT_FROM_EXTENSION('c.oid', 'pg_class')}`;
const namesOf = (numbers: string, table: string) =>
  `(select array_agg(a.attname::text order by u.ord) from unnest(${numbers}) with ordinality u(num, ord) left join pg_attribute a on a.attrelid = ${table} and a.attnum = u.num and u.num <> 0)`;

const SQL = {
  tables: `select c.relname::text as name, c.relrowsecurity as rls, c.relforcerowsecurity as forced, pg_get_userbyid(c.relowner)::text as owner from ${TABLES} order by 1`,
  columns: `select c.relname::text as "table", a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as nullable, a.attgenerated <> '' as generated
    from ${TABLES} join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by 1, a.attnum`,
  // PostgreSQL 18 keeps NOT NULL here too, under names of its own; it shows with the columns
  constraints: `select c.relname::text as "table", k.conname::text as name, k.contype::text as type, coalesce(${namesOf('k.conkey', 'k.conrelid')}, '{}') as columns,
      f.relname::text as target, ${namesOf('k.confkey', 'k.confrelid')} as "targetColumns",
      k.confdeltype::text as "onDelete", k.confupdtype::text as "onUpdate", ${namesOf('k.confdelsetcols', 'k.conrelid')} as "setColumns"
    from ${TABLES} join pg_constraint k on k.conrelid = c.oid and k.contype in ('p', 'u', 'f', 'c', 'x') left join pg_class f on f.oid = k.confrelid order by 1, 2`,
  indexes: `select c.relname::text as "table", x.relname::text as name, m.amname::text as method, i.indisprimary as primary, i.indisunique as unique, i.indisvalid as valid,
      i.indnullsnotdistinct as "nullsNotDistinct", ${namesOf('(i.indkey::int2[])[0:i.indnkeyatts - 1]', 'i.indrelid')} as columns, pg_get_expr(i.indpred, i.indrelid) as predicate
    from ${TABLES} join pg_index i on i.indrelid = c.oid join pg_class x on x.oid = i.indexrelid join pg_am m on m.oid = x.relam order by 1, 2`,
  policies: `select c.relname::text as "table", p.polname::text as name,
      case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end as command,
      (select array_agg(case when r = 0 then 'public' else pg_get_userbyid(r)::text end) from unnest(p.polroles) r) as roles,
      pg_get_expr(p.polqual, p.polrelid) as using, pg_get_expr(p.polwithcheck, p.polrelid) as "check"
    from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public' order by 1, 2`,
  triggers: `select c.relname::text as "table", t.tgname::text as name, t.tgenabled::text as enabled, fn.nspname || '.' || f.proname as function,
      t.tgtype & 1 > 0 as row, t.tgtype & 2 > 0 as before, t.tgtype & 4 > 0 as insert, t.tgtype & 16 > 0 as update, t.tgtype & 8 > 0 as delete
    from ${TABLES} join pg_trigger t on t.tgrelid = c.oid and not t.tgisinternal join pg_proc f on f.oid = t.tgfoid join pg_namespace fn on fn.oid = f.pronamespace order by 1, 2`,
  routines: `select n.nspname || '.' || p.proname as name, p.prosecdef as definer, pg_get_userbyid(p.proowner)::text as owner, coalesce(p.proconfig, '{}') as config,
      has_function_privilege('public', p.oid, 'execute') as "byPublic"
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace and n.nspname not in ('pg_catalog', 'information_schema') where ${NOT_FROM_EXTENSION('p.oid', 'pg_proc')} order by 1`,
  roles: `select r.rolname::text as name, r.rolsuper as superuser, r.rolbypassrls as bypass, r.rolinherit as inherits, r.rolcreaterole as "createsRoles", r.rolcreatedb as "createsDatabases",
      coalesce((select array_agg(g.rolname::text order by 1) from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid), '{}') as "memberOf",
      coalesce((select array_agg(d.classid::regclass || ' ' || d.objid) from pg_shdepend d where d.refobjid = r.oid and d.refclassid = 'pg_authid'::regclass and d.deptype = 'o'), '{}') as owns,
      coalesce((select array_agg(n.nspname::text order by 1) from pg_namespace n where n.nspname !~ '^pg_' and has_schema_privilege(r.oid, n.oid, 'create')), '{}') as "createsIn"
    from pg_roles r where r.rolname = any ($1) order by 1`,
  privileges: `select r.rolname::text as role, c.relname::text as relation, c.relkind::text as kind, c.relispartition as partition, coalesce(c.reloptions, '{}') as options, p as privilege
    from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname in ('public', 'internal', 'doors')
    cross join pg_roles r cross join unnest('{select,insert,update,delete,truncate,references,trigger}'::text[]) p
    where c.relkind in ('r', 'p', 'v', 'm', 'f') and ${NOT_FROM_EXTENSION('c.oid', 'pg_class')} and r.rolname = any ($1) and has_table_privilege(r.oid, c.oid, p) order by 1, 2`,
} as const;

/** Reads the schema; any role may, the catalogs are open to all. */
export async function readCatalog(ask: Ask, roleNames: RoleNames): Promise<Catalog> {
  const { app, engine, login } = roleNames;
  return {
    roleNames,
    tables: await ask<Table>(SQL.tables),
    columns: await ask<Column>(SQL.columns),
    constraints: await ask<Constraint>(SQL.constraints),
    indexes: await ask<Index>(SQL.indexes),
    policies: await ask<Policy>(SQL.policies),
    triggers: await ask<Trigger>(SQL.triggers),
    routines: await ask<Routine>(SQL.routines),
    roles: await ask<Role>(SQL.roles, [[app, engine, login]]),
    privileges: await ask<Privilege>(SQL.privileges, [[app, login]]),
  };
}

/** The tables whose rows belong to a firm. */
export const tenantTables = (catalog: Catalog): Table[] => catalog.tables.filter(({ name }) => columnsOf(catalog, name).some((column) => column.name === 'firm_id'));

export const columnsOf = (catalog: Catalog, table: string): Column[] => catalog.columns.filter((column) => column.table === table);

/** Those of them that the application may read at all; the rest belong to doors and triggers. */
export const readableTables = (catalog: Catalog): Table[] =>
  tenantTables(catalog).filter(({ name }) => catalog.privileges.some(({ role, relation, privilege }) => role === catalog.roleNames.app && relation === name && privilege === 'select'));
