/** A version as it is compared, with the state of its text. Null for the number: the newest, or so many before it. */
export const COMPARED = `select v.id as "versionId", d.id as "documentId", d.title, v.number, v.file_name as "fileName", v.sha256,
    t.status, t.reason, t.truncated, t.char_count::float8 as "charCount"
  from documents d
  join document_versions v on v.firm_id = d.firm_id and v.document_id = d.id and v.number = coalesce($2::int, greatest(1, coalesce($3::int, d.current_version) - $4::int))
  join document_texts t on t.firm_id = v.firm_id and t.version_id = v.id
  where d.id = $1`;

export const CHUNKS = `select c.ordinal, c.page, c.text from document_chunks c where c.version_id = $1 and c.ordinal > $2 order by c.ordinal limit $3`;
