import { Injectable } from '@nestjs/common';
import { assertStrong, hashPassword, passwordFits } from '../../common/auth/passwords.js';
import { forbidden, notFound } from '../../common/errors/problem.js';
import { currentPrincipal, currentRequest } from '../../common/http/request-context.js';
import { listPage } from '../../common/pagination/list.js';
import type { Page } from '../../common/pagination/page.js';
import { Database } from '../../database/database.js';
import { FIRM } from '../firms/firms.queries.js';
import type { FirmDto } from '../firms/firms.dto.js';
import { USER_BY_ID } from '../users/users.queries.js';
import type { UpdateMe, UserDto } from '../users/users.dto.js';
import { Users } from '../users/users.service.js';
import type { ChangePassword, MeDto, SessionDto, SessionQuery } from './auth.dto.js';
import * as errors from './auth.errors.js';
import * as sql from './auth.queries.js';
import { SESSION_BY_ID, SESSION_LIST, sessionFilters } from './sessions.queries.js';
import { SignIn, throttleKeys } from './sign-in.js';

/** What people do with their own account. */
@Injectable()
export class Account {
  constructor(
    private readonly database: Database,
    private readonly users: Users,
    private readonly signIn: SignIn,
  ) {}

  async me(): Promise<MeDto> {
    const { userId, permissions, credential } = currentPrincipal();
    const [users, firms, unread] = await this.database.batch([{ text: USER_BY_ID, values: [userId] }, { text: FIRM }, { text: sql.UNREAD }]);
    return {
      ...(users![0] as unknown as UserDto),
      firm: firms![0] as unknown as FirmDto,
      permissions: [...permissions].sort(),
      credential,
      unreadNotifications: unread![0]!['unread'] as number,
    };
  }

  async updateMe(changes: UpdateMe): Promise<MeDto> {
    if (currentPrincipal().credential.kind !== 'session') throw forbidden('Your details are changed after a login, not with an API key.');
    await this.users.update(currentPrincipal().userId, changes);
    return this.me();
  }

  /** Every other session ends; this one goes on. */
  async changePassword(input: ChangePassword): Promise<void> {
    const principal = currentPrincipal();
    if (principal.credential.kind !== 'session') throw forbidden('A password is changed after a login, not with an API key.');
    const row = await this.database.read(principal, async () => this.database.first<{ hash: string | null; email: string }>(sql.PASSWORD_OF, [principal.userId]));
    const keys = throttleKeys(`change:${principal.userId}`, undefined);
    await this.database.read({ kind: 'guest' }, () => this.signIn.assertNotThrottled(keys));
    if (!(await passwordFits(row?.hash, input.currentPassword))) {
      await this.signIn.recordFailure(keys, [principal]);
      throw errors.wrongPassword({ errors: [{ pointer: '/currentPassword', code: 'wrong_password', message: 'is not the current password' }] });
    }
    assertStrong(input.newPassword, row!.email, '/newPassword');
    const hash = await hashPassword(input.newPassword);
    const { requestId, address } = currentRequest()!;
    await this.database.write(principal, async () => {
      await this.database.execute(sql.SET_PASSWORD, [principal.firmId, principal.userId, hash]);
      await this.database.execute(sql.END_SESSIONS_OF, [principal.userId, 'password_changed', principal.credential.id]);
    }, { requestId, address });
  }

  /** Ends this session: its access tokens stop with the next request, its refresh token at once. */
  async logout(): Promise<void> {
    const { credential } = currentPrincipal();
    if (credential.kind !== 'session') throw forbidden('An API key is revoked with DELETE /v1/api-keys/:id.');
    await this.database.execute(sql.END_SESSION, [credential.id, 'logout']);
  }

  sessions(query: SessionQuery): Promise<Page<SessionDto>> {
    const principal = currentPrincipal();
    const userId = query.userId ?? principal.userId;
    assertMayManage(userId);
    return listPage<SessionDto>(this.database, SESSION_LIST, query, sessionFilters(userId, query.active), (row) => ({ ...row, current: row.id === principal.credential.id }));
  }

  async endSession(id: string): Promise<void> {
    const session = await this.database.first<SessionDto>(SESSION_BY_ID, [id]);
    if (!session) throw notFound();
    const { userId, permissions } = currentPrincipal();
    if (session.userId !== userId && !permissions.has('sessions.manage')) throw notFound();
    assertMayManage(session.userId);
    await this.database.execute(sql.END_SESSION, [id, 'revoked']);
  }
}

/** One's own sessions are a matter of the person; a key was given out for something else, unless it says so. */
function assertMayManage(userId: string): void {
  const { userId: me, credential, permissions } = currentPrincipal();
  if (permissions.has('sessions.manage') || (userId === me && credential.kind === 'session')) return;
  const whose = userId === me ? 'An API key reaches sessions' : 'Sessions of other people are reached';
  throw forbidden({ detail: `${whose} only with the permission "sessions.manage".`, members: { permission: 'sessions.manage' } });
}
