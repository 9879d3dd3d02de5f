import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrationNames, projectRoot } from '../../src/database/migrator.js';

/** All that names things in the database: the migrations, and the migrator's own table. */
export const migrationText = (): string =>
  [...migrationNames().map((name) => join('migrations', name)), join('src', 'database', 'migrator.ts')]
    .map((name) => readFileSync(join(projectRoot, name), 'utf8'))
    .join('\n');
