import { problem } from '../../../common/errors/problem.js';

export { caseArchived } from '../../cases/cases.errors.js';
export { unknownCase } from '../holds/holds.errors.js';

export const importTooLarge = problem(413, 'import_too_large', 'The files are larger together than this server takes at once');

// Of single files of an import: they stand in the result of its task.
export const zipUnreadable = problem(422, 'zip_unreadable', 'The ZIP is damaged');
export const zipTooManyFiles = problem(422, 'zip_too_many_files', 'The ZIP has too many files');
export const zipTooLarge = problem(422, 'zip_too_large', 'The ZIP would unpack to too much');
export const zipEntryLink = problem(422, 'zip_entry_link', 'It is a link to another file');
export const zipEntryEncrypted = problem(422, 'zip_entry_encrypted', 'It is protected by a password');
export const zipEntryUnreadable = problem(422, 'zip_entry_unreadable', 'It cannot be unpacked');
export const zipEntryTooLarge = problem(422, 'zip_entry_too_large', 'It would unpack to too much');
export const importExpired = problem(410, 'import_expired', 'The files were not kept any longer');
