import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { onServer, testApp } from '../../support/app.js';
import { newFirm } from '../../support/factories.js';
import { bearer, eventually, expectProblem, raw } from '../support/check.js';
import { ownApp, type OwnApp } from '../support/own-app.js';

test.runIf(onServer)('while the database is away requests are told to come back, and when it is back they are served', async () => {
  const { engine } = await testApp();
  const wire = await severable(engine.serving.port!, engine.serving.host!);
  const place = await behind(wire.port);
  try {
    const http = await raw(place);
    const firm = await newFirm(place);
    expect((await http.get('/health/ready')).status).toBe(200);
    wire.cut();
    const ready = await http.get('/health/ready');
    expect([ready.status, ready.body.checks.database, ready.body.checks.storage]).toEqual([503, expect.not.stringMatching(/^up$/), 'up']);
    const refusal = await http.get('/v1/me').set(bearer(firm.admin));
    expectProblem(refusal, 503, 'unavailable');
    expect(Number(refusal.headers['retry-after'])).toBeGreaterThan(0);
    expectProblem(await http.patch('/v1/firm').set(bearer(firm.admin)).set('if-match', '*').send({ city: 'Oslo' }), 503, 'unavailable');
    expect((await http.get('/health/live')).status).toBe(200);
    expect((await http.get('/metrics')).text).toContain('lexiflow_process_resident_memory_bytes');
    wire.mend();
    await eventually(async () => (await http.get('/health/ready')).status === 200);
    expect((await http.get('/v1/me').set(bearer(firm.admin))).status).toBe(200);
  } finally {
    await place.close();
    wire.close();
  }
});

test.runIf(onServer)('a connection that falls in the very moment it is made takes nothing with it', async () => {
  const { engine } = await testApp();
  const wire = await severable(engine.serving.port!, engine.serving.host!);
  const place = await behind(wire.port);
  try {
    const http = await raw(place);
    wire.poison(3);
    // an error that nobody listens for would end the process (and fail this run)
    await eventually(async () => (await http.get('/health/ready')).status === 200);
    expect(wire.poisoned()).toBeGreaterThan(0);
  } finally {
    await place.close();
    wire.close();
  }
});

/** An application whose connections all run through this port. */
const behind = (port: number): Promise<OwnApp> =>
  ownApp({ LOGIN_FAILURES_ALLOWED: '10' }, { engine: (whole) => ({ ...whole, serving: { ...whole.serving, host: '127.0.0.1', port } }) });

/** What a server says when it is told to go, as the protocol has it. */
const FAREWELL = message('E', 'SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0');
const READY = message('Z', 'I');

function message(type: string, body: string): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, Buffer.from(body)]);
}

/** A line to the server that can be cut: what hangs on it falls, and nobody gets through until it is mended. */
async function severable(port: number, host: string) {
  const open = new Set<Socket>();
  let whole = true;
  let toPoison = 0;
  let poisoned = 0;
  const proxy = createServer((near) => {
    if (!whole) return void near.resetAndDestroy();
    const far = connect(port, host);
    for (const [one, other] of [[near, far], [far, near]] as const) {
      open.add(one);
      one.on('data', (bytes: Buffer) => {
        const farewell = one === far && poisoned < toPoison && bytes.subarray(-READY.length).equals(READY);
        if (farewell) poisoned++;
        other.write(farewell ? Buffer.concat([bytes, FAREWELL]) : bytes);
        if (farewell) other.end();
      });
      one.on('error', () => other.destroy()).on('close', () => (open.delete(one), other.destroy()));
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    whole = false;
    for (const socket of open) socket.resetAndDestroy();
  };
  return {
    port: (proxy.address() as AddressInfo).port,
    cut, mend: () => void (whole = true),
    /** So many connections are told to go in the same breath in which they are let in. */
    poison: (connections: number) => void (toPoison = connections),
    poisoned: () => poisoned,
    close: () => (cut(), proxy.close()),
  };
}
