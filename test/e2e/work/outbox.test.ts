import { expect, test } from 'vitest';
import { testApp } from '../../support/app.js';
import { newFirm } from '../../support/factories.js';
import { granted, refused } from '../support/check.js';

test('without a mail server developers read mails in the outbox: the newest first, each with its text', async () => {
  const firm = await newFirm();
  for (const name of ['one', 'two']) {
    granted(await firm.admin.api.POST('/v1/users', { body: { email: `${name}@${firm.slug}.example`, givenName: name, familyName: 'X', role: 'associate' } }));
    await (await testApp()).drainJobs();
  }
  const { data, nextCursor } = granted(await firm.admin.api.GET('/v1/dev/outbox'));
  expect(data.map(({ to, status }) => [to, status])).toEqual([[`two@${firm.slug}.example`, 'logged'], [`one@${firm.slug}.example`, 'logged']]);
  expect(data[0]).toMatchObject({ subject: `Your access to Firm ${firm.slug}`, text: expect.stringContaining('Hello two,'), sentAt: expect.any(String) });
  expect(nextCursor).toBeNull();
});

test('a mail that waits is in the outbox too', async () => {
  const firm = await newFirm();
  const { api } = await firm.person('admin');
  granted(await api.POST('/v1/users', { body: { email: `x@${firm.slug}.example`, givenName: 'X', familyName: 'X', role: 'associate' } }));
  expect(granted(await api.GET('/v1/dev/outbox')).data).toEqual([]); // the job that writes it has not run
  await (await testApp()).drainJobs();
  expect(granted(await api.GET('/v1/dev/outbox')).data).toHaveLength(1);
});

test('the outbox holds other people’s links: only who manages people reads it, and only his firm’s', async () => {
  const [firm, other] = [await newFirm(), await newFirm()];
  granted(await firm.admin.api.POST('/v1/users', { body: { email: `x@${firm.slug}.example`, givenName: 'X', familyName: 'X', role: 'associate' } }));
  await (await testApp()).drainJobs();
  const partner = await firm.person('partner');
  refused(await partner.api.GET('/v1/dev/outbox'), 403, 'forbidden');
  expect(granted(await other.admin.api.GET('/v1/dev/outbox')).data).toEqual([]);
});
