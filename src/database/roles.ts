import type pg from 'pg';

export interface RoleNames {
  app: string;
  engine: string;
  login: string;
}

/** The three roles of an installation. They belong to the server, so `migrate:down` leaves them. */
export const roleNames = (prefix: string): RoleNames => ({ app: `${prefix}_app`, engine: `${prefix}_engine`, login: `${prefix}_login` });

const quote = (name: string): string => `"${name.replace(/"/g, '""')}"`;
const literal = (text: string): string => `'${text.replace(/'/g, "''")}'`;

/** Makes what is missing of the app and engine role; safe to run by several processes at once. */
export async function ensureRoles(client: pg.Client, roles: RoleNames): Promise<void> {
  await client.query('begin');
  await client.query(`select pg_advisory_xact_lock(hashtext('lexiflow.roles'))`);
  for (const [name, attributes] of [
    [roles.app, 'nologin nosuperuser noinherit nobypassrls'],
    [roles.engine, 'nologin nosuperuser noinherit nobypassrls'],
    [roles.login, 'nologin nosuperuser noinherit nobypassrls'],
  ] as const) {
    const { rowCount } = await client.query('select from pg_roles where rolname = $1', [name]);
    // who may not name BYPASSRLS or SUPERUSER at all gets the same by leaving them out: off is the default
    if (!rowCount) await client.query(`create role ${quote(name)} ${attributes.replace(/ nosuperuser| nobypassrls/g, '')}`);
  }
  // The owner hands doors over to the engine role and must be able to become it. Since PostgreSQL 16 whoever makes a role
  // is a member of it, but only to administer it.
  const can = Number((await client.query<{ v: string }>(`select current_setting('server_version_num') as v`)).rows[0]!.v) >= 160_000 ? 'set' : 'member';
  const { rows } = await client.query<{ missing: string }>(
    `select r as missing from unnest($1::text[]) r where not pg_has_role(current_user, r, '${can}')
       and not (select rolsuper from pg_roles where rolname = current_user)`,
    [[roles.engine, roles.app]],
  );
  for (const { missing } of rows) await client.query(`grant ${quote(missing)} to current_user`);
  const member = await client.query(
    `select from pg_auth_members m join pg_roles r on r.oid = m.roleid join pg_roles l on l.oid = m.member
     where r.rolname = $1 and l.rolname = $2`,
    [roles.app, roles.login],
  );
  if (!member.rowCount) await client.query(`grant ${quote(roles.app)} to ${quote(roles.login)}`);
  await client.query('commit');
}

/** Lets the login role in with this password. */
export async function enableLogin(client: pg.Client, roles: RoleNames, password: string): Promise<void> {
  await client.query('begin');
  await client.query(`select pg_advisory_xact_lock(hashtext('lexiflow.roles'))`);
  await client.query(`alter role ${quote(roles.login)} login password ${literal(password)}`);
  const { rows } = await client.query<{ name: string }>('select current_database() as name');
  await client.query(`grant connect on database ${quote(rows[0]!.name)} to ${quote(roles.login)}`);
  await client.query('commit');
}

/**
 * How every session of a serving role begins, in this database: as the app role, so that no request has to become it; in
 * UTC; without JIT, because policies make plans look dear, and compiling a page of a list took from 150 ms to 12 s where
 * running it takes one. Kept by the server, so that poolers cannot lose it. The owner may say this of a role, or the role
 * of itself.
 */
export async function settleSessions(client: pg.Client, login: string, roles: RoleNames): Promise<void> {
  const settings = { role: roles.app, timezone: 'UTC', search_path: 'public', jit: 'off' };
  const { rows } = await client.query<{ name: string; config: string[] | null }>(
    `select current_database() as name, (select s.setconfig from pg_db_role_setting s join pg_roles r on r.oid = s.setrole
       join pg_database d on d.oid = s.setdatabase where r.rolname = $1 and d.datname = current_database()) as config`, [login]);
  const { name, config } = rows[0]!;
  const missing = Object.entries(settings).filter(([setting, value]) => !config?.some((line) => line.toLowerCase() === `${setting}=${value}`.toLowerCase()));
  if (missing.length === 0) return;
  await client.query('begin');
  await client.query('set local role none'); // a session that has become the app role may not change another
  for (const [setting, value] of missing) await client.query(`alter role ${quote(login)} in database ${quote(name)} set ${setting} = ${literal(value)}`);
  await client.query('commit');
}

/** Whether sessions begin as `settleSessions` has it. */
export async function isSettled(client: pg.Client, roles: RoleNames): Promise<boolean> {
  const { rows } = await client.query<{ settled: boolean }>(
    `select current_user = $1 and current_setting('jit') = 'off' and current_setting('timezone') = 'UTC' and current_setting('search_path') = 'public' as settled`,
    [roles.app]);
  return rows[0]!.settled;
}

/** Why a role must not serve requests, or undefined when it may. */
export async function whyUnsafe(client: pg.Client, roles: RoleNames): Promise<string | undefined> {
  const { rows } = await client.query<{ superuser: boolean; bypass: boolean; owns: boolean; member: boolean; engine: boolean; name: string }>(
    `select r.rolname as name, r.rolsuper as superuser, r.rolbypassrls as bypass,
            exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                    where n.nspname in ('public', 'doors', 'internal') and pg_has_role(r.oid, c.relowner, 'member')
                      and c.relkind in ('r', 'p', 'v', 'm')
                      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')) as owns,
            exists (select from pg_roles a where a.rolname = $1 and pg_has_role(r.oid, a.oid, 'member')) as member,
            exists (select from pg_roles e where e.rolname = $2 and pg_has_role(r.oid, e.oid, 'member')) as engine
     from pg_roles r where r.rolname = session_user`,
    [roles.app, roles.engine],
  );
  const role = rows[0]!;
  if (role.superuser) return `the role "${role.name}" is a superuser`;
  if (role.bypass) return `the role "${role.name}" has BYPASSRLS`;
  if (role.owns) return `the role "${role.name}" owns tables, or is a member of a role that does`;
  if (role.engine) return `the role "${role.name}" is a member of ${roles.engine}`;
  if (!role.member) return `the role "${role.name}" is not a member of ${roles.app}`;
  return undefined;
}
