import type { Catalog } from '../support/catalog.js';

// The rules about doors and roles; like schema-rules.ts.

/** The function names in the first column of the table under "## Doors" of docs/architecture.md. */
export function doorsIn(markdown: string): string[] {
  const section = /^## Doors\s*$([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(markdown)?.[1] ?? '';
  return [...section.matchAll(/^\|\s*`([\w.]+)[^`]*`/gm)].map((match) => match[1]!);
}

export function doors(catalog: Catalog, listed: readonly string[]): string[] {
  const { engine } = catalog.roleNames;
  const faults: string[] = [];
  const definers = catalog.routines.filter(({ definer }) => definer);
  for (const { name, owner, config, byPublic } of definers) {
    if (!listed.includes(name)) faults.push(`${name} is SECURITY DEFINER and not in the table under "## Doors" of docs/architecture.md: describe what it lets through, or do without it`);
    if (owner !== engine) faults.push(`${name} is SECURITY DEFINER and owned by ${owner}: add \`alter function ${name}(...) owner to {{engine}}\``);
    const path = config.find((setting) => setting.startsWith('search_path='))?.slice('search_path='.length);
    if (!path || !/^pg_catalog\b/.test(path) || !/\bpg_temp$/.test(path)) {
      faults.push(`${name} has ${path ? `search_path = ${path}` : 'no search_path of its own'}: say \`set search_path = pg_catalog, public, pg_temp\`, or a caller's temporary table can take a real one's place`);
    }
    if (byPublic) faults.push(`${name} may be executed by PUBLIC: \`revoke execute on function ${name}(...) from public\`, then grant it to whoever needs it`);
  }
  const known = new Set(catalog.routines.filter(({ name, definer }) => definer || name.startsWith('doors.')).map(({ name }) => name));
  for (const name of listed) if (!known.has(name)) faults.push(`${name} stands under "## Doors" of docs/architecture.md and does not exist: take it off`);
  return faults;
}

export function roles(catalog: Catalog): string[] {
  const { app, engine, login } = catalog.roleNames;
  const faults: string[] = [];
  const role = (name: string) => catalog.roles.find((one) => one.name === name);
  for (const name of [app, engine, login]) {
    const found = role(name);
    if (!found) {
      faults.push(`the role ${name} does not exist: see ensureRoles`);
      continue;
    }
    if (found.superuser || found.bypass || found.createsRoles || found.createsDatabases) faults.push(`${name} is superuser, has BYPASSRLS, or may make roles or databases: alter role ${name} nosuperuser nobypassrls nocreaterole nocreatedb`);
    if (found.inherits) faults.push(`${name} inherits: alter role ${name} noinherit`);
    const allowed = name === login ? [app] : [];
    const beyond = found.memberOf.filter((group) => !allowed.includes(group));
    if (beyond.length > 0) faults.push(`${name} is a member of ${beyond.join(', ')}: revoke it`);
    if (name !== engine && found.createsIn.length > 0) faults.push(`${name} may create in the schema ${found.createsIn.join(', ')}, and owns what it creates: revoke it from the role, or from PUBLIC`);
    if (name !== engine && found.owns.length > 0) faults.push(`${name} owns ${found.owns.join(', ')}: an owner may switch row-level security off; hand it to the engine role or the migrating owner`);
  }
  if (!role(login)?.memberOf.includes(app)) faults.push(`${login} is no member of ${app}: grant ${app} to ${login}`);
  for (const { role: holder, relation, kind, partition, options, privilege } of catalog.privileges) {
    if (holder === login) faults.push(`${login} may ${privilege} on ${relation}: it has rights through ${app} only, after SET ROLE`);
    else if (partition) faults.push(`${app} may ${privilege} on the partition ${relation}, where its parent's policies do not apply: revoke it`);
    else if (kind === 'm') faults.push(`${app} may ${privilege} on the materialized view ${relation}, which row-level security does not reach: read it through a security-barrier view`);
    else if (kind === 'v' && !options.some((option) => /^security_(barrier|invoker)=(true|on)$/.test(option))) {
      faults.push(`${app} may ${privilege} on the view ${relation}, which reads with its owner's rights: create it with (security_invoker = true), or with (security_barrier = true) and a condition on the firm`);
    } else if (['truncate', 'references', 'trigger'].includes(privilege)) faults.push(`${app} may ${privilege} on ${relation}, past every policy: revoke it`);
  }
  return faults;
}
