import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './database/migrator.js';

/** The release, as package.json says. */
export const VERSION: string = (JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string }).version;
