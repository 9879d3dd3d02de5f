import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { ENGINE } from '../../database/database.module.js';
import { isSameProcess, startOf } from '../../database/embedded/data-folder.js';
import type { Engine } from '../../database/engine.js';
import type { FileAtHand } from './object-store.js';

const HEAD_BYTES = 64 * 1024;
const WRITE_BYTES = 512 * 1024;
/** What belongs to a process of another machine is left alone for so long. */
const FOREIGN_MS = 24 * 3_600_000;
const OWNER = 'owner.json';

/** A file as it came in. Whoever received it discards it, unless a store took it over. */
export interface ReceivedFile extends FileAtHand {
  /** The first bytes (64 KiB at most), to tell what it is. */
  head: Buffer;
}

export interface ReceiveLimits {
  maxBytes: number;
  /** What to throw beyond that. */
  tooLarge: () => Error;
}

/**
 * Where bytes from outside wait until somebody answers for them: a folder of this process below DATA_DIR. It is emptied
 * at the start and the end of a process; what a killed one left is removed by the next.
 */
@Injectable()
export class Quarantine implements OnModuleInit, OnApplicationShutdown {
  private readonly root: string;
  private folder: string | undefined;

  constructor(@Inject(ENGINE) private readonly engine: Engine) {
    this.root = join(engine.folder.root, 'quarantine');
  }

  onModuleInit(): void {
    mkdirSync(this.root, { recursive: true, mode: 0o700 });
    this.removeLeftOvers();
    this.folder = join(this.root, `${process.pid}-${randomBytes(6).toString('hex')}`);
    mkdirSync(this.folder, { mode: 0o700 });
    writeFileSync(join(this.folder, OWNER), JSON.stringify({ host: hostname(), pid: process.pid, started: startOf(process.pid) }), { mode: 0o600 });
  }

  onApplicationShutdown(): void {
    if (this.folder) rmSync(this.folder, { recursive: true, force: true });
  }

  /** Takes the bytes of a stream, counting and hashing; a stream that breaks off, or is too long, leaves nothing. */
  async receive(stream: Readable, limits: ReceiveLimits): Promise<ReceivedFile> {
    const path = join(this.folder!, randomBytes(16).toString('hex'));
    const handle = await open(path, 'wx', 0o600);
    try {
      const received = await take(stream, limits, (pieces) => writeAll(handle, pieces));
      await handle.close();
      return { path, ...received };
    } catch (error) {
      await handle.close().catch(() => undefined);
      await rm(path, { force: true });
      throw error;
    }
  }

  /** A path of its own for a file that is made here rather than received. */
  newPath(): string {
    return join(this.folder!, randomBytes(16).toString('hex'));
  }

  /** Removes a file, unless a store has taken it over. */
  async discard(file: Pick<FileAtHand, 'path'>): Promise<void> {
    await rm(file.path, { force: true });
  }

  private removeLeftOvers(): void {
    for (const name of readdirSync(this.root)) {
      const folder = join(this.root, name);
      if (!this.isInUse(folder)) rmSync(folder, { recursive: true, force: true });
    }
  }

  private isInUse(folder: string): boolean {
    const owner = readOwner(folder);
    if (this.engine.kind === 'embedded' && owner?.pid !== process.pid) return false; // the lock on the data folder is ours: no other process is here
    if (owner?.host === hostname()) return isSameProcess(owner.pid, owner.started);
    return Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0) < FOREIGN_MS;
  }
}

function readOwner(folder: string): { host: string; pid: number; started: string | null } | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, OWNER), 'utf8')) as { host: string; pid: number; started: string | null };
  } catch {
    return undefined;
  }
}

/** Small pieces are gathered first: a slow sender’s would cost a write each. */
async function take(stream: Readable, limits: ReceiveLimits, write: (pieces: Buffer[]) => Promise<void>): Promise<Omit<ReceivedFile, 'path'>> {
  const hash = createHash('sha256');
  const head: Buffer[] = [];
  let [headBytes, size, waiting] = [0, 0, 0];
  let pieces: Buffer[] = [];
  const flush = async () => {
    if (waiting > 0) await write(pieces);
    pieces = [];
    waiting = 0;
  };
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limits.maxBytes) throw limits.tooLarge();
    hash.update(chunk);
    if (headBytes < HEAD_BYTES) {
      const part = Buffer.from(chunk.subarray(0, HEAD_BYTES - headBytes));
      head.push(part);
      headBytes += part.length;
    }
    pieces.push(chunk);
    if ((waiting += chunk.length) >= WRITE_BYTES) await flush();
  }
  await flush();
  return { size, sha256: hash.digest('hex'), head: Buffer.concat(head) };
}

async function writeAll(handle: FileHandle, pieces: Buffer[]): Promise<void> {
  for (let left = pieces; left.length > 0;) {
    let { bytesWritten } = await handle.writev(left);
    // a full disk or a signal may cut a write short
    while (left.length > 0 && bytesWritten >= left[0]!.length) {
      bytesWritten -= left[0]!.length;
      left = left.slice(1);
    }
    if (bytesWritten > 0) left = [left[0]!.subarray(bytesWritten), ...left.slice(1)];
  }
}
