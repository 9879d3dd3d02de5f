import { problem } from '../../common/errors/problem.js';

export const modeUnavailable = problem(422, 'search_mode_unavailable', 'This server cannot search in this mode yet: use mode=fulltext');
export const onlyExclusions = problem(400, 'search_only_exclusions', 'A search wants something to look for, not only what to leave out');
