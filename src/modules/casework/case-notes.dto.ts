import { PageQuery } from '../../common/pagination/page.js';
import { Answer, AnswerId, AnswerInstant, Flag, Id, QueryFlag, Text } from '../../common/validation/fields.js';
import { CaseworkPersonDto } from './casework.dto.js';

const BODY = 'Up to 50,000 characters. `@[<id of a person>]` mentions somebody: who may see the case is notified.';

export class CreateCaseNote {
  @Text({ max: 50_000, description: BODY, example: 'Called the expert. @[0198b0c4-7a00-7000-8000-000000000001] please confirm the date.' }) body!: string;
  @Flag({ optional: true, description: 'Stands on top of the list' }) pinned?: boolean;
}

export class UpdateCaseNote {
  @Text({ optional: true, max: 50_000, description: BODY }) body?: string;
  @Flag({ optional: true }) pinned?: boolean;
}

export class CaseNotesQuery extends PageQuery {
  @Id({ optional: true }) authorId?: string;
  @QueryFlag() pinned?: boolean;
  @Text({ optional: true, max: 100, description: 'Part of the text' }) q?: string;
}

export class CaseNoteDto {
  @AnswerId() id!: string;
  @AnswerId() caseId!: string;
  @Answer({ type: String }) body!: string;
  @Answer({ type: Boolean }) pinned!: boolean;
  @Answer({ type: () => CaseworkPersonDto }) author!: CaseworkPersonDto;
  @Answer({ type: () => [CaseworkPersonDto], description: 'Who is mentioned in the text' }) mentions!: CaseworkPersonDto[];
  @Answer({ type: 'integer' }) version!: number;
  @AnswerInstant() createdAt!: string;
  @AnswerInstant() updatedAt!: string;
}
