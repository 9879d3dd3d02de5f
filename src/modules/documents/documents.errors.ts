import { whenViolated } from '../../common/errors/database-errors.js';
import { problem } from '../../common/errors/problem.js';

export { unknownPerson, caseArchived, invalidTags, metadataTooLarge } from '../cases/cases.errors.js';
export { documentInTrash } from './versions/versions.errors.js';
export { checkedOut } from './checkouts/checkouts.errors.js';
export { onHold, unknownCase } from './holds/holds.errors.js';
import { unknownPerson, invalidTags, metadataTooLarge } from '../cases/cases.errors.js';
import { documentInTrash } from './versions/versions.errors.js';

export const unknownFolder = problem(422, 'unknown_folder', 'There is no such folder in the case');
export const nowhereToMove = problem(422, 'nowhere_to_move', 'Say where to: a case, a folder, or both');
export const notInTrash = problem(409, 'not_in_trash', 'The document is not in the trash');

export const folderNameTaken = problem(409, 'folder_name_taken', 'There is a folder of this name in the same place');
export const folderNotEmpty = problem(409, 'folder_not_empty', 'Something is in the folder');
export const folderInItself = problem(422, 'folder_in_itself', 'A folder cannot be moved into itself');
export const foldersTooDeep = problem(422, 'folders_too_deep', 'Folders are at most 32 deep');
export const invalidFolderName = problem(422, 'invalid_folder_name', 'The name of a folder has no slash, backslash or control character, and is not . or ..');

whenViolated('documents_folder_fk', unknownFolder, '/folderId');
whenViolated('documents_author_fk', unknownPerson, '/authorId');
whenViolated('documents_tags_check', invalidTags, '/tags');
whenViolated('documents_metadata_check', metadataTooLarge, '/metadata');
whenViolated('documents_purge_trash_check', notInTrash, undefined, 'Put it into the trash first.');
whenViolated('document_versions_trash_check', documentInTrash);
whenViolated('folders_name_key', folderNameTaken, '/name');
whenViolated('folders_name_check', invalidFolderName, '/name');
whenViolated('folders_parent_fk', unknownFolder, '/parentId');
whenViolated('folders_self_check', folderInItself, '/parentId');
whenViolated('folders_circle_check', folderInItself, '/parentId');
whenViolated('folders_depth_check', foldersTooDeep, '/parentId');
whenViolated('folders_empty_check', folderNotEmpty);
