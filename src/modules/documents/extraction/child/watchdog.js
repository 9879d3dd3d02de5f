// @ts-check
// A thread beside the readers: a file that keeps the main thread busy for ever, or that fills memory outside the heap,
// leaves nobody else to notice. Limits of time are kept by the server; this one ends the process when it has grown too
// large, and when the server that started it is gone.
import { workerData } from 'node:worker_threads';

const INTERVAL_MS = 50;
const parent = process.ppid;

setInterval(() => {
  // the signal for an exceeded limit, so that the server can tell it from a kill
  if (process.memoryUsage.rss() > workerData.maxBytes) process.kill(process.pid, 'SIGXCPU');
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
}, INTERVAL_MS);
