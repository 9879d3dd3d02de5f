/** The case, where the caller sees it, and whether the folder is one of its. */
export const EXPORT_HEAD = `select c.id, c.number, c.title, $2::uuid is null or exists (select from folders f where f.firm_id = c.firm_id and f.case_id = c.id and f.id = $2::uuid) as "folderKnown"
  from cases c where c.id = $1`;

/** The record of it; nothing comes back where the case was hidden meanwhile. */
export const INSERT_EXPORT = `insert into document_exports (firm_id, id, case_id, user_id, versions, filters)
  select c.firm_id, $2, c.id, $3, $4, $5::jsonb from cases c where c.id = $1 returning created_at as "createdAt"`;

/** How an archive goes on: the case is asked for again with every batch, since what was hidden meanwhile shows as nothing at all. */
export const EXPORT_CASE = `select true as visible from cases c where c.id = $1`;

/**
 * A batch of versions, by (document, number) from behind $2, $3: of case $1, below folder $4, of type $5, the newest only
 * unless $6; at most $7.
 */
export const EXPORT_BATCH = `select d.id as "documentId", v.number, d.title, d.type, d.status, d.privilege, coalesce(d.author_name, u.name) as author, d.document_date as "documentDate",
    v.file_name as "fileName", v.media_type as "mediaType", v.size, v.sha256, v.object_id as "objectId", v.created_at as "createdAt", v.comment, p.names as folders
  from documents d
  join document_versions v on v.firm_id = d.firm_id and v.document_id = d.id and ($6::boolean or v.number = d.current_version)
  left join users u on u.firm_id = d.firm_id and u.id = d.author_id
  cross join lateral (with recursive up(id, parent_id, name, n) as (
      select f.id, f.parent_id, f.name, 1 from folders f where f.firm_id = d.firm_id and f.id = d.folder_id
      union all select f.id, f.parent_id, f.name, up.n + 1 from up join folders f on f.firm_id = d.firm_id and f.id = up.parent_id where up.n < 40)
    select coalesce(array_agg(up.name order by up.n desc), '{}') as names, coalesce(array_agg(up.id), '{}') as ids from up) p
  where d.case_id = $1 and d.deleted_at is null and (d.id, v.number) > ($2::uuid, $3::int)
    and ($4::uuid is null or $4::uuid = any (p.ids)) and ($5::text is null or d.type = $5)
  order by d.id, v.number limit $7`;
