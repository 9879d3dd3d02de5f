/** What a search needs to know before it can read the query. */
export const FIRM_LANGUAGE = `select language from firms`;

/**
 * The door finds and counts; the rows are read as the caller. One statement, one row. `offset 0`: row by row, through the
 * key; the planner takes the few hits for many, and would read whole tables under their policies.
 */
export const SEARCH = `with r as materialized (select doors.search($1::jsonb, $2::jsonb, $3::int, $4::jsonb, $5::boolean) as found)
  select (r.found ->> 'total')::int as total, (r.found ->> 'partial')::int as partial, r.found -> 'facets' as facets,
    (select coalesce(jsonb_agg(jsonb_build_array(h ->> 'class', h ->> 'score', h ->> 'version_id') order by n), '[]') from jsonb_array_elements(r.found -> 'hits') with ordinality x(h, n)) as places,
    (select coalesce(json_agg(json_build_object('documentId', d.id, 'title', d.title, 'type', d.type, 'caseId', d.case_id, 'caseNumber', c.number, 'caseTitle', c.title, 'folderId', d.folder_id,
        'documentDate', d.document_date, 'privilege', d.privilege, 'versionId', v.id, 'versionNumber', v.number, 'class', (x.h ->> 'class')::int, 'score', (x.h ->> 'score')::float8,
        'chunks', (select coalesce(json_agg(json_build_object('page', k.page, 'offset', k.char_offset, 'text', k.text) order by o.n), '[]')
          from jsonb_array_elements_text(x.h -> 'ordinals') with ordinality o(ordinal, n)
          cross join lateral (select k.page, k.char_offset, k.text from document_chunks k where k.version_id = v.id and k.ordinal = o.ordinal::int offset 0) k)) order by x.n), '[]')
      from jsonb_array_elements(r.found -> 'hits') with ordinality x(h, n)
      cross join lateral (select d.* from documents d where d.id = (x.h ->> 'document_id')::uuid offset 0) d
      cross join lateral (select c.number, c.title from cases c where c.id = d.case_id offset 0) c
      cross join lateral (select v.id, v.number from document_versions v where v.id = (x.h ->> 'version_id')::uuid offset 0) v) as hits,
    (select coalesce(json_agg(json_build_object('value', c.id, 'number', c.number, 'title', c.title, 'count', (f.e ->> 1)::int) order by f.n), '[]')
      from jsonb_array_elements(r.found -> 'facets' -> 'case') with ordinality f(e, n) cross join lateral (select c.id, c.number, c.title from cases c where c.id = (f.e ->> 0)::uuid offset 0) c) as cases
  from r`;

export interface FoundChunk { page: number | null; offset: number; text: string }
export interface FoundHit {
  documentId: string; title: string; type: string; caseId: string; caseNumber: string; caseTitle: string; folderId: string | null; documentDate: string | null;
  privilege: 'none' | 'attorney_client' | 'work_product'; versionId: string; versionNumber: number; class: number; score: number; chunks: FoundChunk[];
}
export interface Found {
  total: number;
  partial: number;
  facets: Partial<Record<'case' | 'type' | 'author' | 'year', [value: string, count: number][]>>;
  places: [cls: string, score: string, versionId: string][];
  hits: FoundHit[];
  cases: { value: string; number: string; title: string; count: number }[];
}

/** What the index of a version is made of, and how far it is. */
export const VERSION_TO_INDEX = `select v.id as "versionId", d.title, d.type, d.tags, coalesce(nullif(btrim(d.author_name), ''), btrim(concat_ws(' ', u.given_name, u.family_name))) as author,
    f.language, t.finished_at::text as "textAt", x.language as "indexedLanguage", x.text_at::text as "indexedTextAt"
  from document_versions v join documents d on d.firm_id = v.firm_id and d.id = v.document_id join firms f on f.firm_id = v.firm_id
  join document_texts t on t.firm_id = v.firm_id and t.version_id = v.id
  left join users u on u.firm_id = d.firm_id and u.id = d.author_id left join lateral doors.indexed(v.id) x on true
  where v.id = $1 and t.finished_at is not null`;
export interface VersionToIndex {
  versionId: string; title: string; type: string; tags: string[]; author: string | null; language: string; textAt: string; indexedLanguage: string | null; indexedTextAt: string | null;
}

export const CHUNKS_TO_INDEX = `select ordinal, page, text from document_chunks where version_id = $1 and ordinal >= $2 order by ordinal limit $3`;
/** How many rows it took out: where only that is asked (to: null), it is asked until there are none. Null: the text is another by now. */
export const INDEX_CHUNKS = `select doors.index_chunks($1, $2::timestamptz, $3::int, $4::int, $5::int[], $6::int[], $7::text[]) as removed`;
export const INDEX_VERSION = `select doors.index_version($1, $2, $3::timestamptz, $4::int, $5, $6::jsonb) as done`;
export const INDEX_FACTS = `select doors.index_facts($1, $2, $3::text[]) as done`;

/** Versions whose text is there, a page of them. */
export const VERSIONS_TO_REINDEX = `select version_id as id from document_texts where finished_at is not null and ($1::uuid is null or version_id > $1) order by version_id limit $2`;
export const COUNT_VERSIONS = `select count(*)::int as count from document_texts where finished_at is not null`;
