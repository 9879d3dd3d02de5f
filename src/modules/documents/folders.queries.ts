import type { Filter, ListSpec } from '../../common/pagination/page.js';
import type { Statement } from '../../database/flight.js';
import { updateOf, type Changeable } from '../../database/update.queries.js';

const COLUMNS = `f.id, f.case_id as "caseId", f.parent_id as "parentId", f.name,
  (select count(*)::int from documents d where d.firm_id = f.firm_id and d.case_id = f.case_id and d.folder_id = f.id and d.deleted_at is null) as "documentCount",
  f.created_by as "createdBy", f.version, f.created_at as "createdAt", f.updated_at as "updatedAt"`;

export const FOLDER_BY_ID = `select ${COLUMNS} from folders f where f.id = $1`;
/** Its own lock comes first: what is then read is what it protects. */
export const LOCK_FOLDER = `select f.id from folders f where f.id = $1 for update`;
export const INSERT_FOLDER = `insert into folders (firm_id, id, case_id, parent_id, name, created_by) values ($1, $2, $3, $4, $5, $6)`;
export const DELETE_FOLDER = `delete from folders where id = $1`;
export const CONTENTS = `select (select count(*)::int from documents d where d.folder_id = $1 and d.deleted_at is null) as documents, (select count(*)::int from folders s where s.parent_id = $1) as folders`;

const FOLDER: Changeable = { table: 'folders', columns: { name: 'name', parentId: 'parent_id' } };
/** An update of just the given members; undefined when there are none. */
export const updateFolder = (id: string, changes: object): Statement | undefined => updateOf(FOLDER, [id], changes);

export const FOLDER_LIST: ListSpec = {
  select: COLUMNS,
  from: 'folders f',
  id: { column: 'f.id', type: 'uuid' },
  sorts: { name: { column: 'f.name', type: 'text' }, createdAt: { column: 'f.created_at', type: 'timestamptz' }, updatedAt: { column: 'f.updated_at', type: 'timestamptz' } },
  defaultSort: 'name',
  updatedColumn: 'f.updated_at',
};
export const folderFilters = (caseId: string): Filter[] => [['f.case_id = $::uuid', caseId]];
