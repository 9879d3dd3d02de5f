import { whenViolated } from '../../common/errors/database-errors.js';
import { problem } from '../../common/errors/problem.js';

export const codeTaken = problem(409, 'code_taken', 'The firm has an entry of this code already');
export const detailsTooLarge = problem(422, 'details_too_large', 'details is an object of at most 4 KB');

whenViolated('reference_items_code_key', codeTaken, '/code', 'Change the entry there is; one that was taken out of use is in the list with includeInactive=true.');
whenViolated('reference_items_details_check', detailsTooLarge, '/details');
