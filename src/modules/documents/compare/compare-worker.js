// @ts-check
// Compares two texts, in a thread of its own because it may take seconds. Plain JavaScript, because Node itself loads it.
import { parentPort, workerData } from 'node:worker_threads';
import { compareTexts } from './compare-texts.js';

/** @type {import('node:worker_threads').MessagePort} */ (parentPort).postMessage(compareTexts(workerData.from, workerData.to, workerData.options));
