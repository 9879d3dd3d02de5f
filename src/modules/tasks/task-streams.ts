import { Readable } from 'node:stream';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { methodNotAllowed, unavailable } from '../../common/errors/problem.js';
import { LOGGER, type Logger } from '../../common/logging/logger.js';
import { codeOf, Database } from '../../database/database.js';
import { CREDENTIAL_REFUSED, type JobActor } from '../../database/unit-of-work.js';
import type { TaskDto } from './tasks.dto.js';
import * as errors from './tasks.errors.js';
import { TASK_BY_ID } from './tasks.queries.js';
import { Tasks } from './tasks.service.js';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 2_000;
const HEARTBEAT_MS = 15_000;
const LONGEST_STREAM_MS = 600_000;
const STREAMS_PER_PROCESS = 500;
const STREAMS_PER_USER = 20;

/** Streams of server-sent events about tasks. Between two looks at the database nothing is held but a timer. */
@Injectable()
export class TaskStreams implements BeforeApplicationShutdown {
  private readonly open = new Map<TaskStream, string>();
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly tasks: Tasks,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Redeems the ticket and starts the stream: an event `task` with the task as JSON for each change, the last one ends it. */
  async follow(taskId: string, ticket: string, method = 'GET'): Promise<Readable> {
    if (method !== 'GET') throw methodNotAllowed(); // HEAD comes with every GET route; it must not use a ticket up
    if (this.stopping) throw unavailable({ headers: { 'retry-after': '2' } });
    const { firmId, userId } = await this.tasks.redeemTicket(taskId, ticket);
    const mine = [...this.open.values()].filter((id) => id === userId).length;
    if (mine >= STREAMS_PER_USER || this.open.size >= STREAMS_PER_PROCESS) throw errors.tooManyStreams({ headers: { 'retry-after': '5' } });
    const actor: JobActor = { kind: 'job', firmId, userId };
    const look = () => this.database.read(actor, () => this.database.first<TaskDto>(TASK_BY_ID, [taskId]));
    const stream = new TaskStream(look, (error) => this.log.error({ err: error, taskId }, 'a task stream ended early'));
    this.open.set(stream, userId);
    stream.once('close', () => this.open.delete(stream));
    return stream;
  }

  /** The server cannot close while streams are open, and they could stay for minutes. */
  beforeApplicationShutdown(): void {
    this.stopping = true;
    for (const stream of this.open.keys()) stream.finish();
  }
}

/** One stream. It starts when somebody reads it, and stops when the reader goes away. */
export class TaskStream extends Readable {
  private readonly startedAt = performance.now();
  private spokenAt = performance.now();
  private wait = FIRST_PAUSE_MS;
  private version: number | undefined;
  private timer: NodeJS.Timeout | undefined;
  private started = false;
  private finished = false;

  constructor(
    private readonly look: () => Promise<TaskDto | undefined>,
    private readonly failed: (error: unknown) => void,
  ) {
    super({ encoding: 'utf8' });
  }

  override _read(): void {
    if (this.started) return; // events come when they come
    this.started = true;
    void this.step();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.timer);
    this.finished = true;
    done(error);
  }

  /** Ends it; the client may come back with a new ticket. */
  finish(): void {
    if (this.finished) return;
    clearTimeout(this.timer);
    this.finished = true;
    this.push(null);
  }

  private async step(): Promise<void> {
    let task: TaskDto | undefined;
    try {
      task = await this.look();
    } catch (error) {
      // whose stream it is was shut out meanwhile: that is an end like any other
      if (codeOf(error) !== CREDENTIAL_REFUSED) this.failed(error);
    }
    if (this.finished) return;
    if (!task) return this.finish();
    this.tell(task);
    if (task.status === 'completed' || task.status === 'failed' || performance.now() - this.startedAt > LONGEST_STREAM_MS) return this.finish();
    this.timer = setTimeout(() => void this.step(), this.wait);
    this.wait = Math.min(LONGEST_PAUSE_MS, this.wait * 1.25);
  }

  private tell(task: TaskDto): void {
    const now = performance.now();
    if (task.version !== this.version) {
      this.version = task.version;
      this.wait = FIRST_PAUSE_MS;
      this.push(`event: task\nid: ${task.version}\ndata: ${JSON.stringify(task)}\n\n`);
    } else if (now - this.spokenAt >= HEARTBEAT_MS) {
      this.push(': still at it\n\n');
    } else {
      return;
    }
    this.spokenAt = now;
  }
}
