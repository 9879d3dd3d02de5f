import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { build } from '../../scripts/build.mjs';
import { projectRoot } from '../../src/database/migrator.js';

/** How long a process may take to come up: a machine under load makes an embedded database in half a minute. */
const PATIENCE_MS = 90_000;

const running = new Set<ChildProcess>();
const folders: string[] = [];

/** A process of the built product, started as `npm start` and the other scripts start it. */
export interface Product {
  pid: number;
  stdout(): string;
  stderr(): string;
  /** The address it printed once it served. */
  url: Promise<string>;
  /** Exit code, or the signal that ended it. */
  exit: Promise<number | NodeJS.Signals>;
  kill(signal: NodeJS.Signals): void;
}

/** Builds once, so that the processes of a test do not do it side by side. */
export const buildProduct = (): void => build();

/** A folder that is gone after the test file. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lexiflow-process-'));
  folders.push(folder);
  return folder;
}

/** Ends what the tests left running, and removes what they left lying. */
export async function cleanUp(): Promise<void> {
  await Promise.all([...running].map((child) => new Promise((resolve) => {
    child.once('exit', resolve);
    child.kill('SIGKILL');
  })));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** `node scripts/run.mjs ARGS`, with this environment and nothing of the caller's but what every process needs. */
export function start(args: string[], environment: Record<string, string>): Product {
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(process.execPath, [join(projectRoot, 'scripts', 'run.mjs'), ...args], {
    cwd: projectRoot,
    env: { ...(PATH && { PATH }), ...(HOME && { HOME }), ...(TMPDIR && { TMPDIR }), HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'warn', RATE_LIMIT_PER_MINUTE: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const [out, err]: [string[], string[]] = [[], []];
  child.stdout.setEncoding('utf8').on('data', (text: string) => out.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => err.push(text));
  const product: Product = {
    pid: child.pid!,
    stdout: () => out.join(''),
    stderr: () => err.join(''),
    exit: new Promise((resolve) => child.once('close', (code, signal) => (running.delete(child), resolve(code ?? signal!)))),
    url: waitFor(() => product, / is ready after .* on (http:\S+)/).then((match) => match[1]!.replace('localhost', '127.0.0.1')),
    kill: (signal) => void child.kill(signal),
  };
  product.url.catch(() => undefined); // who does not serve has no address to wait for
  return product;
}

/** Waits until a process has printed this. */
export async function waitFor(product: () => Product, pattern: RegExp): Promise<RegExpExecArray> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const match = pattern.exec(product().stdout());
    if (match) return match;
    const ended = await Promise.race([product().exit, undefined]);
    if (ended !== undefined || Date.now() > end) throw new Error(`${ended === undefined ? 'not printed in time' : `ended with ${ended}`}: ${pattern}\n${product().stdout()}\n${product().stderr()}`);
  }
}

/** Runs to the end: what it said, and how it ended. */
export async function run(args: string[], environment: Record<string, string>): Promise<{ code: number | NodeJS.Signals; stdout: string; stderr: string }> {
  const product = start(args, environment);
  const code = await product.exit;
  return { code, stdout: product.stdout(), stderr: product.stderr() };
}

/** What an operator gets to see when he made a mistake: one sentence about it on standard error, and exit code 1. */
export function expectSentence(ended: { code: unknown; stdout: string; stderr: string }, sentence: RegExp): void {
  expect(ended).toMatchObject({ code: 1, stderr: expect.stringMatching(sentence) });
  expect(ended.stderr.trim().split('\n')).toHaveLength(1);
  expect(ended.stdout + ended.stderr).not.toMatch(/^\s+at |\bError:/m);
}
