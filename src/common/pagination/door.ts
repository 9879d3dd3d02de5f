import type { Database } from '../../database/database.js';
import { placeOf, toPage, type ListSpec, type Page, type PageQuery } from './page.js';

/** A list whose rows a door finds: by lookups that row-level security would keep from using an index. */
export interface DoorSpec extends Pick<ListSpec, 'select' | 'sorts' | 'defaultSort'> {
  /** The call as far as (filters jsonb, sort, descending, key of the last row, its id, limit); it returns ids in order. */
  door: string;
  /** The table the rows are then read from, under the policies, and the column with its id. */
  from: string;
  row: string;
}

/** One page of such a list: at most two statements, one round trip. The filters go to the door as they are. */
export async function doorPage<T extends object>(database: Database, spec: DoorSpec, query: PageQuery, filters: object): Promise<Page<T>> {
  const { limit, sort, descending, field, after, cursorOf } = placeOf({ sorts: spec.sorts, defaultSort: spec.defaultSort }, query);
  const asked = JSON.stringify({ ...filters, updatedSince: query.updatedSince }); // leaves out what is undefined
  const name = sort.replace(/^-/, '');
  const page = {
    text: `select ${spec.select}, ${field.column}::text as "_key" from ${spec.door}$1::jsonb, $2, $3, $4, $5::uuid, $6::int) with ordinality as found (id, n)
      join ${spec.from} on ${spec.row} = found.id order by found.n`,
    values: [asked, name, descending, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  };
  const count = { text: `select count(*)::int as total from ${spec.door}$1::jsonb, $2, $3, null, null, null)`, values: [asked, name, descending] };
  const [rows, counted] = await database.batch(query.count ? [page, count] : [page]);
  return toPage({ limit, cursorOf }, rows!, counted?.[0]?.['total'] as number | undefined, (row: T) => row);
}
