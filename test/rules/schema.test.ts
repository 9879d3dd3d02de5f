import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../src/database/migrator.js';
import { testApp } from '../support/app.js';
import { readCatalog, type Catalog } from '../support/catalog.js';
import { doors, doorsIn, roles } from './access-rules.js';
import { migrationText } from './migration-text.js';
import * as rules from './schema-rules.js';

let catalog: Catalog;
beforeAll(async () => {
  const { database, engine } = await testApp();
  catalog = await database.read({ kind: 'guest' }, () => readCatalog((sql, values) => database.query(sql, values), engine.roles));
});

/** The findings are sentences that say what to do. */
const holds = (findings: string[]) => expect(findings, `\n${findings.join('\n')}\n`).toEqual([]);

describe('tables', () => {
  test('are there', () => expect(catalog.tables.length).toBeGreaterThan(10));
  test('of firms are under forced row-level security, with policies written to our roles', () => holds(rules.rowLevelSecurity(catalog)));
  test('have keys that lead with firm_id', () => holds(rules.keysLeadWithFirm(catalog)));
  test('have no unique key that nulls slip through', () => holds(rules.nullsInUniqueKeys(catalog)));
  test('have foreign keys that say what becomes of the row', () => holds(rules.foreignKeyActions(catalog)));
  test('have an index for each foreign key', () => holds(rules.foreignKeysIndexed(catalog)));
  test('are audited or exempt with a reason', () => holds(rules.audited(catalog)));
  test('have constraints and indexes of our naming', () => holds(rules.named(catalog, migrationText())));
  test('have columns of exact types', () => holds(rules.columnTypes(catalog)));
});

describe('access', () => {
  test('doors are those of docs/architecture.md, and built as doors', () => {
    const listed = doorsIn(readFileSync(join(projectRoot, 'docs', 'architecture.md'), 'utf8'));
    expect(listed.length, 'docs/architecture.md has no table under "## Doors"').toBeGreaterThan(0);
    holds(doors(catalog, listed));
  });
  test('the application role owns nothing and gets past no policy', () => holds(roles(catalog)));
});
