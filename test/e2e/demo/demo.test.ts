import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LocalStore } from '../../../src/modules/storage/local-store.js';
import { seedAll } from '../../../src/seeding.js';
import { signIn, type Person } from '../../support/factories.js';
import { granted, refused } from '../support/check.js';
import { ownApp, type OwnApp } from '../support/own-app.js';

const PASSWORD = 'lexiflow-demo';
const DAY = 86_400_000;

let place: OwnApp;
const people = new Map<string, Person>();
const as = (name: string) => people.get(name)!;

beforeAll(async () => {
  // twice: what is there already must stay as it is
  place = await ownApp({ RATE_LIMIT_PER_MINUTE: '5000' }, {
    engine: async (engine) => {
      const demo = new LocalStore(join(engine.folder.root, 'storage'));
      await seedAll(engine, { demo });
      const again = await seedAll(engine, { demo });
      expect(again?.firms.map(({ slug }) => slug)).toEqual(['harbor-finch', 'northgate']);
      return engine;
    },
  });
  for (const role of ['admin', 'partner', 'associate', 'paralegal', 'billing', 'readonly'] as const) people.set(role, await signIn(`${role}@harborfinch.example`, role, PASSWORD, place));
  people.set('northgate', await signIn('admin@northgate.example', 'admin', PASSWORD, place));
});
afterAll(() => place.close());

const cases = async (name: string, query: object = {}) => granted(await as(name).api.GET('/v1/cases', { params: { query: { limit: 200, count: true, sort: 'number', ...query } } }));
const entitled = async (name: string, text: string) => (await cases(name, { q: text })).data[0]!;

test('the demo is a firm at work: cases of many areas in every state, numbered in the order in which they came', async () => {
  const { data, total } = await cases('partner');
  expect(total).toBe(data.length);
  expect(data.length).toBeGreaterThanOrEqual(40);
  const by = (pick: (one: (typeof data)[number]) => string | null) => [...new Set(data.map(pick))];
  expect(by(({ status }) => status).sort()).toEqual(['archived', 'closed', 'intake', 'on_hold', 'open']);
  expect(by(({ practiceArea }) => practiceArea).length).toBeGreaterThanOrEqual(12);
  const known = granted(await as('partner').api.GET('/v1/reference/practice-areas')).data.map(({ code }) => code);
  expect(data.filter(({ practiceArea }) => !known.includes(practiceArea!))).toEqual([]);
  expect(data.every(({ number }) => /^20\d\d-\d{5}$/.test(number))).toBe(true);
  const opened = data.filter(({ openedOn }) => openedOn !== null);
  expect(opened.map(({ openedOn }) => openedOn)).toEqual(opened.map(({ openedOn }) => openedOn).sort());
  expect(opened.every(({ openedOn, number }) => number.startsWith(openedOn!.slice(0, 4)))).toBe(true);
});

test('boards are never empty: something is late, due today, to come and done, and the next deadlines are near', async () => {
  const { api } = as('associate');
  const tasks = granted(await api.GET('/v1/case-tasks', { params: { query: { limit: 200 } } })).data;
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/New_York' }).format();
  const open = tasks.filter(({ status }) => status === 'open' || status === 'in_progress').map(({ dueOn }) => dueOn!);
  expect(open.filter((due) => due < today).length).toBeGreaterThan(5);
  expect(open.filter((due) => due === today).length).toBeGreaterThan(2);
  expect(open.filter((due) => due > today).length).toBeGreaterThan(10);
  expect(tasks.filter(({ status }) => status === 'done').length).toBeGreaterThan(10);
  expect(tasks.filter(({ items }) => items.length > 0).length).toBeGreaterThan(5);
  const events = granted(await api.GET('/v1/case-events', { params: { query: { limit: 200 } } })).data;
  const soon = events.filter(({ startsAt }) => Date.parse(startsAt) > Date.now() && Date.parse(startsAt) < Date.now() + 14 * DAY);
  expect(soon.length).toBeGreaterThan(5);
  expect(events.filter(({ startsAt }) => Date.parse(startsAt) < Date.now()).every(({ status }) => status === 'done')).toBe(true);
  expect((await cases('associate', { expand: 'nextDeadline', status: 'open' })).data.filter((one) => one.nextDeadline).length).toBeGreaterThan(8);
});

test('every case has a timeline that reads as people did it', async () => {
  const { api } = as('partner');
  for (const { id, number } of (await cases('partner')).data) {
    const { data } = granted(await api.GET('/v1/cases/{id}/timeline', { params: { path: { id }, query: { limit: 200 } } }));
    expect(data.length, number).toBeGreaterThan(1);
    expect(data.filter(({ actor }) => actor.kind !== 'user'), number).toEqual([]);
    expect(data.filter(({ text }) => /somebody|undefined|null|changed something/i.test(text)), number).toEqual([]);
  }
  const thornbury = await entitled('partner', 'Thornbury');
  const moves = granted(await api.GET('/v1/cases/{id}/timeline', { params: { path: { id: thornbury.id }, query: { kind: ['status'] } } })).data;
  expect(moves.map(({ text, reason }) => [text, reason])).toEqual([
    ['Eleanor Finch moved the case from closed to open', expect.stringContaining('nephew')], ['Eleanor Finch moved the case from open to closed', null],
  ]);
});

describe('who sees what', () => {
  test('the wall holds: the paralegal finds the walled case nowhere, everybody else does', async () => {
    const walled = await entitled('associate', 'Genovate');
    expect(walled.title).toBe('Bluefern Biologics v. Genovate Labs');
    const { api } = as('paralegal');
    expect((await cases('paralegal', { q: 'Genovate' })).data).toEqual([]);
    expect((await cases('paralegal')).total).toBe((await cases('readonly')).total! - 1);
    refused(await api.GET('/v1/cases/{id}', { params: { path: { id: walled.id } } }), 404, 'not_found');
    refused(await api.GET('/v1/cases/{id}/timeline', { params: { path: { id: walled.id } } }), 404, 'not_found');
    for (const name of ['Genovate', 'Bluefern']) {
      const hits = granted(await api.GET('/v1/quick-search', { params: { query: { q: name } } })).data;
      expect(hits.filter(({ title, subtitle }) => /genovate/i.test(`${title} ${subtitle}`))).toEqual([]);
    }
    const walls = granted(await as('admin').api.GET('/v1/cases/{id}/walls', { params: { path: { id: walled.id } } })).data;
    expect(walls).toMatchObject([{ reason: expect.stringContaining('former counsel') }]);
  });

  test('the restricted case is its members’ alone: no administrator finds it, its client, or what a colleague was told of it', async () => {
    const hidden = await entitled('partner', 'Project Larkspur');
    expect(hidden.access).toBe('restricted');
    for (const name of ['admin', 'paralegal', 'billing', 'readonly']) {
      refused(await as(name).api.GET('/v1/cases/{id}', { params: { path: { id: hidden.id } } }), 404, 'not_found');
      expect((await cases(name, { q: 'Larkspur' })).data).toEqual([]);
      expect(granted(await as(name).api.GET('/v1/contacts', { params: { query: { q: 'Larkspur' } } })).data).toEqual([]);
      expect(granted(await as(name).api.GET('/v1/clients', { params: { query: { q: 'Larkspur' } } })).data).toEqual([]);
    }
    const told = granted(await as('partner').api.GET('/v1/notifications')).data;
    expect(told.find(({ caseId }) => caseId === hidden.id)?.title).toContain('Larkspur');
  });

  test('the second firm has cases of its own and none of the first', async () => {
    const { data } = await cases('northgate');
    expect(data.map(({ number }) => number.slice(0, 3))).toEqual(Array.from({ length: data.length }, () => 'NG-'));
    expect(data.length).toBeGreaterThanOrEqual(5);
  });
});

test('some sixty documents of many kinds lie in folders, with versions; each is read, and those of hidden cases are hidden', async () => {
  await place.drainJobs();
  const list = async (name: string, query: object = {}) => granted(await as(name).api.GET('/v1/documents', { params: { query: { limit: 200, count: true, ...query } } }));
  const { data, total } = await list('associate');
  expect(total).toBeGreaterThanOrEqual(60);
  const versions = data.map(({ currentVersion }) => currentVersion!);
  expect(versions.filter(({ number }) => number > 1).length).toBeGreaterThanOrEqual(12);
  expect(new Set(versions.map(({ mediaType }) => mediaType)).size).toBeGreaterThanOrEqual(12);
  expect([...new Set(versions.map(({ textStatus }) => textStatus))].sort()).toEqual(['extracted', 'image_only']);
  expect(data.filter(({ parentId }) => parentId !== null).map(({ title }) => title)).toContain('Covering letter');
  expect((await list('paralegal', { q: 'protective' })).data).toEqual([]);
  expect((await list('associate', { q: 'protective' })).data).toHaveLength(1);
  expect((await list('admin', { q: 'Larkspur' })).data).toEqual([]);
  expect((await list('northgate')).data.length).toBeGreaterThanOrEqual(3);
});

test('the circle of companies can be walked', async () => {
  const { api } = as('partner');
  const [start] = granted(await api.GET('/v1/contacts', { params: { query: { q: 'Meridian Freight' } } })).data;
  const { nodes, edges } = granted(await api.GET('/v1/contacts/{id}/network', { params: { path: { id: start!.id }, query: { depth: 4 } } }));
  const names = nodes.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(expect.arrayContaining(['Meridian Holdings Corp.', 'Meridian Cold Chain LLC', 'Adelaide Pryce']));
  const idOf = (name: string) => nodes.find((node) => node.name === name)!.id;
  const circle = ['Meridian Freight Systems Inc.', 'Meridian Cold Chain LLC', 'Meridian Holdings Corp.'].map(idOf);
  circle.forEach((from, at) => expect(edges).toContainEqual(expect.objectContaining({ from, to: circle[(at + 1) % 3] })));
});

test('conflict checks were made and decided, and one waits', async () => {
  const checks = granted(await as('partner').api.GET('/v1/conflict-checks')).data;
  expect(checks.map(({ status }) => status).sort()).toEqual(['cleared', 'cleared', 'declined', 'open', 'waived']);
  const waiting = checks.find(({ status }) => status === 'open')!;
  const { names } = granted(await as('partner').api.GET('/v1/conflict-checks/{id}', { params: { path: { id: waiting.id } } }));
  expect(names.flatMap(({ hits }) => hits.map(({ contact }) => contact?.name))).toEqual(expect.arrayContaining(['Curtis Barrowman', 'Quarrystone Construction Co.']));
});
