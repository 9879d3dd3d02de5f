import { codeOf, type Database } from '../../database/database.js';
import { CREDENTIAL_REFUSED } from '../../database/unit-of-work.js';
import { actorOf, PermanentFailure, type JobContext } from './job-handler.js';
import type { JobName } from './job-names.js';
import type { RegisteredJob } from './job-registry.js';

/** A job as the claiming door hands it out. */
export interface ClaimedJob {
  firmId: string;
  id: string;
  name: JobName;
  payload: unknown;
  runAs: string | null;
  attempts: number;
  maxAttempts: number;
}

/** What became of a run, as the settling door wants it, and the error behind it for the log. */
export interface Verdict {
  outcome: 'completed' | 'retry' | 'dead';
  reason: string | null;
  delaySeconds: number;
  error?: unknown;
}

const COMPLETED: Verdict = { outcome: 'completed', reason: null, delaySeconds: 0 };
const FIRST_DELAY_SECONDS = 5;
const LONGEST_DELAY_SECONDS = 3600;

/** One run of one job: its handler with unit, time limit and lease around it. */
export class JobRun {
  private readonly abort = new AbortController();

  constructor(
    private readonly database: Database,
    private readonly job: RegisteredJob,
    private readonly claimed: ClaimedJob,
    /** Renews the lease, and says whether it still was ours; absent where nobody could take the job from us. */
    private readonly renew: (() => Promise<boolean>) | undefined,
  ) {}

  /** Never rejects: a failure is a verdict. */
  async perform(): Promise<Verdict> {
    const { leaseSeconds, timeoutSeconds } = this.job.definition;
    const aborted = new Promise<never>((_, reject) => this.abort.signal.addEventListener('abort', () => reject(this.abort.signal.reason as Error)));
    const limit = setTimeout(() => this.abort.abort(new Error(`it took longer than ${timeoutSeconds} s`)), timeoutSeconds * 1000);
    const lease = this.renew && setInterval(() => void this.keepLease(), (leaseSeconds * 1000) / 3);
    try {
      await Promise.race([this.work(), aborted]);
      return COMPLETED;
    } catch (error) {
      return verdictOf(error, this.claimed);
    } finally {
      clearTimeout(limit);
      clearInterval(lease);
    }
  }

  private async work(): Promise<void> {
    const { definition, handler } = this.job;
    const context = this.context();
    if (definition.unit === 'own') return handler.handle(this.claimed.payload, context);
    await this.database.write(actorOf(this.claimed), async () => {
      await handler.handle(this.claimed.payload, context);
      this.abort.signal.throwIfAborted(); // too late: somebody else does it, so nothing of this may be committed
    }, this.origin());
  }

  private async keepLease(): Promise<void> {
    // a renewal that fails is not the end: there are two more before the lease is over
    const ours = await this.renew!().catch(() => true);
    if (!ours) this.abort.abort(new Error('its lease was lost'));
  }

  private context(): JobContext {
    const { claimed, abort } = this;
    const { unit, name } = this.job.definition;
    const own = (): void => {
      if (unit !== 'own') throw new Error(`the job "${name}" runs inside a unit already; declare unit: 'own' to open others`);
      abort.signal.throwIfAborted();
    };
    return {
      id: claimed.id, name, firmId: claimed.firmId, userId: claimed.runAs, attempt: claimed.attempts,
      lastAttempt: claimed.attempts >= claimed.maxAttempts, signal: abort.signal,
      read: async (work) => (own(), this.database.read(actorOf(claimed), work, this.origin())),
      write: async (work) => (own(), this.database.write(actorOf(claimed), work, this.origin())),
    };
  }

  private origin(): { requestId: string } {
    return { requestId: `job:${this.claimed.id}` };
  }
}

/** What an error means for the job: whether another attempt can help, and when. */
export function verdictOf(error: unknown, job: Pick<ClaimedJob, 'attempts' | 'maxAttempts'>): Verdict {
  if (codeOf(error) === CREDENTIAL_REFUSED) return { outcome: 'dead', reason: 'the user it runs as is not active', delaySeconds: 0, error };
  const final = error instanceof PermanentFailure || job.attempts >= job.maxAttempts;
  return { outcome: final ? 'dead' : 'retry', reason: reasonOf(error), delaySeconds: final ? 0 : retryDelay(job.attempts), error };
}

/** 5 s, 15 s, 45 s ... up to an hour, spread by half either way so that what failed together does not come back together. */
export function retryDelay(attempts: number, chance = Math.random()): number {
  return Math.min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 3 ** (attempts - 1)) * (0.5 + chance);
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name === 'Error' ? '' : `${error.name}: `}${error.message}` : String(error);
  return text.replaceAll('\0', '').slice(0, 2000);
}
