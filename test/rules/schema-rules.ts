import { columnsOf, tenantTables, type Catalog, type Index } from '../support/catalog.js';

// Each rule takes the schema and returns what breaks it, in sentences that say how to mend it; none: the rule holds.
// migrations.test.ts breaks each of them on purpose.

/** A list of exceptions that names what does not exist any more lets the next one of that name slip through. */
const stale = (what: string, listed: Iterable<string>, existing: Iterable<string>): string[] => {
  const there = new Set(existing);
  return [...listed].filter((name) => !there.has(name)).map((name) => `${name} is on the list of ${what} but needs no exception (any more): take it off`);
};

/** Tables without firm_id. The application may read them at most: nothing else tells firms apart there. */
export const WITHOUT_FIRM: Readonly<Record<string, string>> = {
  utbms_codes: 'a public standard, the same for every firm',
  reference_codes: 'public code lists, the same for every firm; a firm’s own stand in reference_items',
  login_failures: 'counts attempts on accounts and addresses before any firm is known; only doors touch it',
  SequelizeMeta: 'which migrations ran',
};

export function rowLevelSecurity(catalog: Catalog): string[] {
  const { app, engine } = catalog.roleNames;
  const tenants = tenantTables(catalog);
  const faults = catalog.tables.filter((table) => !tenants.includes(table) && !(table.name in WITHOUT_FIRM))
    .map(({ name }) => `${name} has no firm_id: give it one (first in its key), or list it in WITHOUT_FIRM with the reason`);
  faults.push(...stale('tables without firm_id', Object.keys(WITHOUT_FIRM), catalog.tables.filter((table) => !tenants.includes(table)).map(({ name }) => name)));
  for (const { role, relation, privilege } of catalog.privileges) {
    if (role === app && relation in WITHOUT_FIRM && privilege !== 'select') faults.push(`${app} may ${privilege} on ${relation}, which belongs to no firm: revoke it, write through a door`);
  }
  for (const { name, rls, forced } of tenants) {
    if (!rls || !forced) faults.push(`${name} has no ${rls ? 'forced ' : ''}row-level security: add \`call internal.protect('${name}')\` to its migration`);
    const policies = catalog.policies.filter(({ table }) => table === name);
    for (const role of [app, engine]) {
      if (!policies.some(({ roles }) => roles.includes(role))) faults.push(`${name} has no policy for ${role}: add \`call internal.protect('${name}')\` to its migration`);
    }
    for (const policy of policies) {
      const strangers = policy.roles.filter((role) => role !== app && role !== engine);
      if (strangers.length > 0) faults.push(`policy ${policy.name} of ${name} is written TO ${strangers.join(', ')}: write it TO {{app}} or {{engine}}`);
      if (!policy.roles.includes(app)) continue;
      const conditions: [string, string | null][] = [['using', policy.command === 'insert' ? FIRM : policy.using], ['with check', ['select', 'delete'].includes(policy.command) ? FIRM : policy.check ?? policy.using]];
      for (const [part, condition] of conditions) {
        if (!COMPARES_FIRM.test(condition ?? '')) faults.push(`policy ${policy.name} of ${name}: its ${part} does not begin with "firm_id = (select ... app.firm_id ...)"; permissive policies add up, so each must compare the firm`);
      }
    }
  }
  return faults;
}

// as pg_get_expr prints it; a subselect, so that it is evaluated once per statement
const COMPARES_FIRM = /^\(+firm_id = \( ?SELECT\b[\s\S]*?'app\.firm_id'/i;
const FIRM = `(firm_id = ( SELECT current_setting('app.firm_id')))`;

/** Unique keys that do not lead with firm_id. */
export const GLOBAL_KEYS: Readonly<Record<string, string>> = {
  firms_slug_key: 'a login may name its firm by slug, before any firm is known',
};

export function keysLeadWithFirm(catalog: Catalog): string[] {
  const tenants = new Set(tenantTables(catalog).map(({ name }) => name));
  const faults: string[] = [];
  for (const { table, name, columns } of catalog.indexes.filter(({ unique }) => unique)) {
    if (tenants.has(table) && columns[0] !== 'firm_id' && !(name in GLOBAL_KEYS)) {
      faults.push(`${name} of ${table} does not lead with firm_id: a duplicate would tell one firm what another holds; put firm_id first`);
    }
  }
  for (const table of tenants) {
    if (!catalog.indexes.some((index) => index.table === table && index.primary)) faults.push(`${table} has no primary key: add \`constraint ${table}_pk primary key (firm_id, id)\``);
  }
  for (const key of catalog.constraints.filter(({ type }) => type === 'f')) {
    if (!tenants.has(key.table) || !key.target || !tenants.has(key.target)) continue;
    if (key.columns[0] !== 'firm_id' || key.targetColumns?.[0] !== 'firm_id') {
      faults.push(`${key.name} of ${key.table} does not lead with firm_id on both sides: write it \`foreign key (firm_id, x_id) references ${key.target} (firm_id, id)\`, so that no reference crosses firms`);
    } else if (key.columns.length === 1 && key.target !== 'firms') {
      faults.push(`${key.name} of ${key.table} is not composite: name the row of ${key.target} as well as the firm`);
    }
  }
  faults.push(...stale('GLOBAL_KEYS', Object.keys(GLOBAL_KEYS), catalog.indexes.map(({ name }) => name)));
  return faults;
}

export function nullsInUniqueKeys(catalog: Catalog): string[] {
  return catalog.indexes.filter(({ unique, primary, nullsNotDistinct }) => unique && !primary && !nullsNotDistinct).flatMap((index) => {
    const nullable = index.columns.filter((name) => {
      if (name === null) return true; // what an expression yields is not known
      if (index.predicate?.includes(`${name} IS NOT NULL`)) return false;
      return columnsOf(catalog, index.table).some((column) => column.name === name && column.nullable);
    });
    if (nullable.length === 0) return [];
    const names = nullable.map((name) => name ?? 'an expression').join(', ');
    return [`${index.name} of ${index.table} is unique over ${names}, which may be null, and nulls never collide: say NULLS NOT DISTINCT, or make it partial with "where ... is not null"`];
  });
}

export function foreignKeyActions(catalog: Catalog): string[] {
  const faults: string[] = [];
  for (const { table, name, type, columns, onDelete, onUpdate, setColumns } of catalog.constraints) {
    if (type !== 'f') continue;
    if (onDelete === 'a' || onUpdate === 'a') faults.push(`${name} of ${table} does not say ${onDelete === 'a' ? 'ON DELETE' : 'ON UPDATE'}: decide for restrict, cascade or set null (x_id)`);
    if (columns.length > 1 && ['n', 'd'].includes(onUpdate)) faults.push(`${name} of ${table}: ON UPDATE SET would empty firm_id too, and takes no column list: use restrict`);
    if (columns.length > 1 && ['n', 'd'].includes(onDelete) && (!setColumns || setColumns.includes('firm_id'))) {
      faults.push(`${name} of ${table}: a bare ON DELETE SET NULL would empty firm_id too: write \`on delete set null (x_id)\``);
    }
  }
  return faults;
}

export function foreignKeysIndexed(catalog: Catalog): string[] {
  const serves = (index: Index, columns: string[]) =>
    index.method === 'btree' && index.valid && columns.every((column) => index.columns.slice(0, columns.length).includes(column))
    // a partial index serves only where the key itself implies its condition
    && (index.predicate === null || columns.some((column) => index.predicate === `(${column} IS NOT NULL)`));
  return catalog.constraints
    .filter(({ type, table, columns }) => type === 'f' && !catalog.indexes.some((index) => index.table === table && serves(index, columns)))
    .map(({ table, name, columns }) => `${name} of ${table} has no index: add \`create index ${table}_..._idx on ${table} (${columns.join(', ')})\`, or every delete of the other row scans ${table}`);
}

/** Tables whose changes leave no row in the audit trail. */
export const NOT_AUDITED: Readonly<Record<string, string>> = {
  case_restrictions: 'kept by triggers from cases',
  case_seats: 'kept by triggers from case_members',
  case_screens: 'kept by triggers from case_walls',
  contact_cases: 'kept by triggers from cases and case_parties',
  contact_search: 'kept by triggers from contacts and contact_names',
  case_search: 'kept by triggers from what it is made of',
  search_documents: 'the index of documents, made from them',
  search_chunks: 'the index of documents, made from their text',
  search_terms: 'counted by triggers on search_chunks',
  search_totals: 'counted by triggers on search_chunks',
  conflict_terms: 'written once with the check, whose row holds the names',
  conflict_hits: 'what a check found, never changed; the check and the decisions are audited',
  conflict_subjects: 'what a check found, never changed; the check and the decisions are audited',
  conflict_covered: 'kept by a trigger from conflict_decisions',
  case_event_reminders: 'planned by a trigger from case_events; a reminder that went out shows as notification',
  storage_objects: 'the bytes; the versions that refer to them, which are audited, name their hash',
  document_texts: 'follows from the version, which is audited',
  document_chunks: 'text of a version, which is audited',
  document_import_files: 'waits to become documents, which are audited; gone when the import ends',
  number_counters: 'kept by triggers; the numbers stand in what they number',
  audit_events: 'the trail itself, append-only',
  audit_seals: 'seals over the trail, append-only',
  jobs: 'machinery; what a job changes is audited where it changes it',
  tasks: 'progress of work; what the work changes is audited',
  task_tickets: 'lives for a minute',
  notifications: 'made from audited changes; whether one was read is nobody’s evidence',
  emails: 'what is sent follows from audited changes; it may hold a link with a secret',
  idempotency_keys: 'copies of answers',
  refresh_tokens: 'one row per refresh; the session behind it is audited, and a reuse is recorded as token.reused',
};

export function audited(catalog: Catalog): string[] {
  const faults: string[] = [];
  const triggered: string[] = [];
  for (const { name } of tenantTables(catalog)) {
    const triggers = catalog.triggers.filter((trigger) => trigger.table === name && trigger.function === 'internal.audit');
    if (triggers.length > 0) triggered.push(name);
    const whole = triggers.some((t) => t.row && !t.before && t.insert && t.update && t.delete && ['O', 'A'].includes(t.enabled));
    if (!whole && !(name in NOT_AUDITED)) faults.push(`${name} is not audited for insert, update and delete: add \`call internal.audited('${name}')\` to its migration, or list it in NOT_AUDITED with the reason`);
  }
  const quiet = tenantTables(catalog).map(({ name }) => name).filter((name) => !triggered.includes(name));
  return [...faults, ...stale('NOT_AUDITED', Object.keys(NOT_AUDITED), quiet)];
}

/** Constraints and indexes whose names are put together by a migration, so that its text does not hold them whole. */
export const COMPOSED_NAMES: readonly RegExp[] = [];

const SUFFIX = { p: '_pk', u: '_key', f: '_fk', c: '_check', x: '_excl' } as const;

/** `text`: the migrations; a name that PostgreSQL made up does not stand there. */
export function named(catalog: Catalog, text: string): string[] {
  const words = new Set(text.match(/\w+/g));
  const ours = (name: string) => words.has(name) || COMPOSED_NAMES.some((pattern) => pattern.test(name));
  const faults: string[] = [];
  for (const { table, name, type } of catalog.constraints) {
    const fits = type === 'p' ? name === `${table}_pk` : name.startsWith(`${table}_`) && name.endsWith(SUFFIX[type]);
    if (!fits || !ours(name)) faults.push(`constraint ${name} of ${table} was not named by us: write \`constraint ${table}_${type === 'p' ? 'pk' : `...${SUFFIX[type]}`}\` in the migration`);
  }
  for (const { table, name, unique } of catalog.indexes) {
    const fits = name.startsWith(`${table}_`) && (unique ? /_(pk|key)$/ : /_(idx|excl)$/).test(name);
    if (!fits || !ours(name)) faults.push(`index ${name} of ${table} was not named by us: call it ${table}_..._${unique ? 'key' : 'idx'} in the migration`);
  }
  return faults;
}

/** Columns called ..._id that hold somebody else's numbers. */
export const FOREIGN_IDS: Readonly<Record<string, string>> = {
  'audit_events.request_id': 'a caller may choose it (X-Request-Id)',
  'clients.tax_id': 'given by the tax office',
  'conflict_terms.tax_id': 'given by the tax office',
  'clients.ledes_client_id': 'agreed with the client, printed in LEDES files',
  'cases.client_matter_id': 'the client’s own number, printed in LEDES files',
  'firms.tax_id': 'given by the tax office',
  'firms.ledes_law_firm_id': 'agreed with the client, printed in LEDES files',
};

const WRONG_TYPES: [RegExp, string][] = [
  [/^(real|double precision)/, 'numeric(p,s), which is exact'],
  [/^money/, 'numeric(p,s)'],
  [/^(character varying|character|bpchar|"char")/, 'text, with a named CHECK for its length'],
  [/^timestamp(\(\d\))? without time zone/, 'timestamptz'],
  [/^time(\(\d\))? with time zone/, 'timestamptz, or time beside a time zone'],
  [/^json$/, 'jsonb'],
];

export function columnTypes(catalog: Catalog): string[] {
  const faults: string[] = [];
  for (const { table, name, type } of catalog.columns) {
    for (const [pattern, instead] of WRONG_TYPES) if (pattern.test(type.replace(/\[\]$/, ''))) faults.push(`${table}.${name} is ${type}: use ${instead}`);
    if (/(^|_)id$/.test(name) && !['uuid', 'bigint'].includes(type) && !(`${table}.${name}` in FOREIGN_IDS)) {
      faults.push(`${table}.${name} is ${type}: ids are uuid (or bigint where a row never leaves the database); list numbers given by others in FOREIGN_IDS`);
    }
  }
  return [...faults, ...stale('FOREIGN_IDS', Object.keys(FOREIGN_IDS), catalog.columns.filter(({ type }) => type !== 'uuid').map(({ table, name }) => `${table}.${name}`))];
}
