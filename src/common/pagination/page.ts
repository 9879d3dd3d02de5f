import { ApiProperty } from '@nestjs/swagger';
import { isISO8601 } from 'class-validator';
import { invalidCursor, validationFailed } from '../errors/problem.js';
import { Instant, QueryFlag, QueryWhole, Text } from '../validation/fields.js';

/** What every list understands. A list's own query class extends this with its filters. */
export class PageQuery {
  @QueryWhole({ min: 1, max: 200, default: 50, description: 'How many rows a page has' })
  limit?: number;

  @Text({ optional: true, max: 2000, description: 'nextCursor of the page before' })
  cursor?: string;

  @Text({ optional: true, max: 60, description: 'Field to sort by; a leading - turns it round' })
  sort?: string;

  @QueryFlag({ description: 'Adds `total`, the number of rows that match' })
  count?: boolean;

  @Instant({ optional: true, description: 'Only rows changed at or after this instant' })
  updatedSince?: string;
}

export class Page<T> {
  data!: T[];

  @ApiProperty({ type: String, nullable: true, description: 'Send it as ?cursor= for the next page; null on the last' })
  nextCursor!: string | null;

  @ApiProperty({ type: 'integer', required: false, description: 'With ?count=true: how many rows match in all' })
  total?: number;
}

/** A field a list can be sorted by. The column (or expression) must never be null. */
export interface SortField {
  column: string;
  type: 'text' | 'timestamptz' | 'date' | 'int' | 'numeric' | 'bigint';
}

export interface ListSpec {
  /** Columns as they leave: `u.id, u.email, ...`; must contain the id. */
  select: string;
  from: string;
  /** The row's id: the tie-break of every sort. */
  id?: { column: string; type: 'uuid' | 'bigint' };
  sorts: Record<string, SortField>;
  defaultSort: string;
  updatedColumn?: string;
}

/** A condition and its value; the condition says $ where the value goes. */
export type Filter = readonly [sql: string, value: unknown];

/** Such a condition: the column has this part, whatever characters stand in it. Not for a list under row-level security that is long: it reads every row. */
export const containing = (column: string): string => `${column} ilike '%' || replace(replace(replace($, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%'`;

export interface ListStatements {
  page: { text: string; values: unknown[] };
  count: { text: string; values: unknown[] } | undefined;
  limit: number;
  cursorOf(row: Record<string, unknown>): string;
}

/** Where a page begins and how it is sorted, for lists whose statement is not built here (a door's). */
export interface Place {
  limit: number;
  /** As it was asked for, with its -. */
  sort: string;
  descending: boolean;
  field: SortField;
  /** Sort key and id of the last row of the page before. */
  after: readonly [key: string, id: string] | undefined;
  cursorOf(row: Record<string, unknown>): string;
}

/** Reads limit, sort and cursor; throws what the caller must be told of them. */
export function placeOf(spec: Pick<ListSpec, 'sorts' | 'defaultSort' | 'id'>, query: PageQuery): Place {
  const sort = query.sort ?? spec.defaultSort;
  const descending = sort.startsWith('-');
  const name = descending ? sort.slice(1) : sort;
  const field = Object.hasOwn(spec.sorts, name) ? spec.sorts[name] : undefined; // `constructor` is none of ours
  if (!field) {
    const names = Object.keys(spec.sorts).join(', ');
    throw validationFailed({ errors: [{ parameter: 'sort', code: 'is_in', message: `sort must be one of ${names}, with or without a leading -` }] });
  }
  return {
    limit: query.limit ?? 50, sort, descending, field,
    after: query.cursor === undefined ? undefined : readCursor(query.cursor, sort, field.type, spec.id?.type ?? 'uuid'),
    cursorOf: (row) => Buffer.from(JSON.stringify([sort, row['_key'], row['id']])).toString('base64url'),
  };
}

/** Builds the statements of one page: keyset, never OFFSET, so the thousandth page costs what the first does. */
export function listStatements(spec: ListSpec, query: PageQuery, filters: readonly (Filter | undefined | false)[]): ListStatements {
  const { limit, descending, field, after, cursorOf } = placeOf(spec, query);
  const id = spec.id ?? { column: 'id', type: 'uuid' as const };
  const values: unknown[] = [];
  const put = (value: unknown) => `$${values.push(value)}`;
  const where: string[] = [];
  for (const filter of filters) if (filter) where.push(filter[0].replaceAll('$', () => put(filter[1])));
  if (query.updatedSince) where.push(`${spec.updatedColumn ?? 'updated_at'} >= ${put(query.updatedSince)}::timestamptz`);
  const countValues = [...values];
  const countWhere = [...where];
  // nothing comes after infinity but its equals; said as a row comparison, the planner would expect nothing and sort the table
  if (after && after[0] === 'infinity' && !descending) where.push(`${field.column} = ${put(after[0])}::${field.type} and ${id.column} > ${put(after[1])}::${id.type}`);
  else if (after) where.push(`(${field.column}, ${id.column}) ${descending ? '<' : '>'} (${put(after[0])}::${field.type}, ${put(after[1])}::${id.type})`);
  const direction = descending ? 'desc' : 'asc';
  const clause = (conditions: string[]) => (conditions.length > 0 ? ` where ${conditions.join(' and ')}` : '');
  return {
    page: {
      text: `select ${spec.select}, ${field.column}::text as "_key" from ${spec.from}${clause(where)} order by ${field.column} ${direction}, ${id.column} ${direction} limit ${put(limit + 1)}`,
      values,
    },
    count: query.count ? { text: `select count(*)::int as total from ${spec.from}${clause(countWhere)}`, values: countValues } : undefined,
    limit, cursorOf,
  };
}

/** Rows of the page statement (one more than the limit, when there is a next page) to the answer. */
export function toPage<T>(statements: Pick<ListStatements, 'limit' | 'cursorOf'>, rows: Record<string, unknown>[], total: number | undefined, present: (row: never) => T): Page<T> {
  const more = rows.length > statements.limit;
  const visible = more ? rows.slice(0, statements.limit) : rows;
  const last = visible[visible.length - 1];
  const nextCursor = more && last ? statements.cursorOf(last) : null;
  return {
    data: visible.map((row) => {
      row['_key'] = undefined; // the cursor's business: JSON leaves it out, and a delete would make the row a slow one
      return present(row as never);
    }),
    nextCursor,
    ...(total !== undefined && { total }),
  };
}

const FORMS: Record<SortField['type'] | 'uuid', RegExp> = {
  text: /^[^\0]{0,1000}$/s,
  timestamptz: /^\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?([+-]\d\d(:\d\d)?)$/,
  date: /^(\d{4,6}-\d\d-\d\d|infinity)$/, // infinity: not known yet
  int: /^-?\d{1,9}$/,
  numeric: /^-?\d{1,30}(\.\d{1,20})?$/,
  bigint: /^-?\d{1,18}$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
};

function readCursor(cursor: string, sort: string, keyType: SortField['type'], idType: 'uuid' | 'bigint'): [string, string] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw invalidCursor();
  }
  if (!Array.isArray(parsed) || parsed.length !== 3) throw invalidCursor();
  const [madeFor, key, id] = parsed as unknown[];
  if (madeFor !== sort) throw invalidCursor('The cursor was made for another sort: start again without it.');
  if (typeof key !== 'string' || !FORMS[keyType].test(key) || typeof id !== 'string' || !FORMS[idType].test(id)) throw invalidCursor();
  // the hours of an offset are completed; the day of a date looks like them
  const moment = keyType === 'timestamptz' ? key.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00') : keyType === 'date' ? key : undefined;
  if (moment !== undefined && moment !== 'infinity' && !isISO8601(moment, { strict: true })) throw invalidCursor();
  return [key, id];
}
