import { whenViolated } from '../../common/errors/database-errors.js';
import { problem } from '../../common/errors/problem.js';

export const transitionNotAllowed = problem(409, 'transition_not_allowed', 'A case in this status cannot take this step');
export const caseStandsOpen = problem(409, 'case_stands_open', 'Things of this case are not finished yet');
export const caseArchived = problem(409, 'case_archived', 'An archived case does not change');
export const reasonRequired = problem(422, 'reason_required', 'This step wants a reason');
export const unknownClient = problem(422, 'unknown_client', 'There is no such client, or none you may see');
export const unknownPerson = problem(422, 'unknown_person', 'There is no such active person in the firm');
export const duplicateMember = problem(422, 'duplicate_member', 'The same person is named twice');
export const openedOnRequired = problem(422, 'opened_on_required', 'A case that was opened has the day on which it was');
export const closedBeforeOpened = problem(422, 'closed_before_opened', 'A case is not closed before it was opened');
export const invalidTags = problem(422, 'invalid_tags', 'A case has at most 50 tags, and not too long ones');
export const metadataTooLarge = problem(422, 'metadata_too_large', 'Metadata is an object of at most 16 KB');

whenViolated('cases_client_fk', unknownClient, '/clientId');
whenViolated('cases_responsible_attorney_fk', unknownPerson, '/responsibleAttorneyId');
whenViolated('cases_originating_attorney_fk', unknownPerson, '/originatingAttorneyId');
whenViolated('cases_opened_check', openedOnRequired, '/openedOn');
whenViolated('cases_dates_check', closedBeforeOpened, '/closedOn');
whenViolated('cases_tags_check', invalidTags, '/tags');
whenViolated('cases_metadata_check', metadataTooLarge, '/metadata');
whenViolated('cases_transition_check', transitionNotAllowed);
