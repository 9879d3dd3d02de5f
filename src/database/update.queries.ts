import type { Statement } from './flight.js';

/** What of a row can be changed member by member. */
export interface Changeable {
  /** With its alias where `returning` uses one: `users u`. */
  table: string;
  /** Member of a change to its column; members that are none of these are passed over. */
  columns: Readonly<Record<string, string>>;
  /** Members that are stored as JSON; an array among the others is an array of PostgreSQL. */
  json?: readonly string[];
  /** The columns that say which row it is; `id` where left out. */
  key?: readonly string[];
  returning?: string;
}

/** The members that were given, as columns and what goes into them. */
export function given({ columns, json = [] }: Pick<Changeable, 'columns' | 'json'>, input: object): [column: string, value: unknown][] {
  return Object.entries(input)
    .filter(([name, value]) => value !== undefined && Object.hasOwn(columns, name))
    .map(([name, value]) => [columns[name]!, json.includes(name) ? JSON.stringify(value) : value]);
}

/**
 * An update of just the given members of the row that `key` names; undefined when nothing is to be set. `touched` counts
 * as a change of its own, for rows whose parts stand in other tables.
 */
export function updateOf(row: Changeable, key: readonly unknown[], changes: object, touched = false): Statement | undefined {
  const columns = given(row, changes);
  const sets = columns.map(([column], i) => `${column} = $${i + 1 + key.length}`);
  if (touched) sets.push('updated_at = clock_timestamp()');
  if (sets.length === 0) return undefined;
  const where = (row.key ?? ['id']).map((column, i) => `${column} = $${i + 1}`).join(' and ');
  return {
    text: `update ${row.table} set ${sets.join(', ')} where ${where}${row.returning ? ` returning ${row.returning}` : ''}`,
    values: [...key, ...columns.map(([, value]) => value)],
  };
}
