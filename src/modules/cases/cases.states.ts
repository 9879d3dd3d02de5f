export const CASE_STATUSES = ['intake', 'open', 'on_hold', 'closed', 'archived'] as const;
export type CaseStatus = (typeof CASE_STATUSES)[number];

export const CASE_ACCESS = ['open', 'restricted'] as const;

/** One step in the life of a case: the command is the last part of its path. */
export interface Transition {
  command: 'open' | 'hold' | 'resume' | 'close' | 'reopen' | 'archive' | 'restore';
  from: readonly CaseStatus[];
  to: CaseStatus;
  needsReason: boolean;
}

/** The lifecycle. internal.case_transitions() in the database knows the same pairs; a test compares them. */
export const TRANSITIONS: readonly Transition[] = [
  { command: 'open', from: ['intake'], to: 'open', needsReason: false },
  { command: 'hold', from: ['open'], to: 'on_hold', needsReason: false },
  { command: 'resume', from: ['on_hold'], to: 'open', needsReason: false },
  { command: 'close', from: ['intake', 'open', 'on_hold'], to: 'closed', needsReason: false },
  { command: 'reopen', from: ['closed'], to: 'open', needsReason: true },
  { command: 'archive', from: ['closed'], to: 'archived', needsReason: false },
  { command: 'restore', from: ['archived'], to: 'closed', needsReason: false },
];

export type Command = Transition['command'];

export interface AllowedTransition {
  command: Command;
  to: CaseStatus;
  needsReason: boolean;
}

const allowed = new Map(CASE_STATUSES.map((status) => [
  status as string, TRANSITIONS.filter(({ from }) => from.includes(status)).map(({ command, to, needsReason }): AllowedTransition => ({ command, to, needsReason })),
]));

/** What may be done next with a case of this status. */
export const allowedFrom = (status: string): readonly AllowedTransition[] => allowed.get(status) ?? [];

/** The step this command would take from here; undefined where it is not allowed. */
export const transitionBy = (command: Command, status: string): Transition | undefined =>
  TRANSITIONS.find((step) => step.command === command && step.from.includes(status as CaseStatus));
