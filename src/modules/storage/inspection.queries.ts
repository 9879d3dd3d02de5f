export const STORED_FIRMS = `select firm_id as "firmId" from doors.stored_firms()`;

export const OBJECTS_AFTER = `select o.id, o.sha256, o.size::float8 as size from storage_objects o where o.state = 'stored' and o.id > $1 order by o.id limit $2`;
export const OBJECT_COUNT = `select count(*)::int as objects, coalesce(sum(o.size), 0)::float8 as bytes from storage_objects o where o.state = 'stored'`;

/** Of some ids those that have a row, in whatever state; what waits to be imported lies in the store under the id of its file. */
export const OBJECTS_AMONG = `select o.id from storage_objects o where o.id = any ($1::uuid[])
  union all select f.id from document_import_files f where f.id = any ($1::uuid[]) and f.outcome is null`;
export const STILL_STORED = `select true as stored from storage_objects o where o.id = $1 and o.state = 'stored'`;

/** Which versions an object is behind, for who has to bring it back. */
export const VERSIONS_OF_OBJECT = `select v.document_id as "documentId", v.number, v.file_name as "fileName" from document_versions v where v.object_id = $1 order by v.created_at limit 20`;
