import { DOCUMENT_PRIVILEGES, DOCUMENT_STATUSES } from '../../models/document.model.js';
import { CASE_ACCESS, CASE_STATUSES } from '../cases/cases.states.js';
import { CLIENT_STATUSES } from '../clients/clients.dto.js';
import { CONTACT_KINDS, NAME_KINDS } from '../clients/contacts.dto.js';
import { RELATION_KINDS } from '../clients/relations.dto.js';

/** One choice of a drop-down that no firm changes: the database knows the same codes, and a test compares them. */
export interface Choice {
  code: string;
  label: string;
}

const WORDS: Readonly<Record<string, string>> = { on_hold: 'On hold', in_progress: 'In progress', needs_action: 'Needs action', third_party: 'Third party' };
const label = (code: string): string => WORDS[code] ?? (code.charAt(0).toUpperCase() + code.slice(1)).replaceAll('_', ' ');
const choices = (codes: readonly string[]): Choice[] => codes.map((code) => ({ code, label: label(code) }));

/** The lists with one entry per code, by the last part of their path. */
export const FIXED_LISTS = {
  'party-roles': choices([
    'plaintiff', 'defendant', 'claimant', 'respondent', 'petitioner', 'appellant', 'appellee', 'counsel', 'opposing_counsel', 'co_counsel', 'expert', 'judge',
    'mediator', 'arbitrator', 'witness', 'insurer', 'guarantor', 'guardian', 'beneficiary', 'third_party', 'other',
  ]),
  'party-sides': choices(['client', 'opposing', 'neutral']),
  'member-roles': choices(['lead', 'attorney', 'associate', 'paralegal', 'billing', 'assistant', 'observer']),
  'relation-kinds': choices(RELATION_KINDS),
  'contact-kinds': choices(CONTACT_KINDS),
  'name-kinds': choices(NAME_KINDS),
  'event-kinds': choices(['event', 'deadline', 'hearing', 'meeting', 'deposition', 'mediation', 'trial', 'filing', 'call', 'other']),
  'task-priorities': choices(['low', 'normal', 'high', 'urgent']),
  'case-access': choices(CASE_ACCESS),
  'document-privileges': choices(DOCUMENT_PRIVILEGES),
} as const;
export type FixedList = keyof typeof FIXED_LISTS;
export const FIXED_LIST_NAMES = Object.keys(FIXED_LISTS) as FixedList[];

const STATUSES = {
  case: CASE_STATUSES,
  client: CLIENT_STATUSES,
  case_task: ['open', 'in_progress', 'done', 'cancelled'],
  case_event: ['scheduled', 'done', 'cancelled'],
  document: DOCUMENT_STATUSES,
  conflict_check: ['open', 'clear', 'cleared', 'waived', 'declined'],
  user: ['invited', 'active', 'deactivated'],
} as const;
export const STATUS_SUBJECTS = Object.keys(STATUSES) as (keyof typeof STATUSES)[];

/** The statuses of everything that has one. */
export const statuses = (of?: string): (Choice & { of: string })[] =>
  STATUS_SUBJECTS.filter((subject) => of === undefined || subject === of).flatMap((subject) => choices(STATUSES[subject]).map((choice) => ({ of: subject, ...choice })));
