import { expect, test } from 'vitest';
import { newFirm } from '../support/factories.js';

test('a person signs in and learns who he is', async () => {
  const firm = await newFirm();
  const { data } = await firm.admin.api.GET('/v1/me');
  expect(data?.email).toBe(firm.admin.email);
});
