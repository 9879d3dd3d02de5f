/** Midnight of today's date in a time zone, as if it were UTC. */
const todayIn = (timeZone) => new Date(`${new Intl.DateTimeFormat('en-CA', { timeZone }).format()}T00:00:00Z`);

/** The date so many days from today in a time zone. */
export const dayIn = (timeZone, offset) => new Date(todayIn(timeZone).getTime() + offset * 86_400_000).toISOString().slice(0, 10);

/** What the parts of the demo share: who acts, which day it is in the firm, and writing rows as somebody. */
export class Seed {
  /** @param {{ client: import('pg').Client, firmId: string, newId: () => string, timeZone: string, userIds: Map<string, string>, initials: Map<string, string> }} parts */
  constructor({ client, firmId, newId, timeZone, userIds, initials }) {
    Object.assign(this, { client, firmId, newId, timeZone, userIds, initials });
    this.today = todayIn(timeZone);
    this.ids = new Map();
  }

  /** The id behind a key of the demo's data, made when it is first asked for. */
  id(kind, key) {
    const name = `${kind} ${key}`;
    if (!this.ids.has(name)) this.ids.set(name, this.newId());
    return this.ids.get(name);
  }

  /** Somebody of the firm by his initials. */
  who(initials) {
    const id = this.initials.get(initials);
    if (!id) throw new Error(`nobody in the demo has the initials ${initials}`);
    return id;
  }

  /** The date so many days from today. */
  day(offset) {
    return offset === undefined ? null : new Date(this.today.getTime() + offset * 86_400_000).toISOString().slice(0, 10);
  }

  /** The same, moved off a weekend: the past backwards, the future forwards. Today stays today. */
  workday(offset) {
    if (offset === undefined || offset === 0) return offset;
    const weekday = (((this.today.getUTCDay() + offset) % 7) + 7) % 7;
    if (weekday === 6) return offset < 0 ? offset - 1 : offset + 2;
    if (weekday === 0) return offset < 0 ? offset - 2 : offset + 1;
    return offset;
  }

  /** A moment of the firm's own day; the database knows when that was. */
  at(offset, time = '10:00') {
    return `${this.day(offset)} ${time} ${this.timeZone}`;
  }

  /** From here on the rows are this person's. */
  async as(initials, reason) {
    await this.client.query(`select set_config('app.actor_kind', 'user', true), set_config('app.user_id', $1, true), set_config('app.origin', $2, true)`,
      [this.who(initials), reason === undefined ? '' : JSON.stringify({ reason })]);
  }

  /** Rows with `by`, the initials of whoever writes them: one statement a person. */
  async insertBy(table, rows) {
    for (const [by, own] of groups(rows)) {
      await this.as(by);
      await this.insert(table, own.map(({ by: _, ...row }) => row));
    }
  }

  /** All rows name the same columns: a column that only some name would be null in the others. */
  async insert(table, rows) {
    if (rows.length === 0) return;
    await insert(this.client, table, rows.map((row) => ({ firm_id: this.firmId, ...row })));
  }
}

/** Node 20 has no Map.groupBy yet. */
function groups(rows) {
  const found = new Map();
  for (const row of rows) found.set(row.by, [...(found.get(row.by) ?? []), row]);
  return found;
}

/** Rows in one statement, in their order. */
export async function insert(client, table, rows) {
  const columns = Object.keys(rows[0]).join(', ');
  await client.query(
    `insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1::jsonb)`,
    [JSON.stringify(rows)],
  );
}
