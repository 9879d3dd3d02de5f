import { expect, test } from 'vitest';
import { testApp } from '../support/app.js';
import { newFirm } from '../support/factories.js';
import { atOnce, send } from '../support/http.js';
import { indexVersions } from '../support/indexing.js';
import { newCase } from '../e2e/casework/fixtures.js';
import { addText, ids, search } from '../e2e/search/fixtures.js';

test('indexes made at once wait for each other and count every word', async () => {
  const firm = await newFirm();
  const { id: caseId } = await newCase(firm);
  const shared = Array.from({ length: 80 }, (_, i) => `common${i}`);
  // the same words in another order, so that whoever locks them as they come runs into a circle
  await atOnce(12, (i) => addText(firm, { caseId, pages: [(i % 2 ? shared : shared.toReversed()).join(' '), `own${i}`] }));
  const { database } = await testApp();
  const total = (await search(firm.admin, 'common7')).total;
  expect(total).toBe(12);
  const again = (await database.read({ kind: 'system', firmId: firm.id }, () => database.query<{ id: string }>('select id from document_versions'))).map(({ id }) => id);
  const before = (await search(firm.admin, 'common7 own3')).data[0]!.score;
  await database.write({ kind: 'system', firmId: firm.id }, () => database.execute(`update document_texts set finished_at = finished_at + interval '1 second'`));
  await atOnce(24, (i) => indexVersions(database, firm.id, [again[i % again.length]!]));
  expect((await search(firm.admin, 'common7 own3')).data[0]!.score).toBe(before);
});

test('a case that is restricted while its documents are indexed shows none of them afterwards', async () => {
  const firm = await newFirm();
  const stranger = await firm.person('associate');
  for (let round = 0; round < 4; round++) {
    const { id: caseId } = await newCase(firm, { members: [firm.admin] });
    const word = `secret${round}word`;
    await Promise.all([
      ...Array.from({ length: 6 }, () => addText(firm, { caseId, pages: [word] })),
      send(firm.admin, 'PATCH', `/v1/cases/${caseId}`, { access: 'restricted' }, { 'if-match': '*' }).then(({ status }) => expect(status).toBe(200)),
    ]);
    expect((await ids(firm.admin, word)).length).toBe(6);
    expect(await search(stranger, word)).toMatchObject({ total: 0, data: [], facets: { case: [], type: [], author: [], year: [] } });
  }
});
