import { FiledUnder } from '../versions/document-upload.dto.js';

/** Holds for every document that is made. */
export class ImportDocuments extends FiledUnder {}

export const IMPORT_OUTCOMES = ['created', 'refused', 'failed', 'skipped'] as const;

/** What became of one file; the result of the task lists them. */
export interface ImportedFile {
  path: string;
  /** The ZIP it came in. */
  archive?: string;
  outcome: (typeof IMPORT_OUTCOMES)[number];
  documentId?: string;
  /** A document in the same folder that has the same bytes already. */
  sameAs?: string;
  code?: string;
  detail?: string;
}
