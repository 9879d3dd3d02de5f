import type { Filter, ListSpec } from '../../../common/pagination/page.js';

const COLUMNS = `v.id, v.document_id as "documentId", v.number, v.number = d.current_version as "isCurrent", v.file_name as "fileName", v.media_type as "mediaType", v.declared_type as "declaredType",
  v.name_matches as "nameMatches", v.size::float8 as size, v.sha256, (select jsonb_build_object('id', u.id, 'name', u.name) from users u where u.firm_id = v.firm_id and u.id = v.author_id) as author,
  v.comment, v.restored_from as "restoredFrom",
  jsonb_build_object('status', t.status, 'reason', t.reason, 'pageCount', t.page_count, 'charCount', t.char_count, 'truncated', t.truncated) as text,
  v.created_at as "createdAt", t.updated_at as "updatedAt"`;
const FROM = `document_versions v join documents d on d.firm_id = v.firm_id and d.id = v.document_id join document_texts t on t.firm_id = v.firm_id and t.version_id = v.id`;

export const VERSION_BY_ID = `select ${COLUMNS} from ${FROM} where v.id = $1`;
export const VERSION_BY_NUMBER = `select ${COLUMNS} from ${FROM} where v.document_id = $1 and v.number = $2`;

export const VERSION_LIST: ListSpec = {
  select: COLUMNS,
  from: FROM,
  id: { column: 'v.id', type: 'uuid' },
  sorts: { number: { column: 'v.number', type: 'int' }, createdAt: { column: 'v.created_at', type: 'timestamptz' } },
  defaultSort: '-number',
  updatedColumn: 't.updated_at',
};
export const versionFilters = (documentId: string): Filter[] => [['v.document_id = $::uuid', documentId]];

export const DOCUMENT_VISIBLE = `select true as visible from documents d where d.id = $1`;

/** The document with what decides whether it may get a version. */
const TARGET = `select d.id, d.case_id as "caseId", d.version, d.current_version as "currentVersion", d.deleted_at is not null as trashed, c.status
  from documents d join cases c on c.firm_id = d.firm_id and c.id = d.case_id where d.id = $1`;
export const VERSION_TARGET = TARGET;
/** Two versions at once stand in line here, not in the trigger: the second then knows that its If-Match is stale. */
export const LOCK_VERSION_TARGET = `${TARGET} for no key update of d`;

export const INSERT_VERSION = `insert into document_versions
    (firm_id, id, case_id, document_id, object_id, sha256, size, media_type, declared_type, file_name, name_matches, author_id, comment)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`;

/** The bytes of an older version as a new one. */
export const INSERT_RESTORED = `insert into document_versions
    (firm_id, id, case_id, document_id, object_id, sha256, size, media_type, declared_type, file_name, name_matches, author_id, comment, restored_from)
  select v.firm_id, $3, v.case_id, v.document_id, v.object_id, v.sha256, v.size, v.media_type, v.declared_type, v.file_name, v.name_matches, $4, $5, v.number
  from document_versions v where v.document_id = $1 and v.number = $2`;

/** What a download needs to know. $2 null: the current version. */
export const CONTENT = `select v.id, v.firm_id as "firmId", v.object_id as "objectId", v.sha256, v.size::float8 as size, v.media_type as "mediaType", v.file_name as "fileName"
  from documents d join document_versions v on v.firm_id = d.firm_id and v.document_id = d.id and v.number = coalesce($2::int, d.current_version) where d.id = $1`;
export const CONTENT_BY_VERSION = `select v.id, v.firm_id as "firmId", v.object_id as "objectId", v.sha256, v.size::float8 as size, v.media_type as "mediaType", v.file_name as "fileName"
  from document_versions v where v.id = $1`;

export const RECORD_READING = `select doors.record_reading($1, $2, $3::jsonb)`;

export const TEXT_STATE = `select v.id, t.status, t.reason, t.page_count as "pageCount", v.file_name as "fileName"
  from document_versions v join document_texts t on t.firm_id = v.firm_id and t.version_id = v.id where v.document_id = $1 and v.number = $2`;
/** One batch of a text: few enough for a short flight. */
export const CHUNKS_AFTER = `select c.ordinal, c.text from document_chunks c
  where c.version_id = $1 and c.ordinal > $2 and ($3::int is null or c.page = $3) order by c.ordinal limit $4`;

export const PASSAGE_LIST: ListSpec = {
  select: `c.ordinal::text as id, c.page, c.char_offset::float8 as "charOffset", c.text`,
  from: 'document_chunks c join document_texts t on t.firm_id = c.firm_id and t.version_id = c.version_id',
  id: { column: 'c.ordinal', type: 'bigint' },
  sorts: { id: { column: 'c.ordinal', type: 'int' } },
  defaultSort: 'id',
  updatedColumn: 't.updated_at',
};
export const passageFilters = (versionId: string, page: number | undefined): (Filter | false)[] => [
  ['c.version_id = $::uuid', versionId],
  page !== undefined && ['c.page = $::int', page],
];
