import type { Statement } from '../../database/flight.js';
import { updateOf, type Changeable } from '../../database/update.queries.js';
import { caseOf, personOf } from '../casework/casework.queries.js';

const RUNNING_CHECKOUT = `document_checkouts k where k.firm_id = d.firm_id and k.document_id = d.id and k.expires_at > now()`;
const ACTIVE_HOLDS = `holds h where h.firm_id = d.firm_id and h.case_id = d.case_id and h.released_at is null and (h.document_id is null or h.document_id = d.id)`;

/** A document as it leaves the API, of "documents d". */
export const DOCUMENT_COLUMNS = `d.id, d.case_id as "caseId", d.folder_id as "folderId", d.parent_id as "parentId", d.title, d.type, d.status, d.author_name as "authorName", d.author_id as "authorId",
  d.document_date as "documentDate", d.tags, d.metadata, d.privilege,
  (select jsonb_build_object('id', v.id, 'number', v.number, 'fileName', v.file_name, 'mediaType', v.media_type, 'size', v.size, 'sha256', v.sha256, 'textStatus', t.status, 'pageCount', t.page_count, 'createdAt', v.created_at)
    from document_versions v join document_texts t on t.firm_id = v.firm_id and t.version_id = v.id where v.firm_id = d.firm_id and v.document_id = d.id and v.number = d.current_version) as "currentVersion",
  (select ${person('k', 'user_id')} from ${RUNNING_CHECKOUT}) as "checkedOutBy", exists (select from ${ACTIVE_HOLDS}) as "onHold",
  d.created_by as "createdBy", d.deleted_at as "deletedAt", d.deleted_by as "deletedBy", d.delete_reason as "deleteReason", d.version, d.created_at as "createdAt", d.updated_at as "updatedAt"`;

function person(alias: string, column: string): string {
  return personOf(alias, column, 'x').replace(/ as "x"$/, '');
}

const EXPANSIONS: Record<string, string> = {
  case: caseOf('d'),
  folder: `(select jsonb_build_object('id', f.id, 'name', f.name, 'parentId', f.parent_id) from folders f where f.firm_id = d.firm_id and f.id = d.folder_id) as folder`,
  checkout: `(select jsonb_build_object('id', k.id, 'user', ${person('k', 'user_id')}, 'reason', k.reason, 'since', k.created_at, 'expiresAt', k.expires_at) from ${RUNNING_CHECKOUT}) as checkout`,
  holds: `(select coalesce(jsonb_agg(jsonb_build_object('id', h.id, 'name', h.name, 'documentId', h.document_id, 'placedAt', h.placed_at) order by h.placed_at, h.id), '[]') from ${ACTIVE_HOLDS}) as holds`,
};

/** The columns, with what is asked for besides: one statement, whatever it is. */
export const documentColumns = (expand: readonly string[]): string =>
  [DOCUMENT_COLUMNS, ...Object.keys(EXPANSIONS).filter((name) => expand.includes(name)).map((name) => EXPANSIONS[name])].join(', ');

export const documentById = (expand: readonly string[]): string => `select ${documentColumns(expand)} from documents d where d.id = $1`;

/** The document with what decides what may be done with it; locked first, read then. */
export const LOCK_DOCUMENT = `select d.id from documents d where d.id = $1 for update`;
export const STANDING = `select ${DOCUMENT_COLUMNS}, (select c.status from cases c where c.firm_id = d.firm_id and c.id = d.case_id) as "caseStatus" from documents d where d.id = $1`;

const DOCUMENT: Changeable = {
  table: 'documents', json: ['metadata'],
  columns: {
    title: 'title', type: 'type', status: 'status', authorName: 'author_name', authorId: 'author_id', documentDate: 'document_date', tags: 'tags', metadata: 'metadata', privilege: 'privilege',
  },
};
/** An update of just the given members; undefined when there are none. */
export const updateDocument = (id: string, changes: object): Statement | undefined => updateOf(DOCUMENT, [id], changes);

export const FOLDER_IN_CASE = `select f.id from folders f where f.id = $1 and f.case_id = $2`;

// attachments and their attachments; what is in the trash comes along
const BELOW = `with recursive below(id) as (
  select d.id from documents d where d.parent_id = $1 union select d.id from documents d join below on d.parent_id = below.id)`;

/** Before it leaves its case: out of folders, with its attachments, and off the document it was attached to. A step of its own, so that the trail of the other case does not name what stays behind. */
export const LEAVE = `${BELOW} update documents set folder_id = null, parent_id = case when id = $1 then null else parent_id end
  where (id = $1 or id in (select id from below)) and (folder_id is not null or id = $1 and parent_id is not null)`;
/** $2 case, $3 folder. */
export const MOVE = `update documents set case_id = $2, folder_id = $3 where id = $1`;
/** Attachments follow: to another case by foreign key, into the folder those that lay beside it. $2 folder, $3 folder before, $4 another case. */
export const MOVE_BELOW = `${BELOW} update documents d set folder_id = $2 from below where d.id = below.id and ($4 or d.folder_id is not distinct from $3) and d.folder_id is distinct from $2`;

/** A new document of what another one says. $2 new id, $3 case, $4 folder, $5 title or null, $6 who copies. */
export const COPY_DOCUMENT = `insert into documents (firm_id, id, case_id, folder_id, title, type, status, author_name, author_id, document_date, tags, metadata, privilege, created_by)
  select firm_id, $2, $3, $4, coalesce($5, title), type, status, author_name, author_id, document_date, tags, metadata, privilege, $6 from documents where id = $1`;
/** Its first version, on the same stored file. $2 id of the version, $3 document, $4 case, $5 who copies. */
export const COPY_VERSION = `insert into document_versions (firm_id, id, case_id, document_id, object_id, sha256, size, media_type, declared_type, file_name, name_matches, author_id, comment)
  select v.firm_id, $2, $4, $3, v.object_id, v.sha256, v.size, v.media_type, v.declared_type, v.file_name, v.name_matches, $5, 'Copy of version ' || v.number || ' of ' || d.title
  from documents d join document_versions v on v.firm_id = d.firm_id and v.document_id = d.id and v.number = d.current_version where d.id = $1`;

/** With its attachments, all at one instant: it tells what comes back together. $2 who, $3 why. */
export const TRASH = `${BELOW} update documents set deleted_at = now(), deleted_by = $2, delete_reason = $3 where (id = $1 or id in (select id from below)) and deleted_at is null`;
export const RESTORE = `${BELOW} update documents set deleted_at = null, deleted_by = null, delete_reason = null
  where id = $1 or id in (select id from below) and deleted_at = (select t.deleted_at from documents t where t.id = $1)`;

/** What a purge would take, for its answer. */
export const PURGE_SIZE = `with recursive down(id) as (select $1::uuid union select d.id from documents d join down on d.parent_id = down.id where d.deleted_at is not null)
  select (select count(*)::int from down) as documents, (select count(*)::int from document_versions v where v.document_id in (select id from down)) as versions`;
export const PURGE = `select doors.purge_document($1, $2) as files`;

export const DUE_TRASH = `select id from doors.due_trash($1) as due(id)`;
