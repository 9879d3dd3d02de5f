import { afterAll, beforeAll, expect, test } from 'vitest';
import { seedAll } from '../../../src/seeding.js';
import { newFirm, type Person } from '../../support/factories.js';
import { bearer, expectProblem, faults, granted, raw } from '../support/check.js';
import { ownApp, type OwnApp } from '../support/own-app.js';

let place: OwnApp;
let reader: Person;
beforeAll(async () => {
  // twice: what is there already must stay as it is
  place = await ownApp({ LOGIN_FAILURES_ALLOWED: '10' }, {
    engine: async (engine) => (await seedAll(engine, { demo: false }), await seedAll(engine, { demo: false }), engine),
  });
  reader = await (await newFirm(place)).person('readonly');
});
afterAll(() => place.close());

const codes = async (query: object = {}) => granted(await reader.api.GET('/v1/reference/utbms', { params: { query } })).data;

test('everybody reads the UTBMS codes, each once, each task with a phase that exists', async () => {
  const all = await codes();
  expect(all.length).toBeGreaterThan(120);
  // the standard has codes that are phase and task at once (C100)
  expect(new Set(all.map(({ set, kind, code }) => `${set} ${kind} ${code}`)).size).toBe(all.length);
  expect([...new Set(all.map(({ set }) => set))].sort()).toEqual(['activity', 'bankruptcy', 'counseling', 'expense', 'litigation', 'project']);
  expect(all).toContainEqual({ set: 'litigation', code: 'L110', kind: 'task', parentCode: 'L100', name: expect.stringMatching(/fact/i) });
  const tasks = all.filter(({ parentCode }) => parentCode !== null);
  expect(tasks.length).toBeGreaterThan(50);
  expect(tasks.filter(({ set, parentCode }) => !all.some((one) => one.set === set && one.code === parentCode && one.kind === 'phase'))).toEqual([]);
});

test('they are found by set and kind', async () => {
  const phases = await codes({ set: 'litigation', kind: 'phase' });
  expect(phases.map(({ code }) => code)).toEqual(['L100', 'L200', 'L300', 'L400', 'L500']);
  expect((await codes({ set: 'expense' })).every(({ code, kind }) => /^E\d{3}$/.test(code) && kind === 'expense')).toBe(true);
  expect(await codes({ set: 'expense', kind: 'phase' })).toEqual([]);
  const problem = expectProblem(await (await raw(place)).get('/v1/reference/utbms?set=criminal').set(bearer(reader)), 400, 'validation_failed');
  expect(faults(problem)).toEqual(['set: is_in']);
});

test('a front end keeps its copy: the list is sent again only when it has changed', async () => {
  const http = await raw(place);
  const { etag } = (await http.get('/v1/reference/utbms').set(bearer(reader))).headers;
  expect((await http.get('/v1/reference/utbms').set(bearer(reader)).set('if-none-match', etag!)).status).toBe(304);
});
