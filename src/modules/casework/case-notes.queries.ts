import { containing, type Filter, type ListSpec } from '../../common/pagination/page.js';
import type { Statement } from '../../database/flight.js';
import { updateOf, type Changeable } from '../../database/update.queries.js';
import { personOf } from './casework.queries.js';

// the same pattern as mentionsIn() of case-notes.service.ts
const COLUMNS = `n.id, n.case_id as "caseId", n.body, n.pinned, ${personOf('n', 'author_id', 'author')},
  (select coalesce(jsonb_agg(jsonb_build_object('id', u.id, 'name', u.name) order by u.name, u.id), '[]') from users u where n.body like '%@[%' and u.firm_id = n.firm_id
    and u.id = any (array(select m[1]::uuid from regexp_matches(n.body, '@\\[([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\\]', 'gi') m))) as mentions,
  n.version, n.created_at as "createdAt", n.updated_at as "updatedAt"`;

export const NOTE_BY_ID = `select ${COLUMNS} from case_notes n where n.id = $1`;
export const LOCK_NOTE = `${NOTE_BY_ID} for update`;
export const INSERT_NOTE = `insert into case_notes (firm_id, id, case_id, body, pinned, author_id) values ($1, $2, $3, $4, $5, $6)`;
export const DELETE_NOTE = `delete from case_notes where id = $1`;

const NOTE: Changeable = { table: 'case_notes', columns: { body: 'body', pinned: 'pinned' } };

/** An update of just the given members; undefined when there are none. */
export const updateNote = (id: string, changes: object): Statement | undefined => updateOf(NOTE, [id], changes);

// as in case_notes_rank_idx
const RANK = `((case when n.pinned then 1000000000000 else 0 end) + extract(epoch from n.created_at - timestamptz '2000-01-01 00:00:00+00'))`;

export const NOTE_LIST: ListSpec = {
  select: COLUMNS,
  from: 'case_notes n',
  id: { column: 'n.id', type: 'uuid' },
  sorts: {
    pinned: { column: RANK, type: 'numeric' },
    createdAt: { column: 'n.created_at', type: 'timestamptz' },
    updatedAt: { column: 'n.updated_at', type: 'timestamptz' },
  },
  defaultSort: '-pinned',
  updatedColumn: 'n.updated_at',
};

export const noteFilters = (caseId: string, query: { authorId?: string; pinned?: boolean; q?: string }): (Filter | false)[] => [
  ['n.case_id = $::uuid', caseId],
  query.authorId !== undefined && ['n.author_id = $::uuid', query.authorId],
  query.pinned !== undefined && ['n.pinned = $', query.pinned],
  query.q !== undefined && [containing('n.body'), query.q],
];
