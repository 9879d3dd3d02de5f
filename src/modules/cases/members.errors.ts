import { whenViolated } from '../../common/errors/database-errors.js';
import { problem } from '../../common/errors/problem.js';
import { unknownPerson } from './cases.errors.js';

export const memberExists = problem(409, 'member_exists', 'This person works on the case already');
export const lastCaseMember = problem(409, 'last_case_member', 'A restricted case keeps at least one member');

whenViolated('case_members_user_key', memberExists, '/userId', 'Change the role of the member there is.');
whenViolated('case_members_user_fk', unknownPerson, '/userId');
whenViolated('case_members_last_check', lastCaseMember, undefined, 'Add another member first, or open the case to the firm.');
whenViolated('cases_restricted_members_check', lastCaseMember, '/access', 'Add a member first.');
