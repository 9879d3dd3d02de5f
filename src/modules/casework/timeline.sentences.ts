import { isUuid } from '../../common/validation/fields.js';
import type { TimelineAction, TimelineTable } from './timeline.kinds.js';

type Values = Record<string, unknown>;

/** One change as the audit trail has it, and what it needs to be told. */
export interface Happening {
  table: TimelineTable;
  action: TimelineAction;
  rowId: string;
  userId: string | null;
  /** Of a change: what changed, as it was. Of anything else: nothing. */
  before: Values;
  /** Of a change: what changed, as it became. Of anything else: the row. */
  now: Values;
  /** Names of people, contacts and rows, as far as the caller may know them. */
  names: ReadonlyMap<string, string>;
}

/** Columns whose names are no words for a reader. */
const WORDS: Record<string, string> = {
  opened_on: 'opening date', closed_on: 'closing date', limitation_on: 'limitation date', due_on: 'due date', starts_at: 'start', ends_at: 'end', all_day: 'whole days',
  client_matter_id: 'client’s own number', represented_by_id: 'counsel', completed_at: 'completion', completed_by: 'completion', reminders: 'reminders', metadata: 'additional data',
};
/** A column in words. */
export const wordOf = (column: string): string => WORDS[column] ?? column.replace(/_id$/, '').replaceAll('_', ' ');
const words = (value: unknown): string => String(value).replaceAll('_', ' ');

/** a, b and c */
const listed = (parts: readonly string[]): string => (parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts[parts.length - 1]}`);
const article = (noun: string): string => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
const quoted = (text: string | undefined, otherwise: string): string => (text === undefined ? otherwise : `“${text}”`);
const nameOf = ({ names }: Happening, id: unknown, otherwise = 'somebody'): string => names.get(String(id)) ?? otherwise;

/** “changed title and description”, without what the sentence has told already. */
function changed(columns: readonly string[], of: string): string {
  return columns.length === 0 ? '' : `changed ${listed([...new Set(columns.map(wordOf))])}${of}`;
}

const columnsBut = ({ now }: Happening, ...told: string[]): string[] => Object.keys(now).filter((column) => !told.includes(column)).sort();
const joined = (...parts: (string | false | undefined)[]): string => listed(parts.filter((part): part is string => !!part));

type Tell = (h: Happening) => string;
type Sentences = Record<Exclude<TimelineAction, 'refused'>, Tell>;

/** What was done, without who did it: one sentence per table and action. */
const SENTENCES: Record<TimelineTable, Sentences> = {
  cases: {
    added: ({ now }) => (now['status'] === 'open' ? 'opened the case' : 'created the case'),
    changed: (h) => {
      const { before, now } = h;
      const person = (column: string, word: string) =>
        column in now && (now[column] === null ? `took the ${word} off` : `made ${nameOf(h, now[column])} ${word}`);
      return joined(
        'status' in now && `moved the case from ${words(before['status'])} to ${words(now['status'])}`,
        'access' in now && (now['access'] === 'restricted' ? 'restricted the case to its members' : 'opened the case to the firm'),
        person('responsible_attorney_id', 'responsible attorney'), person('originating_attorney_id', 'originating attorney'),
        // dates that a change of status brings with it are part of that
        changed(columnsBut(h, 'status', 'access', 'responsible_attorney_id', 'originating_attorney_id', ...('status' in now ? ['opened_on', 'closed_on'] : [])), ' of the case'),
      );
    },
    removed: () => 'removed the case',
  },
  case_members: {
    added: (h) => `added ${nameOf(h, h.now['user_id'])} to the case as ${words(h.now['role'])}`,
    changed: (h) => ('role' in h.now ? `made ${nameOf(h, h.rowId, 'a member')} ${words(h.now['role'])} instead of ${words(h.before['role'])}` : changed(columnsBut(h), ` of the member ${nameOf(h, h.rowId, '')}`.trimEnd())),
    removed: (h) => `took ${nameOf(h, h.now['user_id'])}, ${words(h.now['role'])}, off the case`,
  },
  case_parties: {
    added: (h) => `added ${nameOf(h, h.now['contact_id'])} as ${words(h.now['role'])}`,
    changed: (h) => joined(
      'role' in h.now && `made ${nameOf(h, h.rowId, 'a party')} ${words(h.now['role'])} instead of ${words(h.before['role'])}`,
      changed(columnsBut(h, 'role'), ` of ${nameOf(h, h.rowId, 'a party')}`),
    ),
    removed: (h) => `removed ${nameOf(h, h.now['contact_id'])} as ${words(h.now['role'])}`,
  },
  case_walls: {
    added: (h) => `walled ${nameOf(h, h.now['user_id'])} off from the case`,
    changed: (h) => ('lifted_at' in h.now ? `lifted the wall for ${nameOf(h, h.rowId)}` : changed(columnsBut(h), ` of the wall for ${nameOf(h, h.rowId)}`)),
    removed: (h) => `removed the wall for ${nameOf(h, h.now['user_id'])}`,
  },
  case_notes: {
    added: () => 'wrote a note',
    changed: (h) => joined('pinned' in h.now && (h.now['pinned'] === true ? 'pinned a note' : 'took a note off the top'), columnsBut(h, 'pinned').length > 0 && 'changed a note'),
    removed: () => 'removed a note',
  },
  case_tasks: {
    added: (h) => `added the task ${quoted(String(h.now['title']), 'a task')}${h.now['assignee_id'] ? ` for ${nameOf(h, h.now['assignee_id'])}` : ''}`,
    changed: (h) => {
      const task = `the task ${quoted(h.names.get(h.rowId), '')}`.trimEnd();
      const { now, before } = h;
      const status: Record<string, string> = { done: `completed ${task}`, cancelled: `cancelled ${task}`, in_progress: `began ${task}`, open: `reopened ${task}` };
      return joined(
        'status' in now && status[String(now['status'])],
        'assignee_id' in now && (now['assignee_id'] === null ? `took ${task} from ${nameOf(h, before['assignee_id'])}` : `gave ${task} to ${nameOf(h, now['assignee_id'])}`),
        'due_on' in now && `moved the due date of ${task} from ${words(before['due_on'] ?? 'none')} to ${words(now['due_on'] ?? 'none')}`,
        changed(columnsBut(h, 'status', 'assignee_id', 'due_on', 'completed_at', 'completed_by'), ` of ${task}`),
      );
    },
    removed: (h) => `removed the task ${quoted(String(h.now['title']), 'a task')}`,
  },
  case_task_items: {
    added: (h) => `added “${words(h.now['title'])}” to the checklist of ${ofTask(h, h.now['task_id'])}`,
    changed: (h) => {
      const item = quoted(h.names.get(h.rowId), 'a line');
      const { now } = h;
      return joined(
        'done' in now && (now['done'] === true ? `ticked ${item} off the checklist` : `took the tick off ${item} on the checklist`),
        'title' in now && 'renamed a line of a checklist',
        'position' in now && !('done' in now) && !('title' in now) && `moved ${item} on the checklist`,
      );
    },
    removed: (h) => `removed “${String(h.now['title'])}” from the checklist of ${ofTask(h, h.now['task_id'])}`,
  },
  case_events: {
    added: ({ now }) => `scheduled ${article(words(now['kind']))}: ${quoted(String(now['title']), '')}`,
    changed: (h) => {
      const event = quoted(h.names.get(h.rowId), 'an event');
      const { now } = h;
      const status: Record<string, string> = { done: `marked ${event} as done`, cancelled: `cancelled ${event}`, scheduled: `scheduled ${event} again` };
      return joined(
        'status' in now && status[String(now['status'])],
        'starts_at' in now && `moved ${event}`,
        changed(columnsBut(h, 'status', 'starts_at', ...('starts_at' in now ? ['ends_at'] : [])), ` of ${event}`),
      );
    },
    removed: ({ now }) => `removed the ${words(now['kind'])} “${String(now['title'])}”`,
  },
  case_event_attendees: {
    added: (h) => `added ${attendee(h)} to ${ofEvent(h, h.now['event_id'])}`,
    changed: (h) => ('response' in h.now ? `noted that ${nameOf(h, h.rowId, 'an attendee')} ${ANSWERS[String(h.now['response'])] ?? 'answered'}` : changed(columnsBut(h), ' of an attendee')),
    removed: (h) => `took ${attendee(h)} off ${ofEvent(h, h.now['event_id'])}`,
  },
  conflict_checks: {
    added: () => 'ran a conflict check',
    changed: ({ now }) => ('status' in now ? `decided a conflict check: ${words(now['status'])}` : 'completed a conflict check'),
    removed: () => 'removed a conflict check',
  },
  folders: {
    added: ({ now }) => `made the folder ${quoted(String(now['name']), '')}`,
    changed: (h) => {
      const folder = `the folder ${quoted(h.names.get(h.rowId), '')}`.trimEnd();
      return joined('name' in h.now && `renamed the folder “${String(h.before['name'])}” to “${String(h.now['name'])}”`, 'parent_id' in h.now && `moved ${folder}`);
    },
    removed: ({ now }) => `removed the folder ${quoted(String(now['name']), '')}`,
  },
  documents: {
    added: ({ now }) => `added the document “${String(now['title'])}”`,
    changed: (h) => {
      const document = `the document ${quoted(h.names.get(h.rowId), '')}`.trimEnd();
      const { now, before } = h;
      return joined(
        'case_id' in now && (now['case_id'] === null ? `moved the document “${String(before['title'])}” to another case` : `moved ${document} here from another case`),
        'folder_id' in now && !('case_id' in now) && `moved ${document}${now['folder_id'] === null ? ' out of its folder' : ` to the folder ${quoted(h.names.get(String(now['folder_id'])), '')}`.trimEnd()}`,
        'deleted_at' in now && (now['deleted_at'] === null ? `took ${document} out of the trash` : `put ${document} into the trash`),
        'title' in now && `renamed the document “${String(before['title'])}” to “${String(now['title'])}”`,
        'status' in now && `marked ${document} as ${words(now['status'])} instead of ${words(before['status'])}`,
        'parent_id' in now && `detached ${document}`,
        changed(columnsBut(h, 'case_id', 'folder_id', 'parent_id', 'title', 'status', 'deleted_at', 'deleted_by', 'delete_reason'), ` of ${document}`),
      );
    },
    removed: ({ now }) => `purged the document “${String(now['title'])}”`,
  },
  document_versions: {
    added: (h) => `${h.now['restored_from'] ? `restored version ${words(h.now['restored_from'])} as version` : 'added version'} ${words(h.now['number'])} of ${ofDocument(h)}`,
    changed: (h) => `changed a version of ${ofDocument(h)}`,
    removed: (h) => `purged version ${words(h.now['number'])} of ${ofDocument(h)}`,
  },
  document_checkouts: {
    added: (h) => `checked ${ofDocument(h)} out`,
    changed: () => 'changed how long a document is checked out',
    removed: (h) => (h.userId === h.now['user_id'] ? `checked ${ofDocument(h)} in` : `ended the check-out of ${ofDocument(h)} by ${nameOf(h, h.now['user_id'])}`),
  },
  document_exports: {
    added: () => 'exported the documents of the case',
    changed: () => 'changed an export',
    removed: () => 'removed an export',
  },
  holds: {
    added: (h) => `placed the hold “${String(h.now['name'])}” on ${h.now['document_id'] ? ofDocument(h) : 'the case'}`,
    changed: (h) => {
      const hold = `the hold ${quoted(h.names.get(h.rowId), '')}`.trimEnd();
      return 'released_at' in h.now ? `released ${hold}` : changed(columnsBut(h), ` of ${hold}`);
    },
    removed: ({ now }) => `removed the hold “${String(now['name'])}”`,
  },
};

const ANSWERS: Record<string, string> = { accepted: 'accepts', declined: 'declines', tentative: 'may come', needs_action: 'has not answered' };
const ofTask = (h: Happening, id: unknown): string => `the task ${quoted(h.names.get(String(id)), '')}`.trimEnd();
const ofEvent = (h: Happening, id: unknown): string => quoted(h.names.get(String(id)), 'an event');
const ofDocument = (h: Happening): string => `the document ${quoted(h.names.get(String(h.now['document_id'])), '')}`.trimEnd();
const attendee = (h: Happening): string => nameOf(h, h.now['user_id'] ?? h.now['contact_id']);

/** The whole sentence: “Ada Min added Grace Hopper as expert”. */
export function sentence(happening: Happening, actor: string): string {
  if (happening.action === 'refused') return `${actor} was refused access`;
  const { [happening.action]: tell } = SENTENCES[happening.table];
  return `${actor} ${tell(happening) || 'changed something'}`;
}

/** The ids whose names a sentence may need. A client’s own number of a case (client_matter_id) is none. */
export function idsIn(row: { rowId: string | null; userId: string | null; before: Values | null; after: Values | null }): string[] {
  const ids = [row.before, row.after].flatMap((values) => Object.entries(values ?? {}).filter(([column, value]) => column.endsWith('_id') && isUuid(value)).map(([, value]) => value as string));
  return [row.rowId, row.userId, ...ids].filter((id): id is string => !!id);
}
