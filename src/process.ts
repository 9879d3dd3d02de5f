import { StartupError } from './config/environment.js';

/** A Ctrl-C in `npm start` comes twice, from the terminal and from npm, and means one thing. */
const SAME_WISH_MS = 1_000;

/**
 * Runs a process: start it, stop it once on SIGTERM or SIGINT. What an operator can mend is one sentence on standard
 * error and exit code 1; only what nobody foresaw shows a stack trace.
 */
export async function runProcess(start: () => Promise<() => Promise<void>>): Promise<void> {
  let stop: (() => Promise<void>) | undefined;
  let askedAt: number | undefined;
  const onSignal = () => {
    if (askedAt !== undefined) {
      if (performance.now() - askedAt > SAME_WISH_MS) process.exit(130); // asked again: now
      return;
    }
    askedAt = performance.now();
    if (!stop) process.exit(0); // nothing was served yet
    stop().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  try {
    stop = await start();
  } catch (error) {
    fail(error);
  }
}

/** Ends the process with exit code 1 and the clearest words there are. */
export function fail(error: unknown): never {
  process.stderr.write(`\n${explain(error)}\n`);
  process.exit(1);
}

function explain(error: unknown): string {
  if (error instanceof StartupError) return error.message;
  const code = (error as { code?: string }).code;
  const port = (error as { port?: number }).port;
  if (code === 'EADDRINUSE') return `PORT=${port} is taken by another program: stop it, or choose another with PORT.`;
  if (code === 'EACCES' && port) return `PORT=${port} needs rights this user has not: choose one above 1023 with PORT.`;
  if (code === 'EADDRNOTAVAIL') return 'HOST is not an address of this machine: use 127.0.0.1, or 0.0.0.0 for all.';
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
