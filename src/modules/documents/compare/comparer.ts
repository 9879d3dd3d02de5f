import { Worker } from 'node:worker_threads';
import { Injectable } from '@nestjs/common';
import type { ComparisonDto } from './compare.dto.js';
import * as errors from './compare.errors.js';

export interface Piece {
  page: number | null;
  text: string;
}

export type Differences = Omit<ComparisonDto, 'from' | 'to' | 'sameFile'>;

const AT_ONCE = 2;
const WAITING = 20;
const TIMEOUT_MS = 20_000;
/** Beyond the time the comparison gives itself, for starting and for passing the texts. */
const GRACE_MS = 10_000;
const MEMORY_MB = 768;

/** Compares texts in threads that have limits of time and memory: the event loop never waits for them. */
@Injectable()
export class Comparer {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  async compare(from: Piece[], to: Piece[], context: number): Promise<Differences> {
    await this.turn();
    try {
      return await run(from, to, context);
    } finally {
      this.running--;
      this.waiting.shift()?.();
    }
  }

  private async turn(): Promise<void> {
    if (this.running >= AT_ONCE) {
      if (this.waiting.length >= WAITING) throw errors.compareBusy({ headers: { 'retry-after': '10' } });
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    this.running++;
  }
}

function run(from: Piece[], to: Piece[], context: number): Promise<Differences> {
  const worker = new Worker(new URL('./compare-worker.js', import.meta.url), {
    env: {}, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB }, workerData: { from, to, options: { context, timeoutMs: TIMEOUT_MS } },
  });
  return new Promise<Differences>((resolve, reject) => {
    const late = setTimeout(() => reject(errors.tooLargeToCompare('Comparing them took too long.')), TIMEOUT_MS + GRACE_MS);
    worker.once('message', resolve);
    worker.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? errors.tooLargeToCompare('Comparing them needs too much memory.') : error));
    worker.once('exit', () => (clearTimeout(late), reject(new Error('the comparing thread ended without an answer'))));
  }).finally(() => void worker.terminate());
}
