import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { StartupError } from '../../config/environment.js';

const require = createRequire(import.meta.url);

/** The engine's version decides whether it can read a data folder. */
export const PGLITE_VERSION: string = readPgliteVersion();

function readPgliteVersion(): string {
  // the package does not export its package.json; it lies two folders above its entry
  const entry = require.resolve('@electric-sql/pglite');
  const manifest = JSON.parse(readFileSync(join(entry, '..', '..', 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}

/**
 * The folder with everything an installation keeps: embedded database, stored files, generated keys. The engine itself
 * has no lock on its files and two of them would silently part ways, so this lock is the only guard.
 */
export class DataFolder {
  readonly root: string;
  private held = false;

  constructor(path: string) {
    this.root = resolve(path);
  }

  get database(): string {
    return join(this.root, 'pg');
  }

  private get lockFile(): string {
    return join(this.root, 'lock');
  }

  private get versionFile(): string {
    return join(this.root, 'engine.json');
  }

  /** Takes the folder for this process, or says who has it. A lock whose process is gone is taken over. */
  lock(): void {
    this.create();
    const mine = join(this.root, `lock.${process.pid}.${randomBytes(4).toString('hex')}`);
    writeFileSync(mine, JSON.stringify({ pid: process.pid, started: startOf(process.pid), at: new Date().toISOString() }));
    try {
      for (let attempt = 0; attempt < 200; attempt++) {
        try {
          linkSync(mine, this.lockFile); // atomic: fails when the lock exists
          this.held = true;
          return;
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        }
        const holder = this.holder();
        if (holder?.alive) {
          throw new StartupError(
            `${this.root} is in use by process ${holder.pid}: stop that LexiFlow first, or give this one a folder of its own with DATA_DIR.`,
          );
        }
        this.removeStale();
      }
      throw new StartupError(`${this.lockFile} could not be taken: remove it when no LexiFlow runs on this folder.`);
    } finally {
      unlinkSync(mine);
    }
  }

  unlock(): void {
    if (!this.held) return;
    this.held = false;
    rmSync(this.lockFile, { force: true });
  }

  /** Whether there is a database, made to the end. */
  get hasDatabase(): boolean {
    return existsSync(this.database) && !this.made()?.unfinished;
  }

  /**
   * Makes room for the engine: what an interrupted first start left is cleared away (nobody was ever served from it), and
   * a database that another version of the engine made is refused, because its files cannot be read.
   */
  checkDatabase(): void {
    if (!this.hasDatabase) return rmSync(this.database, { recursive: true, force: true });
    const made = this.made()?.pglite ?? 'an unknown version';
    if (made === PGLITE_VERSION) return;
    throw new StartupError(
      `${this.database} was made by PGlite ${made}, and this release carries PGlite ${PGLITE_VERSION}, which cannot read it. ` +
        'Carry the data over: in the release that made it run `npm run data:export -- --to lexiflow-data.ndjson`, ' +
        `move ${this.root} aside, then here run \`npm run data:import -- --from lexiflow-data.ndjson\`.`,
    );
  }

  /** Notes which engine the database is of; unfinished until its first start is through. */
  recordVersion(unfinished: boolean): void {
    const draft = `${this.versionFile}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify({ pglite: PGLITE_VERSION, ...(unfinished && { unfinished }) })}\n`);
    renameSync(draft, this.versionFile); // never half a file
  }

  private made(): { pglite?: string; unfinished?: boolean } | undefined {
    try {
      return JSON.parse(readFileSync(this.versionFile, 'utf8')) as { pglite?: string; unfinished?: boolean };
    } catch {
      return undefined;
    }
  }

  /** A generated secret that lives as long as the folder, readable by its owner only. */
  secret(name: string, bytes = 32): string {
    this.create();
    const folder = join(this.root, 'keys');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, name);
    if (!existsSync(file)) {
      const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
      writeFileSync(draft, randomBytes(bytes).toString('base64url'), { mode: 0o600 });
      try {
        linkSync(draft, file); // two processes starting at once agree on the first one's secret
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      } finally {
        unlinkSync(draft);
      }
    }
    return readFileSync(file, 'utf8').trim();
  }

  private create(): void {
    try {
      mkdirSync(this.root, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw new StartupError(`DATA_DIR="${this.root}" cannot be created (${(error as Error).message}): name a folder this user may write to.`);
    }
  }

  private holder(): { pid: number; alive: boolean } | undefined {
    let content: { pid: number; started: string | null };
    try {
      content = JSON.parse(readFileSync(this.lockFile, 'utf8')) as typeof content;
    } catch (error) {
      // gone meanwhile, or never written whole: a lock is made by linking a finished file, so garbage is not a lock
      return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : { pid: 0, alive: false };
    }
    return { pid: content.pid, alive: isSameProcess(content.pid, content.started) };
  }

  /**
   * Removes a lock whose process is gone. One remover at a time, and only what it has just looked at: several that took
   * the same stale lock away one after the other would take away the live one of the first.
   */
  private removeStale(): void {
    const turn = `${this.lockFile}.turn`;
    try {
      mkdirSync(turn);
    } catch {
      if (ageOf(turn) > TURN_MS) rmSync(turn, { recursive: true, force: true }); // its owner died in the middle of it
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
      return;
    }
    try {
      if (this.holder()?.alive === false) rmSync(this.lockFile, { force: true });
    } finally {
      rmSync(turn, { recursive: true, force: true });
    }
  }
}

/** Nobody is at it for longer than an instant. */
const TURN_MS = 5_000;
const PAUSE_MS = 50;

function ageOf(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

/** Whether the process of that number that started then still runs. */
export const isSameProcess = (pid: number, started: string | null): boolean => isRunning(pid) && (started === null || startOf(pid) === started);

function isRunning(pid: number): boolean {
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * When a process started, where the system tells: a number used again by another process is not the lock's holder, and
 * neither is a dead one whose parent has not taken notice (a container without init).
 */
export function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return 'ZX'.includes(fields[0]!) ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}
