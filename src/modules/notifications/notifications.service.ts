import { Injectable } from '@nestjs/common';
import { notFound } from '../../common/errors/problem.js';
import { newId } from '../../common/ids.js';
import { listPage } from '../../common/pagination/list.js';
import type { Page } from '../../common/pagination/page.js';
import { Database } from '../../database/database.js';
import type { NotificationDto, NotificationKind, NotificationsQuery, NotificationsReadDto, NotificationSummaryDto } from './notifications.dto.js';
import * as sql from './notifications.queries.js';

export interface NewNotification {
  userId: string;
  kind: NotificationKind;
  /** Cut to 300 characters. */
  title: string;
  body?: string;
  /** What it is about: kind and id of a resource, both or neither. */
  subjectType?: string;
  subjectId?: string;
  /** The case it is about: who does not see the case any more does not see the notification either. */
  caseId?: string;
}

/** What users should know. Each sees his own, whoever wrote it. */
@Injectable()
export class Notifications {
  constructor(private readonly database: Database) {}

  /** Writes in the caller's transaction. */
  notify(input: NewNotification): Promise<void> {
    return this.notifyAll([input.userId], input);
  }

  /** The same for several people, with one statement. */
  async notifyAll(userIds: readonly string[], input: Omit<NewNotification, 'userId'>): Promise<void> {
    if (userIds.length === 0) return;
    const title = [...input.title].slice(0, 300).join('');
    await this.database.execute(sql.INSERT_NOTIFICATION, [
      this.database.firmId, userIds.map(newId), userIds, input.kind, title, input.body ?? null, input.subjectType ?? null, input.subjectId ?? null, input.caseId ?? null,
    ]);
  }

  list(query: NotificationsQuery): Promise<Page<NotificationDto>> {
    return listPage<NotificationDto>(this.database, sql.NOTIFICATION_LIST, query, sql.notificationFilters(this.database.userId, query));
  }

  get(id: string): Promise<NotificationDto> {
    return this.one(sql.NOTIFICATION_BY_ID, id);
  }

  /** Reading it twice changes nothing: the first time counts. */
  markRead(id: string): Promise<NotificationDto> {
    return this.one(sql.MARK_READ, id);
  }

  markUnread(id: string): Promise<NotificationDto> {
    return this.one(sql.MARK_UNREAD, id);
  }

  async markAllRead(): Promise<NotificationsReadDto> {
    return { updated: await this.database.execute(sql.MARK_ALL_READ, [this.database.userId]) };
  }

  async summary(): Promise<NotificationSummaryDto> {
    return (await this.database.first<NotificationSummaryDto>(sql.SUMMARY, [this.database.userId]))!;
  }

  private async one(text: string, id: string): Promise<NotificationDto> {
    const notification = await this.database.first<NotificationDto>(text, [id]);
    if (!notification) throw notFound();
    return notification;
  }
}
