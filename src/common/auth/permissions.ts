/** What can be permitted. A route names one of these; later modules add theirs. */
export const PERMISSIONS = {
  'firm.read': 'See the firm and its settings',
  'firm.manage': 'Change the settings of the firm',
  'users.read': 'See the people of the firm',
  'users.manage': 'Invite, change and deactivate people',
  'api_keys.own': 'Make and revoke API keys of one’s own',
  'api_keys.manage': 'See and revoke everybody’s API keys',
  'sessions.manage': 'See and end everybody’s sessions',
  'audit.read': 'Read and verify the audit trail',
  'jobs.manage': 'See background jobs and run dead ones again',
  'tasks.own': 'Follow long work of one’s own',
  'notifications.own': 'Read one’s notifications',
  'reference.read': 'Read code lists',
  'reference.manage': 'Keep the firm’s own entries in code lists',
  'clients.read': 'See clients and contacts',
  'clients.write': 'Make and change clients and contacts',
  'clients.billing': 'Change billing details of clients',
  'cases.read': 'See cases, less what restriction and walls hide',
  'cases.write': 'Open and change cases, their members and parties',
  'case_work.write': 'Write notes, tasks and events of cases',
  'cases.close': 'Close, reopen and archive cases',
  'walls.manage': 'Wall people off from cases, and lift walls',
  'conflicts.check': 'Look for conflicts of interest, see what was found',
  'conflicts.decide': 'Clear, waive or decline what a conflict check found',
  'documents.read': 'See documents and folders of cases, and download them',
  'documents.write': 'Add and change documents, versions and folders',
  'documents.purge': 'Delete documents in the trash for good',
  'documents.break_checkout': 'End the check-outs of others',
  'holds.manage': 'Place and release legal holds',
  'search.use': 'Search cases, clients and contacts',
} as const;

export type Permission = keyof typeof PERMISSIONS;
export const ALL_PERMISSIONS = Object.keys(PERMISSIONS) as Permission[];

const everyone: Permission[] = ['firm.read', 'users.read', 'tasks.own', 'notifications.own', 'reference.read', 'clients.read', 'cases.read', 'documents.read', 'search.use'];
const worker: Permission[] = [...everyone, 'api_keys.own', 'clients.billing', 'case_work.write', 'documents.write', 'conflicts.check'];
const caseWorker: Permission[] = [...worker, 'clients.write', 'cases.write'];

export interface RoleDefinition {
  name: string;
  description: string;
  permissions: readonly Permission[];
}

/** Roles are data: what a role may do is this table and nothing else. */
export const ROLES = {
  admin: { name: 'Administrator', description: 'Runs the installation: people, settings, audit', permissions: ALL_PERMISSIONS },
  partner: { name: 'Partner', description: 'Leads cases and answers for them', permissions: [...caseWorker, 'cases.close', 'walls.manage', 'documents.purge', 'documents.break_checkout', 'holds.manage', 'conflicts.decide', 'audit.read', 'reference.manage'] },
  associate: { name: 'Associate', description: 'Works on cases', permissions: [...caseWorker, 'cases.close'] },
  paralegal: { name: 'Paralegal', description: 'Supports cases', permissions: caseWorker },
  billing: { name: 'Billing', description: 'Invoices, payments and trust money', permissions: worker },
  readonly: { name: 'Read only', description: 'Sees, changes nothing', permissions: everyone },
} as const satisfies Record<string, RoleDefinition>;

export type Role = keyof typeof ROLES;
export const ROLE_NAMES = Object.keys(ROLES) as Role[];

const sets = new Map<string, ReadonlySet<Permission>>(ROLE_NAMES.map((role) => [role, new Set<Permission>(ROLES[role].permissions)]));
const none: ReadonlySet<Permission> = new Set();

/** What a role may do; a key narrows it further. */
export function permissionsOf(role: string, narrowedTo?: readonly string[]): ReadonlySet<Permission> {
  const all = sets.get(role) ?? none;
  if (!narrowedTo) return all;
  return new Set([...all].filter((permission) => narrowedTo.includes(permission)));
}
