import { parseArgs } from 'node:util';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import { makeLogger, NestLog } from '../common/logging/logger.js';
import { StartupError, type Environment } from '../config/environment.js';
import { prepareEngine } from '../database/engine.js';
import type { Actor } from '../database/unit-of-work.js';
import { StorageInspection, type Fault, type Inspection, type Orphan, type Report } from '../modules/storage/inspection.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const wholeFirm = (firmId: string): Actor => ({ kind: 'system', firmId });
const LEAST_GRACE_HOURS = 1;
const REPORT_EVERY_MS = 5_000;

/** `npm run storage:verify [-- --json]`: every stored object re-hashed. Exit code 1 when one is missing or corrupt. */
export async function storageVerify(environment: Environment, args: string[]): Promise<void> {
  const { json = false } = parseArgs({ args, options: { json: { type: 'boolean' } } }).values;
  const found = await withInspection(environment, (inspection) => inspection.inspect(wholeFirm, progress()));
  if (json) say(JSON.stringify(found, undefined, 2));
  else tell(found);
  if (found.missing.length + found.corrupt.length > 0) process.exitCode = 1;
}

/** `npm run storage:sweep -- --grace-hours 24 [--yes]`: removes what lies in the store without a row, once it is old enough. */
export async function storageSweep(environment: Environment, args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { 'grace-hours': { type: 'string' }, yes: { type: 'boolean' } } });
  const hours = Number(values['grace-hours'] ?? 24);
  if (!(hours >= LEAST_GRACE_HOURS)) throw new StartupError('--grace-hours must be a number of hours, 1 at least: what is being uploaded right now has no row yet.');
  const before = Date.now() - hours * 3_600_000;
  await withInspection(environment, async (inspection) => {
    const counts = { old: 0, young: 0, removed: 0, bytes: 0 };
    for await (const orphan of inspection.orphans(wholeFirm)) {
      if (orphan.modifiedAt.getTime() > before) {
        counts.young++;
        continue;
      }
      counts.old++;
      counts.bytes += orphan.size;
      say(lineOf(orphan));
      if (values.yes && (await inspection.removeOrphan(orphan, wholeFirm))) counts.removed++;
    }
    const kept = counts.young > 0 ? `; ${counts.young} younger than ${hours} h stay` : '';
    if (counts.old === 0) say(`There is nothing to remove${kept}.`);
    else if (values.yes) say(`Removed ${counts.removed} orphans, ${megabytes(counts.bytes)}${kept}.`);
    else say(`${counts.old} orphans, ${megabytes(counts.bytes)}, would be removed${kept}. Say --yes to remove them.`);
  });
}

async function withInspection<T>(environment: Environment, work: (inspection: StorageInspection) => Promise<T>): Promise<T> {
  const engine = await prepareEngine(environment, { migrate: false });
  const logger = makeLogger({ ...environment, LOG_LEVEL: 'error' } as Environment);
  try {
    const app = await NestFactory.createApplicationContext(AppModule.with(environment, engine, logger), { logger: new NestLog(logger), abortOnError: false });
    try {
      return await work(app.get(StorageInspection));
    } finally {
      await app.close();
    }
  } finally {
    await engine.close();
  }
}

/** On standard error, so that the result can be piped. */
function progress(): Report {
  let saidAt = performance.now();
  return (done, all) => {
    if (performance.now() - saidAt < REPORT_EVERY_MS) return;
    saidAt = performance.now();
    process.stderr.write(`${done.objects} of ${all.objects} objects, ${megabytes(done.bytes)} of ${megabytes(all.bytes)}\n`);
  };
}

function tell({ objects, bytes, missing, corrupt, orphaned, foreign }: Inspection): void {
  const list = (title: string, lines: string[]) => {
    if (lines.length > 0) say(`${title}:\n${lines.map((line) => `  ${line}`).join('\n')}`);
  };
  list('Missing', missing.map(faultLine));
  list('Corrupt', corrupt.map(faultLine));
  list('Orphaned (no row refers to them; npm run storage:sweep removes them)', orphaned.map(lineOf));
  list('Not LexiFlow’s', foreign);
  say(`${objects} objects, ${megabytes(bytes)}: ${missing.length} missing, ${corrupt.length} corrupt, ${orphaned.length} orphaned.`);
}

const faultLine = ({ key, reason, versions }: Fault): string =>
  `${key}: ${reason}${versions.map(({ documentId, number, fileName }) => `\n    document ${documentId}, version ${number}: ${fileName}`).join('')}`;
const lineOf = ({ key, size, modifiedAt }: Orphan): string => `${key} (${size} bytes, ${modifiedAt.toISOString()})`;
const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`;
