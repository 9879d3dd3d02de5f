import { applyDecorators, Injectable, SetMetadata } from '@nestjs/common';
import type { Actor, JobActor, SystemActor } from '../../database/unit-of-work.js';
import type { JobName } from './job-names.js';

/** What a running job knows of itself. */
export interface JobContext {
  id: string;
  name: JobName;
  firmId: string;
  /** The user it runs as; null: the firm's own work. */
  userId: string | null;
  /** 1 on the first run. */
  attempt: number;
  /** No further attempt follows: what must be said of a failure must be said now. */
  lastAttempt: boolean;
  /** Aborted when the job took too long, or its lease went to somebody else: stop, nothing counts any more. */
  signal: AbortSignal;
  /** Units of the job's actor, for handlers with `unit: 'own'`; one at a time, and none around something slow. */
  read<T>(work: () => Promise<T>): Promise<T>;
  write<T>(work: () => Promise<T>): Promise<T>;
}

/** Does the work of one kind of job. It may be called twice for one job (see JobRunner): the second call must do no harm. */
export interface JobHandler<P = unknown> {
  handle(payload: P, job: JobContext): Promise<void>;
}

export interface JobOptions {
  /**
   * 'write': the handler runs inside one transaction of the job's actor, which is repeated on a serialization failure.
   * 'own': it opens its units itself, because it does something slow in between.
   */
  unit?: 'write' | 'own';
  /** How long nobody else takes the job after its runner fell silent; a living runner renews it. */
  leaseSeconds?: number;
  /** After that the run counts as failed, whatever the handler is waiting for. */
  timeoutSeconds?: number;
  maxAttempts?: number;
  /** At most so many at a time in one process. */
  concurrency?: number;
}

export interface JobDefinition extends Required<JobOptions> {
  name: JobName;
}

export const JOB_HANDLER = 'lexiflow:job';

/** Marks the class that handles a job; listing it among a module's providers is all it takes. */
export function JobHandler(name: JobName, options: JobOptions = {}): ClassDecorator {
  const definition: JobDefinition = { unit: 'write', leaseSeconds: 60, timeoutSeconds: 600, maxAttempts: 8, concurrency: Infinity, ...options, name };
  return applyDecorators(Injectable(), SetMetadata(JOB_HANDLER, definition));
}

/** Thrown by a handler that knows that trying again is of no use: the job is dead at once. */
export class PermanentFailure extends Error {}

/** Who a job is for the database. */
export function actorOf(job: { firmId: string; runAs: string | null }): (JobActor | SystemActor) & Actor {
  return job.runAs === null ? { kind: 'system', firmId: job.firmId } : { kind: 'job', firmId: job.firmId, userId: job.runAs };
}
