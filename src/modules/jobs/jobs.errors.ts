import { whenViolated } from '../../common/errors/database-errors.js';
import { problem } from '../../common/errors/problem.js';

export const jobNotDead = problem(409, 'job_not_dead', 'Only a dead job can be run again');
export const jobReplaced = problem(409, 'job_replaced', 'A newer job waits to do the same work');

whenViolated('jobs_unique_key', jobReplaced);
