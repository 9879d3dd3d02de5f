// @ts-check
// The process in which uploaded files are read: it has no environment, no secrets and no network business, may read its
// own code and the files put into its folder, and is ended from outside when a file takes too long. Plain JavaScript,
// because Node itself loads it, in tests as well as in the built product.
import { Worker } from 'node:worker_threads';
import { readFile } from './formats.js';
import { LimitReached, Outcome } from './outcome.js';
import { Output } from './output.js';

const maxBytes = Number(process.argv[2]) * 1024 ** 2;
const watchdog = new Worker(new URL('./watchdog.js', import.meta.url), { workerData: { maxBytes } });
watchdog.on('error', (error) => { throw error; }); // no file is read unwatched

/** @type {(() => void) | undefined} */
let taken;

/** Sends a message and waits until the server has dealt with it. @param {object} message @returns {Promise<void>} */
function send(message) {
  return new Promise((resolve) => {
    taken = resolve;
    process.send?.(message);
  });
}

process.on('disconnect', () => process.exit());
// a terminal sends these to the whole group; the server says by itself when it is over
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('message', (/** @type {{ kind: 'read', order: import('./formats.js').Order } | { kind: 'taken' }} */ message) => {
  if (message.kind === 'taken') return taken?.();
  void perform(message.order).then((answer) => process.send?.({ kind: 'done', ...answer }));
});
process.send?.({ kind: 'ready' });

/** @param {import('./formats.js').Order} order */
async function perform(order) {
  const out = new Output(send, order);
  try {
    const { pageCount, reason = null } = await readFile(order, out);
    await out.flush();
    if (!out.hasText) return { status: 'empty', reason: 'There is no text in the file.', pageCount, truncated: false };
    return { status: 'extracted', reason, pageCount, truncated: false };
  } catch (error) {
    if (error instanceof LimitReached) return { status: 'extracted', reason: `Only the first ${order.maxCharacters} characters were read.`, pageCount: null, truncated: true };
    if (error instanceof Outcome) return { status: error.status, reason: error.message, pageCount: null, truncated: false };
    // the disk's fault, not the file's
    if (error instanceof Error && ('syscall' in error || 'permission' in error)) return { status: 'fault', reason: error.message, pageCount: null, truncated: false };
    const said = error instanceof Error ? error.message.split('\n')[0]?.slice(0, 200) : '';
    return { status: 'corrupt', reason: `The file is damaged: ${said || 'it cannot be read'}.`, pageCount: null, truncated: false };
  }
}
