import { whenViolated } from '../../common/errors/database-errors.js';
import { problem } from '../../common/errors/problem.js';

export { unknownContact } from '../clients/clients.errors.js';
export { caseArchived, unknownPerson } from '../cases/cases.errors.js';

export const assigneeCannotSeeCase = problem(422, 'assignee_cannot_see_case', 'Whoever a task is given to must be able to see the case');
export const attendeeCannotSeeCase = problem(422, 'attendee_cannot_see_case', 'People of the firm who attend must be able to see the case');

export const noteOfAnother = problem(403, 'note_of_another', 'A note is changed by its author, the lead of the case or an administrator');
export const tooManyMentions = problem(422, 'too_many_mentions', 'A note mentions at most 50 people');

export const taskTransition = problem(409, 'task_transition_not_allowed', 'The task cannot take this status now');
export const unknownChecklistItem = problem(422, 'unknown_checklist_item', 'The task has no such checklist item');
export const repeatedChecklistItem = problem(422, 'repeated_checklist_item', 'A checklist item is named twice');

export const eventEndsBeforeStart = problem(422, 'event_ends_before_start', 'An event cannot end before it starts');
export const attendeeNeedsOne = problem(422, 'attendee_needs_one', 'An attendee is either a person of the firm or a contact');
export const repeatedAttendee = problem(422, 'repeated_attendee', 'Somebody attends twice');

whenViolated('case_notes_body_check', problem(422, 'note_empty', 'A note has between 1 and 50,000 characters'), '/body');
whenViolated('case_events_range_check', eventEndsBeforeStart, '/endsAt');
whenViolated('case_event_attendees_who_key', repeatedAttendee, '/attendees');
