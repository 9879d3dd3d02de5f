import { StartupError } from './config/environment.js';

/**
 * Runs a process: start it, stop it once on SIGTERM or SIGINT. What an operator can mend is one sentence on standard
 * error and exit code 1; only what nobody foresaw shows a stack trace.
 */
export async function runProcess(start: () => Promise<() => Promise<void>>): Promise<void> {
  let stop: (() => Promise<void>) | undefined;
  let stopping = false;
  const onSignal = () => {
    if (stopping) process.exit(130); // asked twice: now
    stopping = true;
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
