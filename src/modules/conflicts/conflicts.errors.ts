import { whenViolated } from '../../common/errors/database-errors.js';
import { problem } from '../../common/errors/problem.js';

export const unknownHit = problem(422, 'unknown_conflict_hit', 'This check has no such hit, or none that you see');
export const unknownCheckCase = problem(422, 'unknown_case', 'There is no such case, or none that you may see');

whenViolated('conflict_checks_case_fk', unknownCheckCase, '/caseId', 'Name a case that you see, or leave caseId out.');
