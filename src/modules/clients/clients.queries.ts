import type { DoorSpec } from '../../common/pagination/door.js';
import type { Statement } from '../../database/flight.js';
import { given, updateOf, type Changeable } from '../../database/update.queries.js';

// a billing contact that is hidden from the reader is left out, with its address
const ROW = `k.id, k.number, c.name, k.contact_id as "contactId", k.status, k.currency, k.payment_terms_days as "paymentTermsDays", k.tax_id as "taxId",
  k.ledes_client_id as "ledesClientId", (select b.id from contacts b where b.firm_id = k.firm_id and b.id = k.billing_contact_id) as "billingContactId",
  (select a.id from contact_addresses a where a.firm_id = k.firm_id and a.id = k.billing_address_id) as "billingAddressId",
  k.billing_instructions as "billingInstructions", k.notes, k.opened_on as "openedOn", k.created_by as "createdBy", k.version, k.created_at as "createdAt", k.updated_at as "updatedAt"`;
const EXPANSIONS: Readonly<Record<string, string>> = {
  contact: `json_build_object('id', c.id, 'kind', c.kind, 'name', c.name,
    'primaryEmail', (select e.email from contact_emails e where e.firm_id = c.firm_id and e.contact_id = c.id and e.is_primary),
    'primaryPhone', (select p.phone from contact_phones p where p.firm_id = c.firm_id and p.contact_id = c.id and p.is_primary), 'tags', c.tags, 'version', c.version)`,
  cases: `(select coalesce(json_agg(x order by x."openedOn" desc nulls last, x.id desc), '[]') from (select m.id, m.number, m.title, m.status, m.practice_area as "practiceArea",
      m.responsible_attorney_id as "responsibleAttorneyId", m.opened_on as "openedOn", m.closed_on as "closedOn"
    from cases m where m.firm_id = k.firm_id and m.client_id = k.id order by m.opened_on desc nulls last, m.id desc limit 100) x)`,
};
const FROM = 'clients k join contacts c on c.firm_id = k.firm_id and c.id = k.contact_id';
const expanded = (names: readonly string[]): string => names.map((name) => `, ${EXPANSIONS[name]!} as "${name}"`).join('');

/** One client, with what was asked for beside it. */
export const readClient = (expand: readonly string[]): string => `select ${ROW}${expanded(expand)} from ${FROM} where k.id = $1`;
export const LOCK_CLIENT = 'select k.id from clients k where k.id = $1 for update';
export const CLIENT_EXISTS = 'select k.id from clients k where k.id = $1';

/** The list of clients; name and tags are those of the contact. */
export const clientList = (expand: readonly string[]): DoorSpec => ({
  select: ROW + expanded(expand),
  door: `doors.contact_ids('clients', `,
  from: FROM,
  row: 'k.id',
  sorts: {
    name: { column: 'c.sort_name', type: 'text' },
    number: { column: 'k.number', type: 'text' },
    openedOn: { column: 'k.opened_on', type: 'date' },
    createdAt: { column: 'k.created_at', type: 'timestamptz' },
    updatedAt: { column: 'k.updated_at', type: 'timestamptz' },
  },
  defaultSort: 'name',
});

const CLIENT: Changeable = {
  table: 'clients',
  columns: {
    status: 'status', currency: 'currency', paymentTermsDays: 'payment_terms_days', taxId: 'tax_id', ledesClientId: 'ledes_client_id', billingContactId: 'billing_contact_id',
    billingAddressId: 'billing_address_id', billingInstructions: 'billing_instructions', notes: 'notes', openedOn: 'opened_on',
  },
};

/** A new client with just the given members; currency and day are the firm's where they are left out. */
export function insertClient(id: string, contactId: string, userId: string, input: object): Statement {
  const columns = given(CLIENT, input);
  const has = (name: string) => columns.some(([column]) => column === name);
  const defaults = [
    ...(has('currency') ? [] : [['currency', 'f.currency']]), ...(has('opened_on') ? [] : [['opened_on', '(now() at time zone f.time_zone)::date']]),
  ] as [string, string][];
  return {
    text: `insert into clients (firm_id, id, contact_id, created_by${[...columns, ...defaults].map(([column]) => `, ${column}`).join('')})
      select f.firm_id, $1, $2, $3${columns.map((_, i) => `, $${i + 4}`).join('')}${defaults.map(([, value]) => `, ${value}`).join('')} from firms f`,
    values: [id, contactId, userId, ...columns.map(([, value]) => value)],
  };
}

/** An update of just the given members; undefined when there are none. */
export const updateClient = (id: string, changes: object): Statement | undefined => updateOf(CLIENT, [id], changes);

/** Whether the bills of a contact ($1) may go to another ($2) and to an address ($3). */
export const BILLING_TARGETS = `select exists (select from contacts c where c.id = $2) as contact,
  exists (select from contact_addresses a where a.id = $3 and a.contact_id in ($1, $2)) as address`;
