/** Every job there is, with what it is told. A payload is ids and little else: the handler reads the rows, as they are by then. */
export interface JobPayloads {
  'audit.verify': { taskId: string };
  'auth.invite': { userId: string };
  'casework.remind': { eventId: string };
  'documents.extract': { versionId: string };
  'documents.sweep_objects': Record<string, never>;
  'mail.send': { emailId: string };
}

export type JobName = keyof JobPayloads;

/** Jobs that report to a task: what `Tasks.start` may be asked for. */
export type TaskJobName = { [Name in JobName]: JobPayloads[Name] extends { taskId: string } ? Name : never }[JobName];

// The compiler keeps this complete; the boot checks that each name has exactly one handler.
const declared: Record<JobName, true> = {
  'audit.verify': true,
  'auth.invite': true,
  'casework.remind': true,
  'documents.extract': true,
  'documents.sweep_objects': true,
  'mail.send': true,
};

export const jobNames = Object.keys(declared) as JobName[];
