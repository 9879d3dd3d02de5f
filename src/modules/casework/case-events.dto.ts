import { PageQuery } from '../../common/pagination/page.js';
import { Answer, AnswerId, AnswerInstant, Flag, Id, Instant, Items, OneOf, QueryFlag, QuerySome, Text, Wholes } from '../../common/validation/fields.js';
import { CaseworkCaseDto, CaseworkPersonDto } from './casework.dto.js';

export const EVENT_KINDS = ['event', 'deadline', 'hearing', 'meeting', 'deposition', 'mediation', 'trial', 'filing', 'call', 'other'] as const;
export const EVENT_STATUSES = ['scheduled', 'done', 'cancelled'] as const;
export const RESPONSES = ['needs_action', 'accepted', 'declined', 'tentative'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];
export type EventStatus = (typeof EVENT_STATUSES)[number];
export type AttendeeResponse = (typeof RESPONSES)[number];

/** Who attends: a person of the firm or a contact. */
export class EventAttendee {
  @Id({ optional: true, nullable: true, description: 'A person of the firm who sees the case' }) userId?: string | null;
  @Id({ optional: true, nullable: true, description: 'A contact; instead of `userId`' }) contactId?: string | null;
  @OneOf(RESPONSES, { optional: true, description: 'Absent: as it was' }) response?: AttendeeResponse;
}

const ENDS = 'Absent: open-ended; an all-day event lasts one day. When only the start moves, the end moves with it.';
const ALL_DAY = 'Whole days in the time zone of the event: the start is taken back to midnight, the end is the midnight after the last day';
const REMINDERS = 'Minutes before the start at which attendees and the responsible attorney are notified';
const ATTENDEES = 'All attendees: who is not sent does not attend any more';

export class CreateCaseEvent {
  @Text({ max: 300, example: 'Hearing on the motion to dismiss' }) title!: string;
  @OneOf(EVENT_KINDS, { optional: true, description: 'event when absent' }) kind?: EventKind;
  @Text({ optional: true, nullable: true, max: 20_000 }) description?: string | null;
  @Text({ optional: true, nullable: true, max: 300, example: 'Courtroom 14C' }) location?: string | null;
  @Instant({ example: '2026-12-01T14:30:00Z' }) startsAt!: string;
  @Instant({ optional: true, nullable: true, example: '2026-12-01T16:00:00Z', description: ENDS }) endsAt?: string | null;
  @Flag({ optional: true, description: ALL_DAY }) allDay?: boolean;
  @Text({ optional: true, max: 64, example: 'America/New_York', description: 'IANA name; absent: the firm’s' }) timeZone?: string;
  @Wholes({ optional: true, min: 0, max: 525_600, minItems: 0, maxItems: 5, example: [1440, 60], description: REMINDERS }) reminders?: number[];
  @Items(() => EventAttendee, { optional: true, max: 100, description: ATTENDEES }) attendees?: EventAttendee[];
}

export class UpdateCaseEvent {
  @Text({ optional: true, max: 300 }) title?: string;
  @OneOf(EVENT_KINDS, { optional: true }) kind?: EventKind;
  @Text({ optional: true, nullable: true, max: 20_000 }) description?: string | null;
  @Text({ optional: true, nullable: true, max: 300 }) location?: string | null;
  @Instant({ optional: true }) startsAt?: string;
  @Instant({ optional: true, nullable: true, description: ENDS }) endsAt?: string | null;
  @Flag({ optional: true, description: ALL_DAY }) allDay?: boolean;
  @Text({ optional: true, max: 64 }) timeZone?: string;
  @OneOf(EVENT_STATUSES, { optional: true, description: 'Only scheduled events remind' }) status?: EventStatus;
  @Wholes({ optional: true, min: 0, max: 525_600, minItems: 0, maxItems: 5, description: REMINDERS }) reminders?: number[];
  @Items(() => EventAttendee, { optional: true, max: 100, description: ATTENDEES }) attendees?: EventAttendee[];
}

export class EventsOfCaseQuery extends PageQuery {
  @Instant({ optional: true, description: 'Only what goes on at or after this instant' }) from?: string;
  @Instant({ optional: true, description: 'Only what starts before this instant' }) to?: string;
  @QuerySome(EVENT_KINDS) kind?: EventKind[];
  @QuerySome(EVENT_STATUSES) status?: EventStatus[];
  @Id({ optional: true, description: 'A person or contact who attends' }) attendeeId?: string;
  @QueryFlag({ description: 'What the caller attends, and what stands on cases he is the responsible attorney of' }) mine?: boolean;
}

export class CaseEventsQuery extends EventsOfCaseQuery {
  @Id({ optional: true }) caseId?: string;
}

export class EventAttendeeDto {
  @AnswerId() id!: string;
  @Answer({ type: String, format: 'uuid', nullable: true }) userId!: string | null;
  @Answer({ type: String, format: 'uuid', nullable: true }) contactId!: string | null;
  @Answer({ type: String }) name!: string;
  @Answer({ type: String, enum: [...RESPONSES] }) response!: AttendeeResponse;
}

export class CaseEventDto {
  @AnswerId() id!: string;
  @AnswerId() caseId!: string;
  @Answer({ type: () => CaseworkCaseDto }) case!: CaseworkCaseDto;
  @Answer({ type: String, enum: [...EVENT_KINDS] }) kind!: EventKind;
  @Answer({ type: String }) title!: string;
  @Answer({ type: String, nullable: true }) description!: string | null;
  @Answer({ type: String, nullable: true }) location!: string | null;
  @AnswerInstant() startsAt!: string;
  @AnswerInstant(undefined, true) endsAt!: string | null;
  @Answer({ type: Boolean }) allDay!: boolean;
  @Answer({ type: String }) timeZone!: string;
  @Answer({ type: String, description: 'The start on the clocks of the time zone', example: '2026-12-01T09:30' }) localStart!: string;
  @Answer({ type: String, nullable: true, description: 'The end on the clocks of the time zone' }) localEnd!: string | null;
  @Answer({ type: String, enum: [...EVENT_STATUSES] }) status!: EventStatus;
  @Answer({ type: 'array', items: { type: 'integer' }, description: REMINDERS }) reminders!: number[];
  @Answer({ type: () => [EventAttendeeDto] }) attendees!: EventAttendeeDto[];
  @Answer({ type: () => CaseworkPersonDto, nullable: true }) createdBy!: CaseworkPersonDto | null;
  @Answer({ type: 'integer' }) version!: number;
  @AnswerInstant() createdAt!: string;
  @AnswerInstant() updatedAt!: string;
}
