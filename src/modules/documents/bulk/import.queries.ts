/** Files of an import as they came: those with an outcome need nothing more. */
export const INSERT_FILES = `insert into document_import_files
    (firm_id, id, task_id, case_id, upload, path, sha256, size, media_type, name_matches, declared_type, outcome, result)
  select $1, f.id, $2, $3, f.upload, f.path, f.sha256, f.size, f."mediaType", f."nameMatches", f."declaredType", f.outcome, coalesce(f.result, '{}')
  from jsonb_to_recordset($4::jsonb) f(id uuid, upload int, path text, sha256 text, size bigint, "mediaType" text, "nameMatches" boolean, "declaredType" text, outcome text, result jsonb)`;

export const CASE_VISIBLE = `select true as visible from cases c where c.id = $1`;

export const FILES_OF = `select i.id, i.firm_id as "firmId", i.upload, i.entry, i.path, i.sha256, i.size::float8 as size, i.media_type as "mediaType", i.name_matches as "nameMatches",
    i.declared_type as "declaredType", i.outcome, i.result
  from document_import_files i where i.task_id = $1 order by i.upload, i.entry`;

/** Nothing comes back where another run has dealt with it. */
export const HOLD_FILE = `select true as waits from document_import_files where id = $1 and outcome is null for update`;
/** The same for a file of a ZIP, which has no row before; the outcome comes with SETTLE_FILE in the same transaction. */
export const INSERT_ENTRY = `insert into document_import_files (firm_id, id, task_id, case_id, upload, entry, path, outcome)
  select i.firm_id, $2, i.task_id, i.case_id, i.upload, $3, $4, 'failed' from document_import_files i where i.id = $1
  on conflict (firm_id, task_id, upload, entry) do nothing returning true as inserted`;
export const SETTLE_FILE = `update document_import_files set outcome = $2, result = $3::jsonb where id = $1`;

export const DELETE_FILES = `delete from document_import_files where task_id = $1`;
export const TASK_OPEN = `select t.status in ('pending', 'processing') as open from tasks t where t.id = $1`;

/** A document there with these bytes in its newest version. */
export const SAME_IN_FOLDER = `select d.id from documents d
  join document_versions v on v.firm_id = d.firm_id and v.document_id = d.id and v.number = d.current_version
  where d.case_id = $1 and d.folder_id is not distinct from $2::uuid and d.deleted_at is null and v.sha256 = $3 order by d.id limit 1`;

// as in folders_name_key
export const FIND_FOLDER = `select f.id from folders f where f.case_id = $1 and f.parent_id is not distinct from $2::uuid and lower(normalize(f.name)) = lower(normalize($3::text))`;
export const INSERT_FOLDER = `insert into folders (firm_id, id, case_id, parent_id, name, created_by) values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning id`;
