export const INSERT_DOCUMENT = `insert into documents
    (firm_id, id, case_id, folder_id, title, type, status, author_name, author_id, document_date, tags, metadata, privilege, created_by)
  values ($1, $2, $3, $4, $5, coalesce($6, 'other'), coalesce($7, 'draft'), $8, $9, $10, $11, $12::jsonb, coalesce($13, 'none'), $14)`;
