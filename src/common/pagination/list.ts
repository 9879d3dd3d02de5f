import type { Database } from '../../database/database.js';
import { listStatements, toPage, type Filter, type ListSpec, type Page, type PageQuery } from './page.js';

/** One page of a list: at most two statements, one round trip. */
export async function listPage<T extends object>(
  database: Database, spec: ListSpec, query: PageQuery, filters: readonly (Filter | undefined | false)[], present: (row: T) => T = (row) => row,
): Promise<Page<T>> {
  const statements = listStatements(spec, query, filters);
  const [rows, count] = await database.batch(statements.count ? [statements.page, statements.count] : [statements.page]);
  return toPage(statements, rows!, count?.[0]?.['total'] as number | undefined, present);
}
