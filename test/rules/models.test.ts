import type { Association, Model, ModelStatic } from 'sequelize';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Row } from '../../src/database/database.js';
import { models, ReferenceCode, UtbmsCode } from '../../src/models/index.js';
import { adminOf } from '../support/actors.js';
import { columnsOf, readCatalog, type Catalog } from '../support/catalog.js';
import { newFirm, type TestFirm } from '../support/factories.js';
import { appWithModels } from '../support/models.js';
import { fillTables, idBook } from '../support/rows.js';

type AnyModel = ModelStatic<Model>;
type Instance = Model & Record<string, unknown>;

// models know their columns and each other once the application is built: the tests below are made from them
const app = await appWithModels();
let firm: TestFirm;
let other: TestFirm;
let catalog: Catalog;

beforeAll(async () => {
  [firm, other] = [await newFirm(), await newFirm()];
  const ids = idBook(); // rows of both firms have the same ids: a model that loses the firm on its way shows
  for (const one of [firm, other]) await fillTables(app.database, adminOf(one), { ids });
  // each document has a version: one has two
  for (const one of [firm, other]) {
    await app.database.write({ kind: 'system', firmId: one.id }, () => app.database.execute(`insert into document_versions (firm_id, id, case_id, document_id, object_id, sha256, size, media_type, file_name, author_id)
      select firm_id, $1, case_id, document_id, object_id, sha256, size, media_type, file_name, $2 from document_versions where id = $3`, [ids('document_versions', 9), one.admin.id, ids('document_versions', 1)]));
  }
  catalog = await app.database.read({ kind: 'guest' }, () => readCatalog((sql, values) => app.database.query(sql, values), app.engine.roles));
});

const cases = models.map((model) => [model.name, model as unknown as AnyModel] as const);
/** Models of tables whose key within the firm is one column. */
const single = cases.filter(([, model]) => model.primaryKeyAttributes.length === 1);
/** Sequelize finds and counts by one column: these are found with `where`, and counted with `col` or raw SQL. */
const COMPOSITE: Readonly<Record<string, string>> = {
  DocumentChunk: 'named by version and place',
  CaseEventReminder: 'named by event and minutes',
  IdempotencyKey: 'named by user, route and key',
  ReferenceCode: 'named by kind and code',
  UtbmsCode: 'named by code set, kind and code',
};

const inFirm = <T>(owner: TestFirm, work: () => Promise<T>): Promise<T> => app.database.read({ kind: 'system', firmId: owner.id }, work);
const fieldOf = (model: AnyModel, attribute: string): string => model.getAttributes()[attribute]?.field ?? attribute;
const rawRows = (model: AnyModel): Promise<Row[]> => app.database.query(`select * from ${model.getTableName() as string}`);

/** One form for what Sequelize and the wire make of the same value. */
function plain(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  if (Buffer.isBuffer(value)) return value.toString('hex');
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value)) return Date.parse(value);
  return Array.isArray(value) ? value.map(plain) : value;
}
/** A row under the names of its columns, as text that can be sorted and compared. */
const asText = (row: Row): string => JSON.stringify(Object.entries(row).map(([name, value]) => [name, plain(value)]).sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
const textOf = (model: AnyModel, instance: Model): string =>
  asText(Object.fromEntries(Object.keys(model.getAttributes()).map((attribute) => [fieldOf(model, attribute), (instance as Instance)[attribute]])));
const keyOf = (model: AnyModel, row: Row): unknown => row[fieldOf(model, model.primaryKeyAttribute)];

interface Link {
  model: AnyModel;
  association: Association;
  alias: string;
  /** The column on either side that must be equal. */
  here: string;
  there: string;
}
const linksOf = (model: AnyModel, types: readonly string[]): Link[] =>
  Object.values(model.associations).filter(({ associationType }) => types.includes(associationType)).map((association) => {
    const target = association.target as AnyModel;
    const named = association.foreignKey;
    return association.associationType === 'BelongsTo'
      ? { model, association, alias: association.as, here: fieldOf(model, named), there: fieldOf(target, target.primaryKeyAttribute) }
      : { model, association, alias: association.as, here: fieldOf(model, model.primaryKeyAttribute), there: fieldOf(target, named) };
  });

/** What belongs to each row, as raw SQL has it: the rows of the target by the row they belong to. */
async function expected({ model, association, here, there }: Link): Promise<Map<string, string[]>> {
  const targets = await rawRows(association.target as AnyModel);
  const rows = await rawRows(model);
  return new Map(rows.map((row) => [asText(row), targets.filter((target) => row[here] !== null && target[there] === row[here]).map(asText).sort()]));
}

describe('every model', () => {
  test('stands for a table, and every table has one', () => {
    const modelled = cases.map(([, model]) => model.getTableName() as string).sort();
    // the migrator's own; what only doors and triggers read; and what policies read, which no query should name
    const without = ['SequelizeMeta', 'login_failures', 'number_counters', 'case_restrictions', 'case_seats', 'case_screens', 'contact_cases', 'contact_search', 'case_search', 'conflict_covered', 'search_documents', 'search_chunks', 'search_terms', 'search_totals'];
    expect(modelled).toEqual(catalog.tables.map(({ name }) => name).filter((name) => !without.includes(name)).sort());
  });

  test.each(cases)('%s has the columns of its table', (_, model) => {
    const columns = columnsOf(catalog, model.getTableName() as string).map(({ name }) => name);
    expect(Object.keys(model.getAttributes()).map((attribute) => fieldOf(model, attribute)).sort()).toEqual(columns.sort());
  });

  test.each(cases.filter(([, model]) => model.name !== 'Firm'))('%s does not count firmId among its keys', (_, model) => {
    const alone = model.primaryKeyAttributes.length === 1; // at most one row per firm
    expect(model.primaryKeyAttributes.includes('firmId') && !alone, 'with firmId as a primary key findByPk and includes go wrong: let only id be one').toBe(false);
  });

  test('with a key of several columns is on the list', () => {
    expect(cases.filter(([, model]) => model.primaryKeyAttributes.length > 1).map(([name]) => name).sort()).toEqual(Object.keys(COMPOSITE).sort());
  });

  test.each(cases.filter(([name]) => name !== UtbmsCode.name && name !== ReferenceCode.name))('%s reads what raw SQL reads, in both firms', async (_, model) => {
    for (const owner of [firm, other]) {
      const [found, raw] = await inFirm(owner, async () => [await model.findAll(), await rawRows(model)] as const);
      expect(raw.length, 'no rows to compare: give the table a line in ROWS of test/support/rows.ts').toBeGreaterThan(0);
      expect(found.map((row) => textOf(model, row)).sort()).toEqual(raw.map(asText).sort());
      expect(raw.every((row) => row['firm_id'] === owner.id)).toBe(true);
    }
  });
});

describe('findByPk', () => {
  test.each(single)('%s: finds each row of the firm, and none of another', async (_, model) => {
    const mine = await inFirm(firm, () => rawRows(model));
    const foreign = await inFirm(other, () => rawRows(model));
    const keys = new Set(mine.map((row) => keyOf(model, row)));
    await inFirm(firm, async () => {
      for (const row of mine) expect(textOf(model, (await model.findByPk(keyOf(model, row) as string))!)).toBe(asText(row));
      for (const row of foreign.filter((one) => !keys.has(keyOf(model, one)))) expect(await model.findByPk(keyOf(model, row) as string)).toBeNull();
    });
  });
});

const toOne = cases.flatMap(([name, model]) => linksOf(model, ['BelongsTo', 'HasOne']).map((link) => [`${name}.${link.alias}`, link] as const));
const toMany = cases.flatMap(([name, model]) => linksOf(model, ['HasMany']).map((link) => [`${name}.${link.alias}`, link] as const));

describe('associations', () => {
  test('are there', () => {
    expect(toOne.length).toBeGreaterThan(10);
    expect(toMany.length).toBeGreaterThan(10);
  });

  test('have both sides', () => {
    const sides = (model: AnyModel) => Object.values(model.associations);
    const missing = cases.flatMap(([, model]) => sides(model).filter(({ target, foreignKey }) => !sides(target as AnyModel).some((back) => back.target === model && back.foreignKey === foreignKey)).map(({ as }) => `${model.name}.${as}`));
    expect(missing, 'declare the way back on the other model').toEqual([]);
  });

  test.each(toOne)('%s includes the one it belongs to', async (_, link) => {
    for (const owner of [firm, other]) {
      await inFirm(owner, async () => {
        const wanted = await expected(link);
        const found = (await link.model.findAll({ include: [link.alias] })) as Instance[];
        expect(found.length).toBe(wanted.size);
        expect([...wanted.values()].some((targets) => targets.length > 0), 'no row has one: see ROWS of test/support/rows.ts').toBe(true);
        for (const row of found) {
          const target = row[link.alias] as Model | null;
          expect(target ? [textOf(link.association.target as AnyModel, target)] : []).toEqual(wanted.get(textOf(link.model, row)));
        }
      });
    }
  });

  test.each(toMany)('%s includes its many, separately and joined, also page by page', async (_, link) => {
    for (const owner of [firm, other]) {
      await inFirm(owner, async () => {
        const wanted = await expected(link);
        expect([...wanted.values()].some((targets) => targets.length > 1), 'no row has several: see ROWS of test/support/rows.ts').toBe(true);
        const key = link.model.primaryKeyAttribute;
        const pages = [
          await link.model.findAll({ include: [{ association: link.alias, separate: true }] }),
          await link.model.findAll({ include: [link.alias] }),
          [
            ...(await link.model.findAll({ include: [{ association: link.alias, separate: true }], order: [key], limit: 2 })),
            ...(await link.model.findAll({ include: [{ association: link.alias, separate: true }], order: [key], offset: 2 })),
          ],
        ] as Instance[][];
        for (const found of pages) {
          expect(found.length).toBe(wanted.size);
          for (const row of found) {
            const targets = row[link.alias] as Model[];
            expect(targets.map((target) => textOf(link.association.target as AnyModel, target)).sort()).toEqual(wanted.get(textOf(link.model, row)));
          }
        }
      });
    }
  });
});

describe('counts', () => {
  test.each(single)('%s: of distinct rows are right beside every include', async (_, model) => {
    for (const owner of [firm, other]) {
      await inFirm(owner, async () => {
        const rows = (await rawRows(model)).length;
        expect(await model.count()).toBe(rows);
        for (const link of linksOf(model, ['BelongsTo', 'HasOne', 'HasMany'])) {
          const wanted = await expected(link);
          const withSome = [...wanted.values()].filter((targets) => targets.length > 0).length;
          expect(await model.count({ distinct: true, include: [link.alias] }), link.alias).toBe(rows);
          expect(await model.count({ distinct: true, include: [{ association: link.alias, required: true }] }), link.alias).toBe(withSome);
          const page = await model.findAndCountAll({ distinct: true, include: [{ association: link.alias, required: true }], limit: 1 });
          expect([page.count, page.rows.length], link.alias).toEqual([withSome, Math.min(1, withSome)]);
        }
      });
    }
  });
});
