// Holds the layout: common imports no module, modules import leftwards only, the database is reached in one place.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const src = join(root, 'src');

/** Modules in the order in which they may depend on each other; those every module may use stand apart. */
const ORDER = ['firms', 'users', 'auth', 'clients', 'conflicts', 'cases', 'casework', 'documents', 'search', 'timesheets', 'trust', 'billing', 'dashboards', 'reference', 'audit', 'admin', 'health'];
const SHARED = ['jobs', 'mail', 'notifications', 'storage', 'tasks'];

const files = (folder) =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : /\.(ts|js)$/.test(name) ? [path] : [];
  });

const faults = [];
for (const file of files(src)) {
  const here = relative(src, file).split('\\').join('/');
  const text = readFileSync(file, 'utf8');
  const [layer, module] = here.split('/');
  for (const [, target] of text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)) {
    const [otherLayer, otherModule] = relative(src, resolve(dirname(file), target)).split('\\').join('/').split('/');
    if (layer === 'common' && otherLayer === 'modules') faults.push(`${here} imports a module (${target}): common knows none`);
    if (['database', 'models', 'config'].includes(layer) && otherLayer === 'modules') faults.push(`${here} imports a module (${target})`);
    if (layer !== 'modules' || otherLayer !== 'modules' || module === otherModule) continue;
    if (SHARED.includes(module)) {
      if (!SHARED.includes(otherModule)) faults.push(`${here}: ${module} is used by all and may not import ${otherModule}`);
    } else if (!SHARED.includes(otherModule) && ORDER.indexOf(otherModule) >= ORDER.indexOf(module)) {
      faults.push(`${here}: ${module} stands left of ${otherModule} and may not import it; let a job or a trigger react`);
    }
  }
  if (layer === 'modules' && module && !ORDER.includes(module) && !SHARED.includes(module)) faults.push(`${here}: the module "${module}" has no place in the order (scripts/check-imports.mjs)`);
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
  if (layer !== 'database' && layer !== 'commands' && /\bsequelize\.(query|transaction)\s*\(|\.getConnection\s*\(|new pg\.(Client|Pool)\b|new Sequelize\b/.test(code)) {
    faults.push(`${here} reaches the database past its unit of work: use Database`);
  }
  if (!['database', 'commands'].includes(layer) && layer !== 'modules' && /kind: 'system'/.test(code)) faults.push(`${here} acts as the system`);
  if (layer === 'modules' && module !== 'jobs' && /kind: 'system'/.test(code)) faults.push(`${here} acts as the system: only the job runner may`);
  const sql = /`\s*(select|insert into|update|delete from|with)\s/i;
  if (layer === 'modules' && /\.(service|controller|command|job)\.ts$/.test(here) && sql.test(code)) faults.push(`${here} holds SQL: it belongs into a *.queries.ts file`);
}
if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
console.log('imports and layers are as docs/architecture.md says');
