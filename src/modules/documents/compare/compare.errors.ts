import { problem } from '../../../common/errors/problem.js';

export const tooLargeToCompare = problem(422, 'too_large_to_compare', 'The texts are too large, or differ too much, to be compared');
export const compareBusy = problem(503, 'compare_busy', 'Too many comparisons are under way');
