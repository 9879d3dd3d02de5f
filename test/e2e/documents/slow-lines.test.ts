import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { beforeAll, expect, test } from 'vitest';
import { testApp } from '../../support/app.js';
import { newFirm, type TestFirm } from '../../support/factories.js';
import { uploadDocument, type UploadedDocument } from '../../support/uploads.js';
import { newCase, type TestCase } from '../casework/fixtures.js';

// Twenty who read and twenty who upload at about 1 KB/s: nobody else notices, on one session or many.

const LINES = 20;
let firm: TestFirm;
let about: TestCase;
let large: UploadedDocument;
beforeAll(async () => {
  firm = await newFirm();
  about = await newCase(firm);
  large = await uploadDocument(firm.admin, about.id, { name: 'large.dat', bytes: randomBytes(8 * 1024 * 1024) });
});

async function line(head: string): Promise<Socket> {
  const { url } = await testApp();
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write(`${head}\r\nhost: localhost\r\nauthorization: Bearer ${firm.admin.token}\r\n`);
  return socket;
}

/** Takes a kilobyte, and no more until it is told to. */
async function reader(): Promise<{ socket: Socket; got(): number }> {
  const socket = await line(`GET /v1/documents/${large.id}/content HTTP/1.1`);
  let got = 0;
  socket.pause();
  socket.write('\r\n');
  const timer = setInterval(() => (got += (socket.read(1024) as Buffer | null)?.length ?? 0), 1000 / 4);
  socket.once('close', () => clearInterval(timer));
  return { socket, got: () => got };
}

/** Sends 256 bytes four times a second. */
async function writer(): Promise<{ socket: Socket; finish(): Promise<string> }> {
  const socket = await line('POST /v1/documents HTTP/1.1');
  const rest = 256 * 16;
  const start = `--b\r\ncontent-disposition: form-data; name="caseId"\r\n\r\n${about.id}\r\n--b\r\ncontent-disposition: form-data; name="file"; filename="slow.dat"\r\n\r\n`;
  const end = '\r\n--b--\r\n';
  socket.write(`content-type: multipart/form-data; boundary=b\r\ncontent-length: ${start.length + rest + end.length}\r\n\r\n${start}`);
  let sent = 0;
  const timer = setInterval(() => {
    if (sent + 256 < rest) {
      socket.write(randomBytes(128).toString('hex'));
      sent += 256;
    }
  }, 250);
  socket.once('close', () => clearInterval(timer));
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
  return {
    socket,
    finish: async () => {
      clearInterval(timer);
      socket.write('x'.repeat(rest - sent) + end);
      await expect.poll(() => answer, { timeout: 20_000 }).toMatch(/^HTTP\/1\.1 \d\d\d /);
      return answer.slice(9, 12);
    },
  };
}

test('twenty slow readers and twenty slow uploads hold no connection of the database, and everybody else is served', { timeout: 60_000 }, async () => {
  const { database } = await testApp();
  const [readers, writers] = [await Promise.all(Array.from({ length: LINES }, reader)), await Promise.all(Array.from({ length: LINES }, writer))];
  const until = Date.now() + 3_000;
  let served = 0;
  while (Date.now() < until) {
    expect((await firm.admin.api.GET('/v1/documents', { params: { query: { caseId: about.id } } })).response.status).toBe(200);
    const made = await firm.admin.api.PATCH('/v1/documents/{id}', { params: { path: { id: large.id }, header: { 'If-Match': '*' } }, body: { title: `Title ${served}` } });
    expect(made.response.status).toBe(200);
    served++;
  }
  expect(served).toBeGreaterThan(3);
  await expect.poll(() => database.poolState().inUse).toBe(0); // with forty lines open
  expect(readers.filter(({ socket }) => socket.destroyed)).toEqual([]);
  expect(readers.every(({ got }) => got() > 0)).toBe(true);
  const statuses = await Promise.all(writers.map(({ finish }) => finish()));
  expect(statuses).toEqual(Array.from({ length: LINES }, () => '201'));
  for (const { socket } of [...readers, ...writers]) socket.destroy();
  await expect.poll(() => database.poolState().inUse).toBe(0);
});
