/** Every job there is, with what it is told. A payload is ids and little else: the handler reads the rows, as they are by then. */
export interface JobPayloads {
  'audit.verify': { taskId: string };
  'auth.invite': { userId: string };
  'casework.remind': { eventId: string };
  'documents.expire_trash': Record<string, never>;
  'documents.extract': { versionId: string };
  'documents.import': { taskId: string; caseId: string; filedUnder: object };
  'documents.sweep_objects': Record<string, never>;
  'documents.tidy_import': { importOf: string };
  'mail.send': { emailId: string };
  'search.index': { versionId: string };
  'search.reindex': { taskId: string };
}

export type JobName = keyof JobPayloads;

/** Jobs that report to a task: what `Tasks.start` may be asked for. */
export type TaskJobName = { [Name in JobName]: JobPayloads[Name] extends { taskId: string } ? Name : never }[JobName];

// The compiler keeps this complete; the boot checks that each name has exactly one handler.
const declared: Record<JobName, true> = {
  'audit.verify': true,
  'auth.invite': true,
  'casework.remind': true,
  'documents.expire_trash': true,
  'documents.extract': true,
  'documents.import': true,
  'documents.sweep_objects': true,
  'documents.tidy_import': true,
  'mail.send': true,
  'search.index': true,
  'search.reindex': true,
};

export const jobNames = Object.keys(declared) as JobName[];
