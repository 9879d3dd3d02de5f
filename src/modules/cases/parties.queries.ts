import type { Filter, ListSpec } from '../../common/pagination/page.js';
import type { Statement } from '../../database/flight.js';
import { updateOf, type Changeable } from '../../database/update.queries.js';
import type { PartyQuery } from './parties.dto.js';

const COLUMNS = `m.id, m.case_id as "caseId", m.contact_id as "contactId", p.name, p.kind, m.role, m.side, m.represented_by_id as "representedById",
  m.since, m.until, m.note, m.version, m.created_at as "createdAt", m.updated_at as "updatedAt"`;
const FROM = `case_parties m join contacts p on p.firm_id = m.firm_id and p.id = m.contact_id`;

export const PARTY_LIST: ListSpec = {
  select: COLUMNS, from: FROM, id: { column: 'm.id', type: 'uuid' },
  sorts: {
    name: { column: 'p.sort_name', type: 'text' },
    role: { column: 'm.role', type: 'text' },
    side: { column: 'm.side', type: 'text' },
    createdAt: { column: 'm.created_at', type: 'timestamptz' },
    updatedAt: { column: 'm.updated_at', type: 'timestamptz' },
  },
  defaultSort: 'name', updatedColumn: 'm.updated_at',
};
export const partyFilters = (caseId: string, query: PartyQuery): (Filter | false)[] => [
  ['m.case_id = $', caseId],
  query.role !== undefined && ['m.role = $', query.role],
  query.side !== undefined && ['m.side = $', query.side],
  query.contactId !== undefined && ['m.contact_id = $', query.contactId],
];

export const PARTY_BY_ID = `select ${COLUMNS} from ${FROM} where m.case_id = $1 and m.id = $2`;
export const LOCK_PARTY = `${PARTY_BY_ID} for no key update of m`;
export const CONTACTS_THERE = `select p.id from contacts p where p.id = any ($1)`;
/** $2 is JSON: [{id, kind, givenName, familyName, companyName}]. */
export const INSERT_CONTACTS = `insert into contacts (firm_id, id, kind, given_name, family_name, company_name, created_by)
  select $1, n.id, n.kind, n."givenName", n."familyName", n."companyName", $3
  from jsonb_to_recordset($2) n(id uuid, kind text, "givenName" text, "familyName" text, "companyName" text)`;
/** $3 is JSON: parties with id and contactId. */
export const INSERT_PARTIES = `insert into case_parties (firm_id, case_id, id, contact_id, role, side, since, until, note, represented_by_id)
  select $1, $2, n.id, n."contactId", n.role, coalesce(n.side, 'neutral'), n.since, n.until, n.note, n."representedById"
  from jsonb_to_recordset($3) n(id uuid, "contactId" uuid, role text, side text, since date, until date, note text, "representedById" uuid)`;

const PARTY: Changeable = {
  table: 'case_parties', key: ['case_id', 'id'],
  columns: { role: 'role', side: 'side', since: 'since', until: 'until', note: 'note', representedById: 'represented_by_id' },
};

/** An update of just the given members; undefined when there are none. */
export const updateParty = (caseId: string, id: string, changes: object): Statement | undefined => updateOf(PARTY, [caseId, id], changes);
export const DELETE_PARTY = `delete from case_parties where case_id = $1 and id = $2`;
