import type { DoorSpec } from '../../common/pagination/door.js';
import type { Filter, ListSpec } from '../../common/pagination/page.js';
import type { Statement } from '../../database/flight.js';
import { given, updateOf, type Changeable } from '../../database/update.queries.js';

const list = (table: string, members: string, order: string): string =>
  `(select coalesce(json_agg(json_build_object(${members}) order by ${order}), '[]') from ${table} x where x.firm_id = c.firm_id and x.contact_id = c.id)`;

/** The arrays of a contact, each as one JSON value. */
export const PARTS: Readonly<Record<string, string>> = {
  names: list('contact_names', `'id', x.id, 'kind', x.kind, 'name', x.name`, 'x.created_at, x.id'),
  emails: list('contact_emails', `'id', x.id, 'label', x.label, 'email', x.email, 'isPrimary', x.is_primary`, 'x.position, x.id'),
  phones: list('contact_phones', `'id', x.id, 'label', x.label, 'phone', x.phone, 'isPrimary', x.is_primary`, 'x.position, x.id'),
  addresses: list('contact_addresses', `'id', x.id, 'label', x.label, 'line1', x.line1, 'line2', x.line2, 'city', x.city, 'region', x.region,
    'postalCode', x.postal_code, 'country', x.country, 'isPrimary', x.is_primary`, 'x.position, x.id'),
};

const ROW = `c.id, c.kind, c.name, c.sort_name as "sortName", c.given_name as "givenName", c.middle_name as "middleName", c.family_name as "familyName", c.suffix,
  c.company_name as "companyName", c.job_title as "jobTitle",
  (select e.email from contact_emails e where e.firm_id = c.firm_id and e.contact_id = c.id and e.is_primary) as "primaryEmail",
  (select p.phone from contact_phones p where p.firm_id = c.firm_id and p.contact_id = c.id and p.is_primary) as "primaryPhone",
  c.tags, (select k.id from clients k where k.firm_id = c.firm_id and k.contact_id = c.id) as "clientId", c.version, c.created_at as "createdAt", c.updated_at as "updatedAt"`;
const arrays = (names: readonly string[]): string => names.map((name) => `, ${PARTS[name]!} as "${name}"`).join('');

const CONTACT_BY_ID = `select ${ROW}, c.date_of_birth as "dateOfBirth", c.website, c.notes, c.metadata${arrays(Object.keys(PARTS))}, c.created_by as "createdBy" from contacts c where c.id = $1`;
export const READ_CONTACT = CONTACT_BY_ID;
/** Locked first, read then: what is read is what the lock protects. */
export const LOCK_CONTACT = 'select c.id from contacts c where c.id = $1 for update';
export const CONTACT_EXISTS = 'select c.id from contacts c where c.id = $1';

/** The list of contacts, with the arrays that were asked for. */
export const contactList = (expand: readonly string[]): DoorSpec => ({
  select: ROW + arrays(expand),
  door: `doors.contact_ids('contacts', `,
  from: 'contacts c',
  row: 'c.id',
  sorts: {
    name: { column: 'c.sort_name', type: 'text' },
    createdAt: { column: 'c.created_at', type: 'timestamptz' },
    updatedAt: { column: 'c.updated_at', type: 'timestamptz' },
  },
  defaultSort: 'name',
});

const CONTACT: Changeable = {
  table: 'contacts', json: ['metadata'],
  columns: {
    kind: 'kind', givenName: 'given_name', middleName: 'middle_name', familyName: 'family_name', suffix: 'suffix', companyName: 'company_name', jobTitle: 'job_title',
    dateOfBirth: 'date_of_birth', website: 'website', notes: 'notes', tags: 'tags', metadata: 'metadata',
  },
};

/** A new contact with just the given members. */
export function insertContact(firmId: string, id: string, userId: string, input: object): Statement {
  const columns = [['firm_id', firmId], ['id', id], ['created_by', userId], ...given(CONTACT, input)];
  return {
    text: `insert into contacts (${columns.map(([column]) => column).join(', ')}) values (${columns.map((_, i) => `$${i + 1}`).join(', ')})`,
    values: columns.map(([, value]) => value),
  };
}

/** An update of just the given members; `touched` counts a change of the arrays as one of the contact. */
export const updateContact = (id: string, changes: object, touched: boolean): Statement | undefined => updateOf(CONTACT, [id], changes, touched);

export const DELETE_CONTACT = 'delete from contacts where id = $1';
/** What keeps a contact from being deleted, as far as the caller sees it. */
export const USES_OF_CONTACT = `select exists (select from clients k where k.contact_id = $1) as client,
  exists (select from contact_cases l where l.contact_id = $1) as "inCases", exists (select from clients k where k.billing_contact_id = $1) as "billed"`;

export const POSSIBLE_DUPLICATES = `select c.id, c.kind, c.name, d.reasons from doors.similar_contacts($1) d join contacts c on c.id = d.id order by cardinality(d.reasons) desc, c.name, c.id`;

interface PartTable { table: string; columns: Record<string, string> }
const TABLES: Readonly<Record<string, PartTable>> = {
  names: { table: 'contact_names', columns: { kind: 'text', name: 'text' } },
  emails: { table: 'contact_emails', columns: { label: 'text', email: 'text', is_primary: 'boolean', position: 'int' } },
  phones: { table: 'contact_phones', columns: { label: 'text', phone: 'text', is_primary: 'boolean', position: 'int' } },
  addresses: {
    table: 'contact_addresses',
    columns: { label: 'text', line1: 'text', line2: 'text', city: 'text', region: 'text', postal_code: 'text', country: 'text', is_primary: 'boolean', position: 'int' },
  },
};

/**
 * Makes one array of a contact what it shall be: rows that are gone or changed go, changed and new ones come. Addresses
 * change in place, because clients refer to them; elsewhere two rows may have swapped what must be unique.
 */
export function replacePart(part: string, firmId: string, contactId: string, gone: readonly string[], rows: readonly { id?: unknown; is_primary?: unknown }[]): Statement[] {
  const { table, columns } = TABLES[part]!;
  const names = Object.keys(columns);
  const statements: Statement[] = [];
  if (gone.length > 0) statements.push({ text: `delete from ${table} where contact_id = $1 and id = any ($2::uuid[])`, values: [contactId, gone] });
  if (rows.length === 0) return statements;
  if (part === 'addresses') {
    const primary = rows.find((row) => row.is_primary)?.id;
    statements.push({ text: 'update contact_addresses set is_primary = false where contact_id = $1 and is_primary and id <> $2', values: [contactId, primary] });
  }
  statements.push({
    text: `insert into ${table} (firm_id, contact_id, id, ${names.join(', ')}) select $1, $2, r.id, ${names.map((name) => `r.${name}`).join(', ')}
      from jsonb_to_recordset($3::jsonb) as r (id uuid, ${names.map((name) => `${name} ${columns[name]}`).join(', ')})
      ${part === 'addresses' ? `on conflict on constraint contact_addresses_pk do update set ${names.map((name) => `${name} = excluded.${name}`).join(', ')}` : ''}`,
    values: [firmId, contactId, JSON.stringify(rows)],
  });
  return statements;
}

/** A case as it stands beside a contact or client. */
export const CASE_BRIEF = `k.id, k.number, k.title, k.status, k.practice_area as "practiceArea", k.responsible_attorney_id as "responsibleAttorneyId",
  k.opened_on as "openedOn", k.closed_on as "closedOn"`;
const CASE_ROW = `${CASE_BRIEF}, k.created_at as "createdAt", k.updated_at as "updatedAt"`;
const CASE_SORTS: ListSpec['sorts'] = {
  number: { column: 'k.number', type: 'text' },
  createdAt: { column: 'k.created_at', type: 'timestamptz' },
  updatedAt: { column: 'k.updated_at', type: 'timestamptz' },
};

/** The cases of contacts, with what a contact is in each. */
export const CONTACT_CASES: ListSpec = {
  select: `${CASE_ROW}, (select json_agg(json_build_object('role', x.role, 'side', x.side, 'partyId', x.id, 'since', x.since, 'until', x.until) order by x.n, x.role) from (
      select 0 as n, 'client' as role, null as side, null::uuid as id, null::date as since, null::date as until from clients o where o.id = k.client_id and o.contact_id = l.contact_id
      union all select 1, p.role, p.side, p.id, p.since, p.until from case_parties p where p.case_id = k.id and p.contact_id = l.contact_id) x) as parts`,
  from: '(select distinct contact_id, case_id from contact_cases) l join cases k on k.id = l.case_id',
  id: { column: 'k.id', type: 'uuid' },
  sorts: CASE_SORTS,
  defaultSort: '-createdAt',
  updatedColumn: 'k.updated_at',
};
export const caseFilters = (query: { contactId?: string; clientId?: string; status?: string }): (Filter | false)[] => [
  query.contactId !== undefined && ['l.contact_id = $', query.contactId],
  query.clientId !== undefined && ['k.client_id = $', query.clientId],
  query.status !== undefined && ['k.status = $', query.status],
];

export const CLIENT_CASES: ListSpec = { select: CASE_ROW, from: 'cases k', id: { column: 'k.id', type: 'uuid' }, sorts: CASE_SORTS, defaultSort: '-createdAt', updatedColumn: 'k.updated_at' };
