export const FOLDER_IN_CASE = `select true as there from folders f where f.id = $1 and f.case_id = $2`;

export const INSERT_DOCUMENT = `insert into documents
    (firm_id, id, case_id, folder_id, title, type, status, author_name, author_id, document_date, tags, metadata, privilege, created_by)
  values ($1, $2, $3, $4, $5, coalesce($6, 'other'), coalesce($7, 'draft'), $8, $9, $10, $11, $12::jsonb, coalesce($13, 'none'), $14)`;

export const DOCUMENT_BY_ID = `select d.id, d.case_id as "caseId", d.title, d.current_version as "currentVersion", d.version from documents d where d.id = $1`;
