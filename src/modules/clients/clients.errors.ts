import { whenViolated } from '../../common/errors/database-errors.js';
import { problem } from '../../common/errors/problem.js';

export const contactNameMissing = problem(422, 'contact_name_missing', 'A person has a given or family name, a company a company name');
export const contactKindMismatch = problem(422, 'contact_kind_mismatch', 'This belongs to the other kind of contact');
export const unknownPart = problem(422, 'unknown_part', 'The contact has no such element');
export const severalPrimary = problem(422, 'several_primary', 'Only one element of a list can be the primary one');
export const duplicatePart = problem(422, 'duplicate_part', 'The list holds the same thing twice');
export const invalidAddress = problem(422, 'invalid_contact_email', 'This is no e-mail address');
export const contactTooLarge = problem(422, 'contact_too_large', 'A contact has at most 50 tags and 16 KB of metadata');
export const contactIsClient = problem(409, 'contact_is_client', 'This contact is a client and stays');
export const contactInCase = problem(409, 'contact_in_case', 'This contact has a part in a case and stays');
export const contactIsBilled = problem(409, 'contact_is_billed', 'A client’s bills go to this contact, so it stays');
export const unknownContact = problem(422, 'unknown_contact', 'There is no such contact, or none you may see');

export const relationExists = problem(409, 'relation_exists', 'The two are related in this way already');
export const relationToSelf = problem(422, 'relation_to_self', 'A contact is not related to itself');
export const relationDates = problem(422, 'relation_dates', 'A relation ends on the day it begins or later');

export const alreadyClient = problem(409, 'already_client', 'This contact is a client already');
export const contactChoice = problem(422, 'contact_choice', 'A client is made from a contactId or from a contact, not both');
export const unknownAddress = problem(422, 'unknown_address', 'The address is neither the client’s nor the billing contact’s');

whenViolated('contacts_name_check', contactNameMissing, '/familyName', 'A person has a given or family name, a company a companyName and nothing of a person’s name; 300 characters in all.');
whenViolated('contacts_tags_check', contactTooLarge, '/tags', 'A contact has at most 50 tags, some 4,000 characters in all.');
whenViolated('contacts_metadata_check', contactTooLarge, '/metadata', 'metadata is an object of at most 16 KB.');
whenViolated('contact_names_contact_key', duplicatePart, '/names');
whenViolated('contact_emails_email_check', invalidAddress, '/emails', 'An e-mail address holds one @ and no blanks.');
whenViolated('contact_emails_email_key', duplicatePart, '/emails');
whenViolated('clients_contact_fk', contactIsClient);
whenViolated('contact_cases_contact_fk', contactInCase, undefined, 'Take the contact out of its cases first.');
whenViolated('clients_billing_contact_fk', contactIsBilled, undefined, 'Give the client another billing contact first.');
whenViolated('contact_relations_ends_key', relationExists, '/kind', 'Change the relation that is there.');
whenViolated('contact_relations_self_check', relationToSelf, '/contactId');
whenViolated('contact_relations_dates_check', relationDates, '/until');
whenViolated('clients_contact_key', alreadyClient, '/contactId');
whenViolated('clients_billing_address_fk', unknownAddress, '/billingAddressId');
