import type { Filter, ListSpec } from '../../../common/pagination/page.js';
import type { Statement } from '../../../database/flight.js';
import { updateOf, type Changeable } from '../../../database/update.queries.js';
import { personOf } from '../../casework/casework.queries.js';

/** Case and document are read under the policies, like everything here. */
const COLUMNS = `h.id, h.case_id as "caseId", c.number as "caseNumber", h.document_id as "documentId",
  (select d.title from documents d where d.firm_id = h.firm_id and d.id = h.document_id) as "documentTitle", h.name, h.reason, h.released_at is null as active,
  ${personOf('h', 'placed_by', 'placedBy')}, h.placed_at as "placedAt", ${personOf('h', 'released_by', 'releasedBy')}, h.released_at as "releasedAt",
  h.release_reason as "releaseReason", h.version, h.created_at as "createdAt", h.updated_at as "updatedAt"`;
const JOINS = 'join cases c on c.firm_id = h.firm_id and c.id = h.case_id';

export const HOLD_LIST: ListSpec = {
  select: COLUMNS,
  from: `holds h ${JOINS}`,
  id: { column: 'h.id', type: 'uuid' },
  sorts: {
    placedAt: { column: 'h.placed_at', type: 'timestamptz' },
    createdAt: { column: 'h.created_at', type: 'timestamptz' },
    updatedAt: { column: 'h.updated_at', type: 'timestamptz' },
  },
  defaultSort: '-placedAt',
  updatedColumn: 'h.updated_at',
};

export const holdFilters = (query: { caseId?: string; documentId?: string; active?: boolean }): (Filter | false)[] => [
  query.caseId !== undefined && ['h.case_id = $::uuid', query.caseId],
  query.documentId !== undefined && ['(h.document_id = $::uuid or h.document_id is null and h.case_id = (select d.case_id from documents d where d.id = $::uuid))', query.documentId],
  query.active !== undefined && [query.active ? 'h.released_at is null' : 'h.released_at is not null', undefined],
];

export const HOLD_BY_ID = `select ${COLUMNS} from holds h ${JOINS} where h.id = $1`;
export const LOCK_HOLD = `${HOLD_BY_ID} for no key update of h`;

/** The case that a hold is to stand on; nothing where the caller sees no such case or document. One in the trash can be held too. */
export const HOLD_TARGET = `select c.id as "caseId" from cases c where c.id = $1::uuid union all select d.case_id from documents d where d.id = $2::uuid`;
export const INSERT_HOLD = `insert into holds (firm_id, id, case_id, document_id, name, reason, placed_by) values ($1, $2, $3, $4, $5, $6, $7)`;

const HOLD: Changeable = { table: 'holds', columns: { name: 'name', reason: 'reason' } };
/** An update of just the given members; undefined when there are none. */
export const updateHold = (id: string, changes: object): Statement | undefined => updateOf(HOLD, [id], changes);

export const RELEASE_HOLD = `update holds set released_at = clock_timestamp(), released_by = $2, release_reason = $3 where id = $1`;

/** What holds some documents, the attachments that go with them, and their cases; the first ten. */
export const HOLDS_ON = `with recursive down(id, case_id) as (
    select d.id, d.case_id from documents d where d.id = any ($1::uuid[])
    union select d.id, d.case_id from down join documents d on d.parent_id = down.id and d.case_id = down.case_id)
  select h.id, h.name, h.case_id as "caseId", h.document_id as "documentId" from holds h
  where h.released_at is null and h.case_id in (select case_id from down) and (h.document_id is null or h.document_id in (select id from down))
  order by h.placed_at, h.id limit 10`;
