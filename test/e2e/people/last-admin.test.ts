import { expect, test } from 'vitest';
import { newFirm } from '../../support/factories.js';
import { asFirm, changeRole, deactivate } from '../support/fixtures.js';
import { granted, refused } from '../support/check.js';

test('the last administrator can neither be shut out nor made something else, not even by himself', async () => {
  const firm = await newFirm();
  const params = { path: { id: firm.admin.id }, header: { 'If-Match': '*' } };
  const { api } = firm.admin;
  const problem = refused(await api.POST('/v1/users/{id}/deactivate', { params }), 409, 'last_admin');
  expect(problem.detail).toBe('Make somebody else administrator first.');
  refused(await api.PATCH('/v1/users/{id}', { params, body: { role: 'partner' } }), 409, 'last_admin');
  expect(granted(await api.GET('/v1/me'))).toMatchObject({ role: 'admin', status: 'active', version: 1 });
});

test('an administrator who is only invited or shut out does not count', async () => {
  const firm = await newFirm();
  granted(await firm.admin.api.POST('/v1/users', { body: { email: `next@${firm.slug}.example`, givenName: 'N', familyName: 'Ext', role: 'admin' } }));
  const other = await firm.person('admin');
  await deactivate(firm, other);
  const params = { path: { id: firm.admin.id }, header: { 'If-Match': '*' } };
  refused(await firm.admin.api.POST('/v1/users/{id}/deactivate', { params }), 409, 'last_admin');
});

test('where there are two, one can go, and then the other cannot', async () => {
  const firm = await newFirm();
  const other = await firm.person('admin');
  await changeRole({ ...firm, admin: other }, firm.admin, 'partner');
  const params = { path: { id: other.id }, header: { 'If-Match': '*' } };
  refused(await other.api.PATCH('/v1/users/{id}', { params, body: { role: 'readonly' } }), 409, 'last_admin');
});

test('the database keeps the last administrator whatever the statement', async () => {
  const firm = await newFirm();
  await expect(asFirm(firm, `update users set role = 'readonly'`)).rejects.toMatchObject({ code: '23514' });
  await expect(asFirm(firm, `update users set status = 'deactivated', deactivated_at = now()`)).rejects.toMatchObject({ code: '23514' });
});
