import type { IncomingMessage } from 'node:http';

const LINGER_MS = 5_000;

/**
 * For a request that was answered while its body still comes in: the rest is read and dropped for a moment, so that the
 * sender gets to see the answer instead of a broken line; a long rest is cut off.
 */
export function dropRest(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  request.resume();
  const timer = setTimeout(() => request.destroy(), LINGER_MS);
  request.once('close', () => clearTimeout(timer));
  request.once('end', () => clearTimeout(timer));
}
