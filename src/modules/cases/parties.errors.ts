import { whenViolated } from '../../common/errors/database-errors.js';
import { problem } from '../../common/errors/problem.js';

export const partyExists = problem(409, 'party_exists', 'This contact takes part in the case in this role already');
export const unknownContact = problem(422, 'unknown_contact', 'There is no such contact, or none you may see');
export const unknownParty = problem(422, 'unknown_party', 'The case has no such party');
export const oneContact = problem(422, 'one_contact', 'A party is either a known contact (contactId) or a new one (contact)');
export const selfRepresented = problem(422, 'self_represented', 'A party is not its own counsel here: leave representedById out');
export const partyDates = problem(422, 'party_dates', 'A party leaves no earlier than it came');
export const contactName = problem(422, 'contact_name', 'A company has companyName, a person givenName or familyName');

whenViolated('case_parties_contact_key', partyExists, '/role');
whenViolated('case_parties_contact_fk', unknownContact, '/contactId');
whenViolated('case_parties_represented_by_fk', unknownParty, '/representedById');
whenViolated('case_parties_self_check', selfRepresented, '/representedById');
whenViolated('case_parties_dates_check', partyDates, '/until');
