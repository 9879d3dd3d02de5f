import { whenViolated } from '../../../common/errors/database-errors.js';
import { problem } from '../../../common/errors/problem.js';

export { caseArchived } from '../../cases/cases.errors.js';

export const fileTypeRefused = problem(415, 'file_type_refused', 'Programs are not kept among documents');
export const documentInTrash = problem(409, 'document_in_trash', 'The document is in the trash');
export const rangeNotSatisfiable = problem(416, 'range_not_satisfiable', 'The file has no such range');
export const notShownInline = problem(422, 'not_shown_inline', 'A browser must not show files of this kind in place');
export const objectMissing = problem(500, 'object_missing', 'The stored file is missing');
export const textPending = problem(409, 'text_pending', 'The text is still being taken out of the file');
export const textMissing = problem(409, 'text_missing', 'There is no text of this version');
export const linkOver = problem(410, 'link_over', 'The link is no longer valid');

whenViolated('document_versions_trash_check', documentInTrash);
