import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DataFolder } from '../../../src/database/embedded/data-folder.js';
import { onServer } from '../../support/app.js';
import { raw } from '../support/check.js';
import { ownApp } from '../support/own-app.js';

test('the process says that it lives and that it can serve, to anybody, and without a cache in between', async () => {
  const http = await raw();
  const live = await http.get('/health/live');
  expect([live.status, live.body, live.headers['cache-control']]).toEqual([200, { status: 'up' }, 'no-store']);
  const ready = await http.get('/health/ready');
  expect([ready.status, ready.body]).toEqual([200, {
    status: 'up', engine: onServer ? 'server' : 'embedded', checks: { database: 'up', migrations: 'up', storage: 'up' },
  }]);
});

test('without the folder it keeps things in, the process lives but is not ready, and says what is missing', async () => {
  const root = mkdtempSync(join(tmpdir(), 'lexiflow-gone-'));
  const place = await ownApp({ LOGIN_FAILURES_ALLOWED: '10' }, { engine: (engine) => ({ ...engine, folder: new DataFolder(root) }) });
  try {
    const http = await raw(place);
    expect((await http.get('/health/ready')).status).toBe(200);
    rmSync(root, { recursive: true });
    const ready = await http.get('/health/ready');
    expect([ready.status, ready.headers['retry-after'], ready.body]).toEqual([503, '2', expect.objectContaining({
      code: 'not_ready', engine: place.engine.kind, checks: { database: 'up', migrations: 'up', storage: 'cannot be reached' },
    })]);
    expect((await http.get('/health/live')).status).toBe(200);
  } finally {
    await place.close();
  }
});
