import { whenViolated } from '../../../common/errors/database-errors.js';
import { problem } from '../../../common/errors/problem.js';

export { caseArchived } from '../../cases/cases.errors.js';
export { documentInTrash } from '../versions/versions.errors.js';

/** Where it is known, the members `checkedOutBy`, `since` and `expiresAt` say by whom and until when. */
export const checkedOut = problem(409, 'checked_out', 'Somebody else has checked the document out');
export const notCheckedOut = problem(409, 'not_checked_out', 'The document is not checked out');

whenViolated('document_versions_checked_out_check', checkedOut, undefined, 'GET /v1/documents/:id/check-out says who has it, and until when.');
whenViolated('document_checkouts_pk', checkedOut);
