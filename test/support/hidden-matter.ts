import { newId } from '../../src/common/ids.js';
import type { Database } from '../../src/database/database.js';
import type { Statement } from '../../src/database/flight.js';
import { columnsOf, readCatalog, type Catalog } from './catalog.js';
import { testApp } from './app.js';
import { indexVersions } from './indexing.js';
import { idBook, newWord, ROWS } from './rows.js';

/** What there is to hide: three cases with a word of their own in every text of every row under them. */
export interface HiddenMatter {
  word: string;
  ids: ReturnType<typeof idBook>;
  /** Tables whose rows belong to a case or contact, in an order that foreign keys can follow. */
  tables: string[];
  /** Ids, numbers and the word: none of this may be told. Numbers are known once it was made. */
  secrets: string[];
}

export interface MatterPlace {
  firmId: string;
  /** Sees it all. */
  ownerId: string;
  /** A member of its cases, walled off from each. */
  screenedId: string;
  /** Of a client, contact and party that everybody sees. */
  visible: { client: string; contact: string };
  /** Restricted to members besides; otherwise open to all but the one walled off. */
  restricted: boolean;
}

/** Tables that hang on a case or contact by foreign keys, however far: a new one joins by itself. */
export function tablesUnderCases(catalog: Catalog): string[] {
  const under = new Set(['cases', 'contacts', 'storage_objects']); // files belong to no case, and yet nobody may know that they are there
  for (let before = 0; before < under.size; ) {
    before = under.size;
    for (const { type, table, target } of catalog.constraints) if (type === 'f' && target && under.has(target)) under.add(table);
  }
  return Object.keys(ROWS).filter((table) => under.has(table));
}

export async function catalogOf(database: Database): Promise<Catalog> {
  const { engine } = await testApp();
  return database.read({ kind: 'guest' }, () => readCatalog((sql, values) => database.query(sql, values), engine.roles));
}

/** Ids and word are chosen beforehand, so that the same things can be asked before and after it is there. */
export function planMatter(catalog: Catalog): HiddenMatter {
  const [word, ids, tables] = [newWord(), idBook(), tablesUnderCases(catalog)];
  return { word, ids, tables, secrets: [word, ...tables.flatMap((table) => [1, 2, 3].map((n) => ids(table, n)))] };
}

/** Makes it, as the system, so that nothing of it passes the API that is under test. */
export async function makeMatter(database: Database, catalog: Catalog, matter: HiddenMatter, place: MatterPlace): Promise<void> {
  const { word, ids, tables } = matter;
  const { firmId, ownerId, screenedId, visible } = place;
  const system = { kind: 'system', firmId } as const;
  const people = (n: number) => (n === 1 ? screenedId : ownerId);
  await database.write(system, async () => {
    for (const table of tables) {
      const rows = [1, 2, 3].map((n) => ROWS[table]!({ firmId, userId: ownerId, word, n, id: (of, m = n) => (of === 'users' ? people(m) : ids(of, m)) }));
      await database.batch(rows.map((row, i) => under(catalog, table, row, {
        case_id: ids('cases', 1), ...(table === 'cases' && { access: 'open', client_id: i === 1 ? visible.client : ids('clients', 1) }),
      })));
    }
    await database.batch([
      ...[[2, ownerId], [2, screenedId], [3, screenedId]].map(([n, userId]) =>
        row('case_members', { case_id: ids('cases', n as number), user_id: userId, role: 'attorney' })),
      // everybody's contact takes part in it, knows somebody in it, and each of its contacts is known through it alone
      ...[visible.contact, ids('contacts', 3)].map((contact_id) => row('case_parties', { case_id: ids('cases', 1), contact_id, role: 'expert', note: word })),
      row('contact_relations', { from_contact_id: visible.contact, to_contact_id: ids('contacts', 1), kind: 'spouse', note: word }),
    ]);
  });
  await fillTexts();
  await indexVersions(database, firmId, [1, 2, 3].map((n) => ids('document_versions', n)));
  const lasting = [1, 2, 3].map((n) => ids('cases', n));
  await database.write({ kind: 'job', firmId, userId: ownerId }, async () => {
    await database.execute('update case_notes set pinned = true where case_id = any ($1)', [lasting]);
    await database.execute('delete from case_task_items where id = $1', [ids('case_task_items', 3)]);
  }, { reason: word });
  await database.write(system, async () => {
    if (place.restricted) await database.execute(`update cases set access = 'restricted' where id = any ($1)`, [lasting]);
    await database.batch(lasting.map((case_id, i) => row('case_walls', { id: ids('case_walls', 4 + i), case_id, user_id: screenedId, starts_at: new Date(Date.now() - 60_000), reason: word, created_by: ownerId })));
    const numbers = await database.query<{ number: string }>(`select number from cases where id = any ($1) union all select number from clients where id = any ($2)`,
      [lasting, [1, 2, 3].map((n) => ids('clients', n))]);
    matter.secrets.push(...numbers.map(({ number }) => number));
  });

  function row(table: string, columns: Record<string, unknown>): Statement {
    const all = { firm_id: firmId, id: newId(), ...columns };
    matter.secrets.push(all.id);
    return { text: `insert into ${table} (${Object.keys(all).join(', ')}) values (${Object.keys(all).map((_, i) => `$${i + 1}`).join(', ')})`, values: Object.values(all) };
  }

  /** The word into every text that is still empty and takes it; enumerations and the like do not. */
  async function fillTexts(): Promise<void> {
    for (const table of tables) {
      if (!columnsOf(catalog, table).some(({ name }) => name === 'id')) continue;
      for (const { name, type, generated } of columnsOf(catalog, table)) {
        if (generated || (type !== 'text' && type !== 'text[]')) continue;
        const value = type === 'text' ? word : [word];
        await database.write(system, () => database.execute(`update ${table} set ${name} = $1 where ${name} is null and id = any ($2)`, [value, [1, 2, 3].map((n) => ids(table, n))]))
          .catch((error: Error & { code?: string }) => {
            if (!['23514', '42501', '22P02', '23505'].includes(error.code ?? '')) throw error;
          });
      }
    }
  }
}

/** The statement with these columns set, as far as its table has them: nulls and other values give way. */
function under(catalog: Catalog, table: string, { text, values = [] }: Statement, wanted: Record<string, unknown>): Statement {
  const names = /\(([^)]+)\) values/.exec(text)![1]!.split(', ');
  const all: Record<string, unknown> = Object.fromEntries(names.map((name, i) => [name, values[i]]));
  const has = new Set(columnsOf(catalog, table).map(({ name }) => name));
  for (const [name, value] of Object.entries(wanted)) if (has.has(name) && (name !== 'case_id' || all[name] === undefined || all[name] === null)) all[name] = value;
  return { text: `insert into ${table} (${Object.keys(all).join(', ')}) values (${Object.keys(all).map((_, i) => `$${i + 1}`).join(', ')})`, values: Object.values(all) };
}
