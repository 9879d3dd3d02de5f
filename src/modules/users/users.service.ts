import { Injectable } from '@nestjs/common';
import { notFound } from '../../common/errors/problem.js';
import { assertFresh } from '../../common/http/etag.js';
import { newId } from '../../common/ids.js';
import { listPage } from '../../common/pagination/list.js';
import type { Page } from '../../common/pagination/page.js';
import { assertTimeZone } from '../../common/validation/time-zone.js';
import { Database } from '../../database/database.js';
import { Jobs } from '../jobs/jobs.service.js';
import type { CreateUser, UpdateUser, UserDto, UserQuery } from './users.dto.js';
import * as errors from './users.errors.js';
import * as sql from './users.queries.js';

@Injectable()
export class Users {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
  ) {}

  list(query: UserQuery): Promise<Page<UserDto>> {
    return listPage<UserDto>(this.database, sql.USER_LIST, query, sql.userFilters(query));
  }

  async get(id: string): Promise<UserDto> {
    const user = await this.database.first<UserDto>(sql.USER_BY_ID, [id]);
    if (!user) throw notFound();
    return user;
  }

  /** The person is invited: the mail goes out when this has been committed. */
  async create(input: CreateUser): Promise<UserDto> {
    assertTimeZone(input.timeZone);
    const user = await this.database.first<UserDto>(sql.INSERT_USER, [
      this.database.firmId, newId(), input.email, input.givenName, input.familyName, input.initials ?? null, input.title ?? null,
      input.phone ?? null, input.role, input.timeZone ?? null, input.language ?? null,
    ]);
    await this.jobs.enqueue('auth.invite', { userId: user!.id }, { runAs: null });
    return user!;
  }

  /** Another role takes effect with the next request of that person: tokens made for the old one are refused. */
  async update(id: string, changes: UpdateUser): Promise<UserDto> {
    assertTimeZone(changes.timeZone);
    const current = await this.lock(id);
    assertFresh(current, current);
    const { text, values } = sql.updateUser(id, changes);
    return (await this.database.first<UserDto>(text, values))!;
  }

  /** Ends keys with the same stroke; the database ends the sessions and keeps the last admin. */
  async deactivate(id: string): Promise<UserDto> {
    const current = await this.lock(id);
    assertFresh(current, current);
    if (current.status === 'deactivated') throw errors.alreadyDeactivated();
    const [rows] = await this.database.batch([
      { text: sql.DEACTIVATE_USER, values: [id] },
      { text: sql.REVOKE_EVERY_KEY, values: [id] },
    ]);
    return rows![0] as unknown as UserDto;
  }

  /** Lets the person in again; keys stay revoked, sessions stay ended. */
  async reactivate(id: string): Promise<UserDto> {
    const current = await this.lock(id);
    assertFresh(current, current);
    if (current.status !== 'deactivated') throw errors.notDeactivated();
    return (await this.database.first<UserDto>(sql.REACTIVATE_USER, [id]))!;
  }

  /** Sends the invitation once more; the link sent before stops working. */
  async invite(id: string): Promise<void> {
    const current = await this.lock(id);
    if (current.status !== 'invited') throw current.status === 'active' ? errors.invitationAccepted() : errors.alreadyDeactivated();
    await this.jobs.enqueue('auth.invite', { userId: id }, { runAs: null });
  }

  private async lock(id: string): Promise<UserDto> {
    const user = await this.database.first<UserDto>(sql.LOCK_USER, [id]);
    if (!user) throw notFound();
    return user;
  }
}
