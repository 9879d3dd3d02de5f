import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Environment } from '../../../config/environment.js';
import { Quarantine } from '../../storage/quarantine.js';
import { ReaderProcess, type ReadingAnswer, type ReadingOrder, type TextSink } from './reader-process.js';

/** A process that has read so many files makes room for a fresh one: what libraries leave behind does not add up. */
const FILES_PER_PROCESS = 200;
const IDLE_MS = 30_000;

export interface Reading extends Omit<ReadingOrder, 'path' | 'maxCharacters'> {
  /** Puts the file at this path. */
  fetch(path: string): Promise<void>;
  signal: AbortSignal;
}

/**
 * The processes that read files, reused from file to file and ended when they have nothing to do. Each has a folder of
 * its own in the quarantine, the only place where it finds a file. However a file ends its reader, the server is not
 * touched by it: the caller gets a ReaderFault, and the next file a new process.
 */
@Injectable()
export class TextReaders implements OnApplicationShutdown {
  private readonly idle: { reader: ReaderProcess; timer: NodeJS.Timeout }[] = [];
  private readonly busy = new Set<ReaderProcess>();
  private stopping = false;

  constructor(
    private readonly environment: Environment,
    private readonly quarantine: Quarantine,
  ) {}

  /** Reads one file with a process of its own for as long as it takes; what it finds goes to the sink. */
  async read({ fetch, signal, ...reading }: Reading, sink: TextSink): Promise<ReadingAnswer> {
    const { EXTRACT_MAX_CHARS, EXTRACT_TIMEOUT_SECONDS } = this.environment;
    const reader = await this.take();
    const path = join(reader.folder, 'file');
    try {
      await fetch(path);
      return await reader.read({ ...reading, path, maxCharacters: EXTRACT_MAX_CHARS }, sink, EXTRACT_TIMEOUT_SECONDS * 1000, signal);
    } catch (error) {
      if (this.stopping) throw new Error('the file was being read when the server stopped', { cause: error }); // not the file's fault
      throw error;
    } finally {
      await rm(path, { force: true });
      await this.giveBack(reader);
    }
  }

  /** The processes that are reading right now, for tests that end them. */
  get pids(): number[] {
    return [...this.busy].flatMap(({ pid }) => pid ?? []);
  }

  /** Jobs have had their time to end by now. */
  async onApplicationShutdown(): Promise<void> {
    this.stopping = true;
    for (const { timer } of this.idle) clearTimeout(timer);
    await Promise.all([...this.idle.splice(0).map(({ reader }) => reader), ...this.busy].map((reader) => reader.close()));
  }

  private async take(): Promise<ReaderProcess> {
    for (let waiting = this.idle.pop(); waiting; waiting = this.idle.pop()) {
      clearTimeout(waiting.timer);
      if (waiting.reader.alive) return this.hold(waiting.reader);
      await this.end(waiting.reader);
    }
    const folder = this.quarantine.newPath();
    await mkdir(folder, { mode: 0o700 });
    return this.hold(new ReaderProcess(folder, this.environment.EXTRACT_MEMORY_MB));
  }

  private hold(reader: ReaderProcess): ReaderProcess {
    this.busy.add(reader);
    return reader;
  }

  private async giveBack(reader: ReaderProcess): Promise<void> {
    this.busy.delete(reader);
    if (!reader.alive || this.stopping || reader.files >= FILES_PER_PROCESS) return this.end(reader);
    const timer = setTimeout(() => {
      this.idle.splice(this.idle.findIndex((entry) => entry.reader === reader), 1);
      void this.end(reader);
    }, IDLE_MS).unref();
    this.idle.push({ reader, timer });
  }

  private async end(reader: ReaderProcess): Promise<void> {
    await reader.close();
    await rm(reader.folder, { recursive: true, force: true });
  }
}
