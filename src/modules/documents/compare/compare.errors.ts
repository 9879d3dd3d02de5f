import { problem } from '../../../common/errors/problem.js';

export const textNotReady = problem(409, 'text_not_ready', 'The text of this version has not been read yet');
export const versionHasNoText = problem(422, 'version_has_no_text', 'This version has no text that could be compared');
export const tooLargeToCompare = problem(422, 'too_large_to_compare', 'The texts are too large, or differ too much, to be compared');
export const compareBusy = problem(503, 'compare_busy', 'Too many comparisons are under way');
