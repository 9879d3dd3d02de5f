import { PageQuery } from '../../../common/pagination/page.js';
import { Answer, AnswerId, AnswerInstant, Id, QueryFlag, Text } from '../../../common/validation/fields.js';
import { CaseworkPersonDto } from '../../casework/casework.dto.js';

export class CreateHold {
  @Id({ optional: true, description: 'Holds the case and all of its documents, also those that come later. Either this or documentId' }) caseId?: string;
  @Id({ optional: true, description: 'Holds this document. Either this or caseId' }) documentId?: string;
  @Text({ max: 200, example: 'Meridian v. Corvane: preservation' }) name!: string;
  @Text({ max: 2000, example: 'Litigation is to be expected; preservation letter of 3 March' }) reason!: string;
}

export class UpdateHold {
  @Text({ optional: true, max: 200 }) name?: string;
  @Text({ optional: true, max: 2000 }) reason?: string;
}

export class ReleaseHold {
  @Text({ max: 2000, example: 'The dispute was settled on 4 May' }) reason!: string;
}

export class HoldsQuery extends PageQuery {
  @Id({ optional: true, description: 'On this case or on one of its documents' }) caseId?: string;
  @Id({ optional: true, description: 'What holds this document: holds on it and on its case' }) documentId?: string;
  @QueryFlag({ description: 'Only those that hold, or only those that were released' }) active?: boolean;
}

/** A legal hold: while it is active nothing under it is deleted for good or leaves its case. */
export class HoldDto {
  @AnswerId() id!: string;
  @AnswerId() caseId!: string;
  @Answer({ type: String }) caseNumber!: string;
  @Answer({ type: String, format: 'uuid', nullable: true, description: 'Null: the whole case' }) documentId!: string | null;
  @Answer({ type: String, nullable: true }) documentTitle!: string | null;
  @Answer({ type: String }) name!: string;
  @Answer({ type: String }) reason!: string;
  @Answer({ type: Boolean }) active!: boolean;
  @Answer({ type: () => CaseworkPersonDto, nullable: true }) placedBy!: CaseworkPersonDto | null;
  @AnswerInstant() placedAt!: string;
  @Answer({ type: () => CaseworkPersonDto, nullable: true }) releasedBy!: CaseworkPersonDto | null;
  @AnswerInstant('Null: it holds', true) releasedAt!: string | null;
  @Answer({ type: String, nullable: true }) releaseReason!: string | null;
  @Answer({ type: 'integer' }) version!: number;
  @AnswerInstant() createdAt!: string;
  @AnswerInstant() updatedAt!: string;
}
