import { whenViolated } from '../../common/errors/database-errors.js';
import { problem } from '../../common/errors/problem.js';

export const slugTaken = problem(409, 'slug_taken', 'Another firm has this slug');
export const signupClosed = problem(403, 'signup_closed', 'This installation lets nobody sign up');
export const invalidLogo = problem(422, 'invalid_logo', 'The logo must be a PNG or JPEG picture of at most 512 KB');
export const invalidSetting = problem(422, 'invalid_setting', 'This setting cannot have that value');
export const caseNumbersAmbiguous = problem(422, 'case_numbers_ambiguous', 'Case numbers counted per year or per client must name the year or the client');

whenViolated('firms_case_number_scope_template_check', caseNumbersAmbiguous, '/caseNumberScope');
whenViolated('firms_slug_key', slugTaken, '/slug');
whenViolated('firm_logos_bytes_check', invalidLogo, '/data');
for (const [constraint, pointer] of [
  ['firms_name_check', '/name'], ['firms_country_check', '/country'], ['firms_currency_check', '/currency'], ['firms_language_check', '/language'],
  ['firms_client_number_template_check', '/clientNumberTemplate'], ['firms_case_number_template_check', '/caseNumberTemplate'],
  ['firms_invoice_number_template_check', '/invoiceNumberTemplate'], ['firms_work_week_check', '/workWeek'],
  ['firms_case_number_scope_check', '/caseNumberScope'],
] as const) whenViolated(constraint, invalidSetting, pointer);
