import { whenViolated } from '../../common/errors/database-errors.js';
import { problem } from '../../common/errors/problem.js';

export const wallOverlaps = problem(409, 'wall_overlaps', 'This person is walled off from the case in that time already');
export const wallYourself = problem(409, 'wall_yourself', 'Nobody walls himself off: he could not lift it, nor see that it stands');
export const wallLastMember = problem(409, 'wall_last_member', 'A restricted case keeps at least one member who sees it');
export const wallOver = problem(409, 'wall_over', 'This wall is over: what it was stays as it was');
export const wallUnknownPerson = problem(422, 'wall_unknown_person', 'There is no such person in the firm');
export const wallStartsInPast = problem(422, 'wall_starts_in_past', 'A wall hides from now on, not backwards');
export const wallEnds = problem(422, 'wall_ends_too_early', 'A wall ends after it begins, and in the future');

whenViolated('case_walls_overlap_excl', wallOverlaps, undefined, 'Change the end of the wall that stands, or lift it first.');
whenViolated('case_walls_last_member_check', wallLastMember, '/userId', 'Add another member to the case first.');
whenViolated('case_walls_user_fk', wallUnknownPerson, '/userId');
whenViolated('case_walls_range_check', wallEnds, '/endsAt');
