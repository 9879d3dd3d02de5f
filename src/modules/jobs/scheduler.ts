import { AsyncLocalStorage } from 'node:async_hooks';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { LOGGER, type Logger } from '../../common/logging/logger.js';
import { Database } from '../../database/database.js';
import { Bell } from './bell.js';
import * as sql from './jobs.queries.js';

const GUEST = { kind: 'guest' } as const;
const HOUR = 3600;
const SEAL_EVERY_SECONDS = 5;
const ROWS_PER_SEAL = 5_000;

interface Chore {
  name: string;
  everySeconds: number;
  /** Not at once with the start of the process, which has enough to do. */
  firstAfterSeconds: number;
  work: () => Promise<unknown>;
}

const outside = AsyncLocalStorage.snapshot() as <T>(work: () => T) => T;

/**
 * What has to be done from time to time for all firms. Every process that runs jobs does it; the doors bear that: they
 * are idempotent or hold a lock of their own. A failure is logged and tried again next time.
 */
@Injectable()
export class Scheduler implements BeforeApplicationShutdown {
  private readonly bells: Bell[] = [];
  private readonly loops: Promise<void>[] = [];
  private stopping = false;
  private readonly chores: readonly Chore[] = [
    { name: 'audit partitions', everySeconds: HOUR, firstAfterSeconds: 0, work: () => this.ask(sql.MAKE_AUDIT_PARTITIONS) },
    { name: 'sweep', everySeconds: HOUR, firstAfterSeconds: 60, work: () => this.sweep() },
    { name: 'stored objects', everySeconds: HOUR, firstAfterSeconds: 120, work: () => this.ask(sql.ENQUEUE_SWEEPS) },
    { name: 'trash', everySeconds: HOUR, firstAfterSeconds: 180, work: () => this.ask(sql.ENQUEUE_TRASH_EXPIRY) },
    { name: 'audit sealing', everySeconds: SEAL_EVERY_SECONDS, firstAfterSeconds: SEAL_EVERY_SECONDS, work: () => this.seal(sql.SEAL_AUDIT_UNLESS_BUSY) },
  ];

  constructor(
    private readonly database: Database,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Called by the job runner. */
  start(): void {
    if (this.loops.length > 0 || this.stopping) return;
    for (const chore of this.chores) {
      const bell = new Bell();
      this.bells.push(bell);
      this.loops.push(outside(() => this.repeat(chore, bell)));
    }
  }

  /** Seals all that can be sealed now, waiting for whoever is sealing already; returns the number of rows. */
  sealAll(): Promise<number> {
    return this.seal(sql.SEAL_AUDIT);
  }

  /** Removes what nobody asks for any more, and declares jobs dead whose runner died on their last attempt. */
  sweep(): Promise<unknown> {
    return this.ask(sql.SWEEP);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    for (const bell of this.bells) bell.ring();
    await Promise.all(this.loops);
  }

  private async repeat(chore: Chore, bell: Bell): Promise<void> {
    await bell.wait(chore.firstAfterSeconds * 1000);
    while (!this.stopping) {
      try {
        await chore.work();
      } catch (error) {
        this.log.error({ err: error, chore: chore.name }, 'periodic work failed; it is tried again');
      }
      if (!this.stopping) await bell.wait(chore.everySeconds * 1000);
    }
  }

  private async seal(statement: string): Promise<number> {
    const firms = await this.database.read(GUEST, () => this.database.query<{ firmId: string }>(sql.FIRMS_TO_SEAL));
    let sealed = 0;
    for (const { firmId } of firms) {
      for (let rows = 1; rows > 0 && !this.stopping; sealed += rows) {
        rows = (await this.database.write(GUEST, () => this.database.first<{ rows: number }>(statement, [firmId, ROWS_PER_SEAL])))!.rows;
      }
    }
    return sealed;
  }

  private ask(statement: string): Promise<unknown> {
    return this.database.write(GUEST, () => this.database.first(statement));
  }
}
