import { Answer, AnswerId, AnswerInstant, Text, Whole } from '../../../common/validation/fields.js';
import { CaseworkPersonDto } from '../../casework/casework.dto.js';

/** Eight hours: a working day. */
export const DEFAULT_MINUTES = 480;
const MOST_MINUTES = 14 * 24 * 60;

export class CheckOutDocument {
  @Text({ optional: true, max: 2000, example: 'Working in the comments of the client' }) reason?: string;
  @Whole({ optional: true, min: 1, max: MOST_MINUTES, default: DEFAULT_MINUTES, description: 'From now on; at most 14 days' }) expiresInMinutes?: number;
}

export class BreakCheckout {
  @Text({ max: 2000, example: 'The filing is due today and she is on leave' }) reason!: string;
}

/** Who works on a document, if anybody: one that has expired is none. */
export class CheckoutDto {
  @AnswerId() documentId!: string;
  @AnswerId() caseId!: string;
  @Answer({ type: 'integer', description: 'Number of the newest version: the one to work on' }) currentVersion!: number;
  @Answer({ type: Boolean }) checkedOut!: boolean;
  @Answer({ type: () => CaseworkPersonDto, nullable: true }) checkedOutBy!: CaseworkPersonDto | null;
  @Answer({ type: String, nullable: true }) reason!: string | null;
  @AnswerInstant(undefined, true) since!: string | null;
  @AnswerInstant('When it ends by itself', true) expiresAt!: string | null;
}
