import type { Permission } from '../../common/auth/permissions.js';

/** What can happen on a case, in the words of the filter. */
export const TIMELINE_KINDS = ['case', 'status', 'access', 'member', 'party', 'wall', 'note', 'task', 'event', 'conflict_check', 'folder', 'document', 'hold', 'refused_access'] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

export const TIMELINE_ACTIONS = ['added', 'changed', 'removed', 'refused'] as const;
export type TimelineAction = (typeof TIMELINE_ACTIONS)[number];

/** Tables of the audit trail that the timeline tells of, and the kind of what happens in them. */
export const KIND_OF_TABLE = {
  cases: 'case',
  case_members: 'member',
  case_parties: 'party',
  case_walls: 'wall',
  case_notes: 'note',
  case_tasks: 'task',
  case_task_items: 'task',
  case_events: 'event',
  case_event_attendees: 'event',
  conflict_checks: 'conflict_check',
  folders: 'folder',
  documents: 'document',
  document_versions: 'document',
  document_checkouts: 'document',
  document_exports: 'document',
  holds: 'hold',
} as const satisfies Record<string, TimelineKind>;
export type TimelineTable = keyof typeof KIND_OF_TABLE;

/** What a row of each table is called by the API. */
export const SUBJECTS: Readonly<Record<TimelineTable, string>> = {
  cases: 'case', case_members: 'case_member', case_parties: 'case_party', case_walls: 'case_wall', case_notes: 'case_note', case_tasks: 'case_task',
  case_task_items: 'case_task_item', case_events: 'case_event', case_event_attendees: 'case_event_attendee', conflict_checks: 'conflict_check',
  folders: 'folder', documents: 'document', document_versions: 'document_version', document_checkouts: 'document_checkout', document_exports: 'document_export', holds: 'hold',
};

/** Tables that name a case and are not told of, with the reason. */
export const UNTOLD: Readonly<Record<string, string>> = {
  conflict_subjects: 'names the case that was hit; its readers must not learn for which other case somebody looked',
};

/** Changes of these columns make a change of a case one of another kind. */
export const KIND_OF_CASE_COLUMN: readonly (readonly [column: string, kind: TimelineKind])[] = [['status', 'status'], ['access', 'access']];

/** Kinds that only some may read of: as they may read of the things themselves. */
export const KIND_NEEDS: Partial<Record<TimelineKind, Permission>> = { wall: 'walls.manage', refused_access: 'audit.read' };

/** Rows that come and go with the row they hang on, which is told: the column that names it, and its table. */
export const PARENT_OF_TABLE: Partial<Record<TimelineTable, { table: TimelineTable; column: string }>> = {
  case_task_items: { table: 'case_tasks', column: 'task_id' },
  case_event_attendees: { table: 'case_events', column: 'event_id' },
  document_versions: { table: 'documents', column: 'document_id' },
  document_checkouts: { table: 'documents', column: 'document_id' },
};
