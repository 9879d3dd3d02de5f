import { whenViolated } from '../../../common/errors/database-errors.js';
import { problem } from '../../../common/errors/problem.js';

export { unknownCheckCase as unknownCase } from '../../conflicts/conflicts.errors.js';

/** Where it is known which, the member `holds` names them. */
export const onHold = problem(409, 'on_hold', 'A legal hold keeps this as it is');
export const holdReleased = problem(409, 'hold_released', 'A hold that was released stays as it was');
export const holdNeedsOne = problem(422, 'hold_needs_one', 'A hold is either on a case or on a document');
export const unknownHeldDocument = problem(422, 'unknown_document', 'There is no such document, or none that you may see');

whenViolated('documents_held_check', onHold, undefined, 'Release its legal holds first: GET /v1/holds?active=true names them.');
whenViolated('holds_release_final_check', holdReleased, undefined, 'Place a new one.');
whenViolated('holds_document_fk', unknownHeldDocument, '/documentId');
