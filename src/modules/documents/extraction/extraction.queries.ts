/** A version whose text is to be taken out, and where it belongs. */
export interface VersionToRead {
  firmId: string;
  versionId: string;
  /** What tells this attempt from an earlier or later one. */
  attempt: string;
  documentId: string;
  objectId: string;
  sha256: string;
  size: number;
  mediaType: string;
  fileName: string;
  /** How many documents it is attached to, one above the other. */
  depth: number;
  /** An earlier version of the document has the same bytes, and so the same attachments. */
  repeated: boolean;
}

/** An attempt begins: what an earlier one left, or one that is still at it writes, counts no more. */
export const BEGIN = `update document_texts t set status = 'extracting', reason = null, page_count = null, char_count = null, truncated = false,
    started_at = clock_timestamp(), finished_at = null
  from document_versions v
  where t.version_id = $1 and v.firm_id = t.firm_id and v.id = t.version_id
  returning t.firm_id as "firmId", v.id as "versionId", t.started_at::text as attempt, v.document_id as "documentId", v.object_id as "objectId", v.sha256, v.size::float8 as size,
    v.media_type as "mediaType", v.file_name as "fileName",
    (with recursive up(parent_id, n) as (
       select d.parent_id, 0 from documents d where d.firm_id = v.firm_id and d.id = v.document_id
       union all select d.parent_id, up.n + 1 from up join documents d on d.firm_id = v.firm_id and d.id = up.parent_id where up.n < 20)
     select max(n) from up) as depth,
    exists (select from document_versions e where e.firm_id = v.firm_id and e.document_id = v.document_id and e.number < v.number and e.sha256 = v.sha256) as repeated`;

export const DELETE_CHUNKS = `delete from document_chunks where version_id = $1`;

/** Nothing is written once another attempt has begun or the version is gone: then no row comes back. */
export const ADD_CHUNKS = `with mine as (
    select t.firm_id, t.version_id, t.case_id, t.document_id from document_texts t
    where t.version_id = $1 and t.status = 'extracting' and t.started_at = $2::timestamptz for share)
  insert into document_chunks (firm_id, version_id, ordinal, case_id, document_id, page, char_offset, text)
  select mine.firm_id, mine.version_id, c.ordinal, mine.case_id, mine.document_id, c.page, c."offset", c.text
  from mine, jsonb_to_recordset($3::jsonb) c(ordinal int, page int, "offset" bigint, text text)`;

export const FINISH = `update document_texts t set status = $3, reason = $4, page_count = $5, char_count = $6, truncated = $7, finished_at = clock_timestamp()
  where t.version_id = $1 and t.status = 'extracting' and t.started_at = $2::timestamptz`;

/** The document that a message's attachments go beside, held where it is until they are made. */
export const HOLD_DOCUMENT = `select d.id, d.case_id as "caseId" from documents d where d.id = $1 for share`;

/** An attachment as a document of its own, beside the message; nothing where it was made before, whatever became of it since. */
export const ADD_ATTACHMENT = `insert into documents
    (firm_id, id, case_id, folder_id, parent_id, title, type, status, author_name, author_id, document_date, privilege, created_by)
  select d.firm_id, $2, d.case_id, d.folder_id, d.id, $3, d.type, d.status, d.author_name, d.author_id, d.document_date, d.privilege, d.created_by
  from documents d where d.id = $1
  on conflict on constraint documents_pk do nothing`;

export const ADD_ATTACHMENT_VERSION = `insert into document_versions
    (firm_id, id, case_id, document_id, object_id, sha256, size, media_type, declared_type, file_name, name_matches, author_id, comment)
  select v.firm_id, $2, d.case_id, d.id, $4, $5, $6, $7, $8, $9, $10, v.author_id, null
  from document_versions v join documents d on d.firm_id = v.firm_id and d.id = $3
  where v.id = $1`;

/** A message that was put into the trash meanwhile has its attachments with it. */
export const FOLLOW_INTO_TRASH = `update documents c set deleted_at = d.deleted_at, deleted_by = d.deleted_by, delete_reason = d.delete_reason
  from documents d where d.id = $1 and d.deleted_at is not null and c.firm_id = d.firm_id and c.parent_id = d.id and c.id = any ($2::uuid[])`;

/** Versions whose text is to be taken out once more: those that failed, and those that have waited for a long time. */
export const TO_READ_AGAIN = `select t.version_id as "versionId" from document_texts t
  where (t.status = any ($1::text[]) or (t.status in ('pending', 'extracting') and t.updated_at < clock_timestamp() - interval '1 hour')) and t.version_id > $2
  order by t.version_id limit $3`;

/** Asked for once more: what it has until then stays. */
export const VERSION_BY_NUMBER = `select v.id as "versionId" from document_versions v where v.document_id = $1 and v.number = $2`;

export const TEXT_STATE = `select t.version_id as id, t.document_id as "documentId", v.number, t.status, t.reason, t.page_count as "pageCount", t.char_count::float8 as "charCount",
    t.truncated, t.started_at as "startedAt", t.finished_at as "finishedAt", t.updated_at as "updatedAt"
  from document_texts t join document_versions v on v.firm_id = t.firm_id and v.id = t.version_id
  where t.version_id = $1`;
