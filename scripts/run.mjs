// `node scripts/run.mjs ENTRY [ARGS]`: builds when needed, then runs dist/ENTRY.js in this very process,
// so that signals reach it directly.
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from './build.mjs';

const [entry = 'main', ...rest] = process.argv.slice(2);
const target = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist', `${entry}.js`);
build();
process.argv = [process.argv[0], target, ...rest];
await import(pathToFileURL(target).href);
