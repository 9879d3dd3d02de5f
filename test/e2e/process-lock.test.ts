import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DataFolder } from '../../src/database/embedded/data-folder.js';
import { projectRoot } from '../../src/database/migrator.js';
import { onServer } from '../support/app.js';
import { buildProduct, cleanUp, newFolder } from '../support/process.js';

// Two engines on one folder would silently part ways, and nothing but this lock is between them.

const lockOf = (folder: string) => join(folder, 'lock');
const startOf = (pid: number) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[19]!;
const seesProcesses = existsSync('/proc/self/stat');

describe.skipIf(onServer)('the lock of a data folder', () => {
  afterAll(cleanUp);

  test('is refused while its process lives, and free again after it is given back', () => {
    const folder = newFolder();
    const first = new DataFolder(folder);
    first.lock();
    expect(() => new DataFolder(folder).lock()).toThrow(new RegExp(`in use by process ${process.pid}`));
    first.unlock();
    expect(existsSync(lockOf(folder))).toBe(false);
    new DataFolder(folder).lock();
  });

  test.each<[string, () => string]>([
    ['a process that is gone', () => JSON.stringify({ pid: 4_194_304, started: '1', at: '' })],
    ['nobody: it is half a file', () => '{"pid":'],
    ['nobody: it is empty', () => ''],
    ['a process whose number was given to another', () => JSON.stringify({ pid: process.pid, started: seesProcesses ? '1' : 'elsewhere', at: '' })],
  ])('is taken over from %s', (_, content) => {
    const folder = newFolder();
    writeFileSync(lockOf(folder), content());
    new DataFolder(folder).lock();
    expect(JSON.parse(readFileSync(lockOf(folder), 'utf8'))).toMatchObject({ pid: process.pid });
  });

  test.skipIf(!seesProcesses)('is taken over from a dead process that its parent has not noticed', async () => {
    const folder = newFolder();
    const parent = spawn('sh', ['-c', 'sleep 0.1 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const pid = Number(await new Promise<Buffer>((resolve) => parent.stdout.once('data', resolve)));
      const started = startOf(pid);
      while (readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)![0] !== 'Z') await new Promise((resolve) => setTimeout(resolve, 20));
      writeFileSync(lockOf(folder), JSON.stringify({ pid, started, at: '' }));
      new DataFolder(folder).lock();
    } finally {
      parent.kill('SIGKILL');
    }
  });

  describe('when several want it at the same moment', { timeout: 60_000 }, () => {
    beforeAll(buildProduct);
    type Child = ChildProcessByStdio<Writable, Readable, null>;
    const said = (child: Child, pattern: RegExp) => new Promise<string>((resolve) => child.stdout.on('data', (text: string) => pattern.test(text) && resolve(text.trim())));

    test('goes to one of them, also where a stale one lies', async () => {
      const module = pathToFileURL(join(projectRoot, 'dist', 'database', 'embedded', 'data-folder.js')).href;
      const code = (folder: string) => `import { DataFolder } from '${module}';
        process.stdin.once('data', () => { try { new DataFolder(${JSON.stringify(folder)}).lock(); console.log('held'); } catch { console.log('refused'); } }).on('end', () => process.exit());
        console.log('up');`;
      for (let round = 0; round < 3; round++) {
        const folder = newFolder();
        if (round > 0) writeFileSync(lockOf(folder), JSON.stringify({ pid: 4_194_304, started: '1', at: '' }));
        const children = Array.from({ length: 8 }, () => spawn(process.execPath, ['--input-type=module', '-e', code(folder)], { stdio: ['pipe', 'pipe', 'inherit'] }) as Child);
        for (const child of children) child.stdout.setEncoding('utf8');
        await Promise.all(children.map((child) => said(child, /up/)));
        const outcomes = children.map((child) => said(child, /held|refused/));
        for (const child of children) child.stdin.write('go\n');
        expect((await Promise.all(outcomes)).toSorted()).toEqual(['held', ...Array.from({ length: 7 }, () => 'refused')]);
        await Promise.all(children.map((child) => new Promise((resolve) => child.once('exit', resolve).stdin.end())));
      }
    });
  });
});
