import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { Jobs } from '../jobs/jobs.service.js';
import { Notifications } from '../notifications/notifications.service.js';
import * as sql from './case-events.queries.js';

interface Reminder {
  caseId: string;
  kind: string;
  title: string;
  number: string;
  at: string;
  timeZone: string;
  userIds: string[];
}

/**
 * Reminders of events. The database plans them (case_event_reminders); for the next one of an event a job waits, which
 * sends what is due and makes the job for the one after it. A job that comes too early, because the event has moved,
 * finds nothing to send.
 */
@Injectable()
export class Reminders {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly notifications: Notifications,
  ) {}

  /** Sees to it that a job waits for the event's next reminder. */
  async scheduleNext(eventId: string): Promise<void> {
    const next = await this.database.first<{ due: string; delaySeconds: number }>(sql.NEXT_REMINDER, [eventId]);
    // the firm's own work: those who are reminded are others than those who planned it
    if (next) await this.jobs.enqueue('casework.remind', { eventId }, { runAs: null, delaySeconds: next.delaySeconds, uniqueKey: `${eventId}:${next.due}` });
  }

  /** Notifies those who attend, and the responsible attorney: whoever of them sees the case, once. */
  async sendDue(eventId: string): Promise<void> {
    const taken = await this.database.query<{ current: boolean }>(sql.TAKE_DUE_REMINDERS, [eventId]);
    if (taken.some(({ current }) => current)) {
      const reminder = (await this.database.first<Reminder>(sql.REMINDER, [eventId]))!;
      await this.notifications.notifyAll(reminder.userIds, {
        kind: 'reminder', title: `${reminder.at}: ${reminder.title} (${reminder.number})`, body: `${word(reminder.kind)} on ${reminder.at}, ${reminder.timeZone}`,
        subjectType: 'case_event', subjectId: eventId, caseId: reminder.caseId,
      });
    }
    await this.scheduleNext(eventId);
  }
}

const word = (kind: string): string => kind.charAt(0).toUpperCase() + kind.slice(1);
