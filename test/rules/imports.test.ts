import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../src/database/migrator.js';

let copy: string;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'lexiflow-imports-'));
  mkdirSync(join(copy, 'scripts'));
  cpSync(join(projectRoot, 'scripts', 'check-imports.mjs'), join(copy, 'scripts', 'check-imports.mjs'));
  cpSync(join(projectRoot, 'src'), join(copy, 'src'), { recursive: true });
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

const check = (root: string) => {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts', 'check-imports.mjs')], { encoding: 'utf8' });
  return { status, stderr };
};

const violations: [file: string, text: string, finding: RegExp][] = [
  ['common/http/planted.ts', `import { Users } from '../../modules/users/users.service.js';`, /common\/http\/planted\.ts imports a module/],
  ['common/http/planted.ts', `export const load = () => import('../../modules/users/users.service.js');`, /common\/http\/planted\.ts imports a module/],
  ['database/planted.ts', `import '../modules/users/users.service.js';`, /database\/planted\.ts imports a module/],
  ['models/planted.ts', `export * from '../modules/users/users.dto.js';`, /models\/planted\.ts imports a module/],
  ['modules/users/planted.ts', `import { SignIn } from '../auth/sign-in.js';`, /users stands left of auth/],
  ['modules/firms/planted.ts', `import type { UserDto } from '../users/users.dto.js';`, /firms stands left of users/],
  ['modules/jobs/planted.ts', `import { Users } from '../users/users.service.js';`, /jobs is used by all and may not import users/],
  ['modules/gossip/planted.ts', `export const nothing = 1;`, /module "gossip" has no place/],
  ['modules/users/planted.ts', `import pg from 'pg';\nexport const client = new pg.Client();`, /reaches the database past its unit of work/],
  ['modules/users/planted.ts', `export const all = (sequelize) => sequelize.query('select 1');`, /reaches the database past its unit of work/],
  ['modules/users/planted.ts', `export const actor = { kind: 'system', firmId: '' };`, /acts as the system/],
  ['common/http/planted.ts', `export const actor = { kind: 'system', firmId: '' };`, /acts as the system/],
  ['modules/users/planted.service.ts', 'export const ALL = `select * from users`;', /holds SQL/],
];

describe('modules import leftwards only, and reach the database through units of work', () => {
  test('as they stand', () => expect(check(projectRoot)).toEqual({ status: 0, stderr: '' }));

  test('their copy too, so what is planted in it is what is found', () => expect(check(copy)).toEqual({ status: 0, stderr: '' }));

  test.each(violations)('%s: %s', (file, text, finding) => {
    const target = join(copy, 'src', file);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, `${text}\n`);
    try {
      const { status, stderr } = check(copy);
      expect(stderr).toMatch(finding);
      expect(status).toBe(1);
    } finally {
      rmSync(target);
    }
  });
});
