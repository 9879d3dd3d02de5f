import { expect, test } from 'vitest';
import { newId } from '../../src/common/ids.js';
import { testApp } from '../support/app.js';
import { newFirm } from '../support/factories.js';
import { send, tally } from '../support/http.js';

test('the two members of a restricted case who wall each other off at once do not lock everybody out', async () => {
  const { database } = await testApp();
  const firm = await newFirm();
  const [a, b] = [firm.admin, await firm.person('admin')];
  const [contact, client] = [newId(), newId()];
  const cases = Array.from({ length: 30 }, newId);
  await database.write({ kind: 'system', firmId: firm.id }, () => database.batch([
    { text: `insert into contacts (firm_id, id, kind, company_name) values ($1, $2, 'company', 'Meridian')`, values: [firm.id, contact] },
    { text: 'insert into clients (firm_id, id, contact_id) values ($1, $2, $3)', values: [firm.id, client, contact] },
    ...cases.flatMap((id) => [
      { text: `insert into cases (firm_id, id, title, client_id) values ($1, $2, 'Between two', $3)`, values: [firm.id, id, client] },
      ...[a, b].map((person) => ({ text: `insert into case_members (firm_id, id, case_id, user_id, role) values ($1, $2, $3, $4, 'lead')`, values: [firm.id, newId(), id, person.id] })),
      { text: `update cases set access = 'restricted' where id = $1`, values: [id] },
    ]),
  ]));
  const statuses: number[] = [];
  for (const id of cases) {
    const both = await Promise.all([[a, b], [b, a]].map(([by, of]) => send(by, 'POST', `/v1/cases/${id}/walls`, { userId: of!.id, reason: 'At once' })));
    statuses.push(...both.map(({ status }) => status));
    expect([404, 409]).toContain(Math.max(...both.map(({ status }) => status)));
    expect(both.filter(({ status }) => status === 201)).toHaveLength(1);
    const sees = await Promise.all([a, b].map((person) => send(person, 'GET', `/v1/cases/${id}/walls`)));
    expect(sees.map(({ status }) => status).sort()).toEqual([200, 404]);
  }
  console.log('answers', tally(statuses));
});
