import type { Filter, ListSpec, Place } from '../../common/pagination/page.js';
import type { DocumentQuery } from './document-list.dto.js';
import { documentColumns } from './documents.queries.js';

/** Null as a day that never comes. CASE and not COALESCE, which row-level security keeps from the index (migration 20261121002130). */
const DATE = `(case when d.document_date is null then date 'infinity' else d.document_date end)`;

/** What documents are sorted by. internal.document_sort_key() in the database knows the same. */
const SORTS: ListSpec['sorts'] = {
  title: { column: 'd.title', type: 'text' },
  createdAt: { column: 'd.created_at', type: 'timestamptz' },
  updatedAt: { column: 'd.updated_at', type: 'timestamptz' },
  documentDate: { column: DATE, type: 'date' },
};

/** The list under the policies. */
export const documentList = (expand: readonly string[]): ListSpec => ({
  select: documentColumns(expand), from: 'documents d', id: { column: 'd.id', type: 'uuid' }, sorts: SORTS, defaultSort: '-createdAt', updatedColumn: 'd.updated_at',
});

/** Filters that the policies let use an index. internal.document_filter() in the database says the same of a door's filter. */
export const plainFilters = (query: DocumentQuery, me: string): (Filter | false)[] => [
  [query.trashed ? 'd.deleted_at is not null' : 'd.deleted_at is null', undefined],
  query.caseId !== undefined && ['d.case_id = $::uuid', query.caseId],
  query.clientId !== undefined && ['d.case_id in (select k.id from cases k where k.client_id = $::uuid)', query.clientId],
  query.folderId !== undefined && (query.folderId === 'none' ? ['d.folder_id is null', undefined] : ['d.folder_id = $::uuid', query.folderId]),
  query.parentId !== undefined && ['d.parent_id = $::uuid', query.parentId],
  query.type !== undefined && ['d.type = any ($::text[])', query.type],
  query.status !== undefined && ['d.status = any ($::text[])', query.status],
  query.privilege !== undefined && ['d.privilege = any ($::text[])', query.privilege],
  query.authorId !== undefined && ['d.author_id = $::uuid', query.authorId],
  query.mediaType !== undefined && ['exists (select from document_versions v where v.firm_id = d.firm_id and v.document_id = d.id and v.number = d.current_version and v.media_type = any ($::text[]))', query.mediaType],
  query.checkedOutBy !== undefined && ['exists (select from document_checkouts k where k.firm_id = d.firm_id and k.document_id = d.id and k.user_id = $::uuid and k.expires_at > now())', person(query.checkedOutBy, me)],
  query.documentDateFrom !== undefined && [`${DATE} >= $::date and d.document_date is not null`, query.documentDateFrom],
  query.documentDateTo !== undefined && [`${DATE} <= $::date and d.document_date is not null`, query.documentDateTo],
];
const person = (named: string, me: string): string => (named === 'me' ? me : named);

/** Whether the list wants the door: tags, metadata and text have no index under the policies. */
export const wantsDoor = ({ tag, metadata, q, author }: DocumentQuery): boolean => tag !== undefined || metadata !== undefined || q !== undefined || author !== undefined;

/** All filters of a query, as the door takes them. */
export function doorFilter(query: DocumentQuery, me: string): string {
  const { caseId, clientId, folderId, parentId, type, status, privilege, author, authorId, mediaType, updatedSince } = query;
  return JSON.stringify({
    trashed: query.trashed ?? false, caseId, clientId, folderId, parentId, type, status, privilege, author, authorId, mediaType, updatedSince,
    documentFrom: query.documentDateFrom, documentTo: query.documentDateTo, tags: query.tag,
    checkedOutBy: query.checkedOutBy === undefined ? undefined : person(query.checkedOutBy, me),
    metadata: query.metadata === undefined ? undefined : (JSON.parse(query.metadata) as object),
    words: query.q?.split(/\s+/).slice(0, 10),
  });
}

/** One page through the door: it says which documents and in what order, the policies have the last word on what is read of them. */
export const foundDocuments = (filter: string, place: Place, expand: readonly string[]): { text: string; values: unknown[] } => ({
  text: `select ${documentColumns(expand)}, p.sort_key as "_key" from doors.find_documents($1::jsonb, $2, $3, $4::uuid, $5) p join documents d on d.id = p.id order by p.place`,
  values: [filter, place.sort, place.after?.[0] ?? null, place.after?.[1] ?? null, place.limit + 1],
});
export const COUNT_FOUND = `select doors.count_documents($1::jsonb) as total`;
