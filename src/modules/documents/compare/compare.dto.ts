import { Answer, AnswerId, Id, OneOf, QueryFlag, QueryWhole } from '../../../common/validation/fields.js';

export class CompareQuery {
  @QueryWhole({ min: 1, description: 'Number of the version to compare from; default: the one before `to`, or the newest where `toDocument` is given' })
  from?: number;

  @QueryWhole({ min: 1, description: 'Number of the version to compare to; default: the newest' })
  to?: number;

  @Id({ optional: true, description: 'Compare to a version of this document instead' })
  toDocument?: string;

  @QueryWhole({ min: 0, max: 10_000, default: 30, description: 'Words kept of what is equal, on each side of a change' })
  context = 30;

  @QueryFlag({ description: 'Keep everything that is equal' })
  full?: boolean;

  @OneOf(['json', 'html'], { optional: true, description: 'html: a page to read; default: what Accept prefers' })
  format?: 'json' | 'html';
}

export class ComparedVersionDto {
  @AnswerId() documentId!: string;
  @Answer({ type: String }) title!: string;
  @Answer({ type: 'integer' }) number!: number;
  @Answer({ type: String }) fileName!: string;
  @Answer({ type: Boolean, description: 'Only the beginning of its text was read' }) truncated!: boolean;
}

export class ComparisonOpDto {
  @Answer({ type: String, enum: ['equal', 'insert', 'delete', 'omitted'], description: 'omitted: words that are equal and far from any change' })
  op!: 'equal' | 'insert' | 'delete' | 'omitted';
  @Answer({ type: String, description: 'The words, with the blanks and line ends that follow them; empty where omitted' }) text!: string;
  @Answer({ type: 'integer' }) words!: number;
  @Answer({ type: 'integer', nullable: true, description: 'Page on which it begins in the version compared from' }) fromPage!: number | null;
  @Answer({ type: 'integer', nullable: true, description: 'Page on which it begins in the version compared to' }) toPage!: number | null;
}

export class ComparisonDto {
  @Answer({ type: ComparedVersionDto }) from!: ComparedVersionDto;
  @Answer({ type: ComparedVersionDto }) to!: ComparedVersionDto;
  @Answer({ type: Boolean, description: 'The two files are the same, byte by byte' }) sameFile!: boolean;
  @Answer({ type: 'integer' }) wordsUnchanged!: number;
  @Answer({ type: 'integer' }) wordsInserted!: number;
  @Answer({ type: 'integer' }) wordsDeleted!: number;
  @Answer({ type: Number, description: 'Share of the words of both versions that are unchanged, from 0 to 1' }) unchangedShare!: number;
  @Answer({ type: Boolean, description: 'Some stretches differ so much that they are shown as replaced as a whole' }) approximate!: boolean;
  @Answer({ type: [ComparisonOpDto] }) ops!: ComparisonOpDto[];
}
