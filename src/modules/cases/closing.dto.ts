import { Answer, AnswerId, Day, Text, Texts } from '../../common/validation/fields.js';
import { CaseDto } from './cases.dto.js';
import { CLOSING_CHECK_NAMES, CLOSING_NOTICES } from './closing-checks.queries.js';

export class CloseCase {
  static readonly optionalBody = true;
  @Day({ optional: true, description: 'Absent: today' }) closedOn?: string;
  @Texts({ optional: true, max: 20, each: { in: CLOSING_CHECK_NAMES }, description: 'Names of what may stay open; the dry run lists what stands open' }) acknowledge?: string[];
  @Text({ optional: true, max: 500, description: 'Goes into the audit trail; wanted where something stays open' }) reason?: string;
}

export class OpenItemDto {
  @AnswerId() id!: string;
  @Answer({ type: String }) title!: string;
  @Answer({ type: String, format: 'date', nullable: true }) due!: string | null;
}
export class StandsOpenDto {
  @Answer({ type: String, enum: CLOSING_CHECK_NAMES, description: 'To be sent in `acknowledge`' }) name!: string;
  @Answer({ type: String }) title!: string;
  @Answer({ type: 'integer' }) count!: number;
  @Answer({ type: () => [OpenItemDto], description: 'The first ten' }) items!: OpenItemDto[];
}
export class ClosingNoticeDto {
  @Answer({ type: String, enum: CLOSING_NOTICES.map(({ name }) => name) }) name!: string;
  @Answer({ type: String }) title!: string;
  @Answer({ type: 'integer' }) count!: number;
  @Answer({ type: () => [OpenItemDto], description: 'The first ten' }) items!: OpenItemDto[];
}
export class ClosedCaseDto extends CaseDto {
  @Answer({ type: () => [StandsOpenDto], description: 'What is not finished' }) standsOpen!: StandsOpenDto[];
  @Answer({ type: () => [ClosingNoticeDto], description: 'What goes on all the same: nothing to acknowledge' }) notices!: ClosingNoticeDto[];
}
