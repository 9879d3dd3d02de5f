// Starts and stops what is measured, and reads what it costs from /proc.
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { root } from './root.mjs';

const running = new Set();

/** A port nobody listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Starts a Node program, its output in `logFile`, and waits until `url` answers 200. */
export async function startNode(name, file, { env, url, logFile, nodeArgs = [] }) {
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, [...nodeArgs, file], { cwd: root, env, stdio: ['ignore', log, log] });
  closeSync(log);
  running.add(child);
  child.once('exit', () => running.delete(child));
  const until = Date.now() + 30_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${name} ended with code ${child.exitCode}:\n${readFileSync(logFile, 'utf8').slice(-2000)}`);
    const answered = await fetch(url).then((response) => response.ok, () => false);
    if (answered) return child;
    if (Date.now() > until) throw new Error(`${name} did not answer at ${url} within 30 s; see ${logFile}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export async function stopNode(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const forced = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(forced);
}

export const stopAll = () => Promise.all([...running].map(stopNode));

/** A PostgreSQL of our own (fsync on), or the one of BENCH_DATABASE_URL. */
export function openPostgres() {
  const given = process.env.BENCH_DATABASE_URL;
  if (given) {
    return { owner: given, superuser: process.env.BENCH_SUPERUSER_URL, pid: undefined, how: 'BENCH_DATABASE_URL', stop: () => {} };
  }
  const script = join(root, 'scripts', 'test-postgres');
  const printed = execFileSync(script, ['start', '--durable'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  const told = Object.fromEntries([...printed.matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));
  const database = new URL(told.TEST_DATABASE_URL).pathname;
  const superuser = new URL(told.TEST_SUPERUSER_URL);
  superuser.pathname = database;
  return {
    owner: told.TEST_DATABASE_URL,
    superuser: superuser.href,
    pid: Number(read(join(told.TEST_PG_DIR, 'data', 'postmaster.pid')).split('\n')[0]) || undefined,
    how: 'scripts/test-postgres start --durable',
    stop: () => execFileSync(script, ['stop', told.TEST_PG_DIR], { stdio: 'ignore' }),
  };
}

const processIds = () => readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number);
function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Seconds of processor time a process has used; 0 when it is gone. */
function cpuOf(pid) {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return stat ? (Number(fields[11]) + Number(fields[12])) / TICKS : 0;
}

/** Of a server and its children: the backends live as long as the pools, so nothing ends in between. */
function cpuOfFamily(pid) {
  const children = processIds().filter((id) => {
    const stat = read(`/proc/${id}/stat`);
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid;
  });
  return [pid, ...children].reduce((sum, id) => sum + cpuOf(id), 0);
}

export const cpuNow = (server, postgres) => ({ server: cpuOf(server), postgres: postgres === undefined ? 0 : cpuOfFamily(postgres) });

/** Resident memory in MiB. */
export function memoryOf(pid) {
  const line = /^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`));
  return line ? Number(line[1]) / 1024 : 0;
}
