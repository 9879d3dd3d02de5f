import { randomBytes } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { copyFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { StartupError } from '../../config/environment.js';
import { assertKey, ObjectMissingError, type ByteRange, type FileAtHand, type ObjectStore, type StoredObject } from './object-store.js';

const READ_CHUNK = 256 * 1024;

/** Objects as files below one folder. A file appears under its name whole and synced, or not at all. */
export class LocalStore implements ObjectStore {
  readonly description: string;
  private readonly root: string;
  /** Folders whose own entry is known to be on disk: they are never removed. */
  private readonly known = new Set<string>();

  constructor(root: string) {
    this.root = resolve(root);
    this.description = this.root;
  }

  async check(): Promise<void> {
    const probe = join(this.root, `.probe-${randomBytes(6).toString('hex')}`);
    try {
      await this.ensureFolder(this.root);
      const handle = await open(probe, 'wx', 0o600);
      await handle.close();
      await rm(probe);
    } catch (error) {
      throw new StartupError(`Files cannot be stored in ${this.root} (${(error as Error).message}): name a folder this user may write to with DATA_DIR.`);
    }
  }

  async put(key: string, file: FileAtHand): Promise<void> {
    const path = this.pathOf(key);
    await this.ensureFolder(dirname(path));
    await syncFile(file.path);
    await rename(file.path, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EXDEV') throw error;
      return this.copyIn(file.path, path); // the quarantine lies on another disk
    });
    await syncFolder(dirname(path));
  }

  async open(key: string, range?: ByteRange): Promise<Readable> {
    const handle = await open(this.pathOf(key), 'r').catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT' ? new ObjectMissingError(key) : error;
    });
    return handle.createReadStream({ highWaterMark: READ_CHUNK, ...(range && { start: range.start, end: range.end }) });
  }

  async stat(key: string): Promise<{ size: number } | undefined> {
    const found = await stat(this.pathOf(key)).catch(unlessMissing);
    return found?.isFile() ? { size: found.size } : undefined;
  }

  async remove(key: string): Promise<void> {
    const path = this.pathOf(key);
    await rm(path, { force: true });
    await syncFolder(dirname(path)).catch(unlessMissing);
  }

  async *list(prefix: string): AsyncIterable<StoredObject> {
    if (prefix !== '') assertKey(prefix.replace(/\/$/, ''));
    yield* this.walk(join(this.root, prefix), prefix);
  }

  private async *walk(folder: string, prefix: string): AsyncIterable<StoredObject> {
    const entries: Dirent[] = (await readdir(folder, { withFileTypes: true }).catch(unlessMissing)) ?? [];
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        yield* this.walk(path, `${prefix}${entry.name}/`);
        continue;
      }
      const found = entry.isFile() ? await stat(path).catch(unlessMissing) : undefined; // a link is none of ours
      if (found) yield { key: prefix + entry.name, size: found.size, modifiedAt: found.mtime };
    }
  }

  private pathOf(key: string): string {
    assertKey(key);
    const path = join(this.root, key);
    if (!path.startsWith(this.root + sep)) throw new Error(`"${key}" leads out of the store`);
    return path;
  }

  /** Across disks a rename is a copy: under another name first, so that nobody ever finds half of it. */
  private async copyIn(from: string, path: string): Promise<void> {
    const draft = join(dirname(path), `.incoming-${randomBytes(8).toString('hex')}`);
    try {
      await copyFile(from, draft);
      await syncFile(draft);
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    await rm(from, { force: true });
  }

  /** A file is only as durable as the entry of every folder above it. */
  private async ensureFolder(folder: string): Promise<void> {
    if (this.known.has(folder)) return;
    const first = await mkdir(folder, { recursive: true, mode: 0o700 });
    for (let made = folder; first !== undefined && made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
    this.known.add(folder);
  }
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } catch (error) {
    if (!['EINVAL', 'EPERM', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error; // a system that syncs no folders
  } finally {
    await handle.close();
  }
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
