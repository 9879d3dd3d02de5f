import { whenViolated } from '../../common/errors/database-errors.js';
import { problem } from '../../common/errors/problem.js';

export const emailTaken = problem(409, 'email_taken', 'Somebody in the firm has this e-mail address already');
export const lastAdmin = problem(409, 'last_admin', 'A firm keeps at least one active administrator');
export const alreadyDeactivated = problem(409, 'already_deactivated', 'This person is deactivated already');
export const notDeactivated = problem(409, 'not_deactivated', 'This person is not deactivated');
export const invitationAccepted = problem(409, 'invitation_accepted', 'This person has accepted the invitation already');
export const invalidEmail = problem(422, 'invalid_email', 'This is no e-mail address');
export const invalidPersonName = problem(422, 'invalid_person_name', 'A person has a name of at most 200 characters');

whenViolated('users_email_key', emailTaken, '/email');
whenViolated('users_last_admin_check', lastAdmin, undefined, 'Make somebody else administrator first.');
whenViolated('users_email_check', invalidEmail, '/email');
whenViolated('users_name_check', invalidPersonName, '/familyName');
