import { Answer, AnswerInstant, Flag, OneOf, OpenObject, QueryFlag, Text, Whole } from '../../common/validation/fields.js';
import { STATUS_SUBJECTS } from './fixed-lists.js';

export class ListQuery {
  @QueryFlag({ description: 'Also those the firm does not use (any more)' }) includeInactive?: boolean;
}
export class StatusQuery {
  @OneOf(STATUS_SUBJECTS, { optional: true }) of?: string;
}

export class CreateItem {
  @Text({ max: 60, pattern: /^[a-z0-9]+([._-][a-z0-9]+)*$/, example: 'maritime', description: 'Never changes. That of a built-in entry: the firm’s own takes its place.' }) code!: string;
  @Text({ max: 200, example: 'Maritime law' }) label!: string;
  @OpenObject({ optional: true, maxBytes: 4000, description: 'Your own members' }) details?: Record<string, unknown>;
  @Whole({ optional: true, max: 1_000_000, description: 'Lists are in this order; absent: 0, before the built-in entries' }) position?: number;
}
export class UpdateItem {
  @Text({ optional: true, max: 200 }) label?: string;
  @OpenObject({ optional: true, maxBytes: 4000 }) details?: Record<string, unknown>;
  @Whole({ optional: true, max: 1_000_000 }) position?: number;
  @Flag({ optional: true, description: 'Whether it is offered' }) active?: boolean;
}

/** An entry of a code list. */
export class ItemDto {
  @Answer({ type: String, format: 'uuid', nullable: true, description: 'Null: built in, the same for every firm' }) id!: string | null;
  @Answer({ type: String, description: 'What other resources hold' }) code!: string;
  @Answer({ type: String }) label!: string;
  @Answer({ type: String, nullable: true }) parentCode!: string | null;
  @Answer({ type: 'object', additionalProperties: true, description: 'Of a court its level and jurisdiction, of a currency its digits' }) details!: Record<string, unknown>;
  @Answer({ type: Boolean, description: 'Whether there is a built-in entry of this code' }) builtIn!: boolean;
  @Answer({ type: Boolean }) active!: boolean;
  @Answer({ type: 'integer' }) position!: number;
  @Answer({ type: 'integer', nullable: true, description: 'Null: built in' }) version!: number | null;
}
export class ItemsDto {
  @Answer({ type: () => [ItemDto] }) data!: ItemDto[];
}
/** The firm’s own entry of a code list. */
export class OwnItemDto extends ItemDto {
  @AnswerInstant() createdAt!: string;
  @AnswerInstant() updatedAt!: string;
}

class ChoiceDto {
  @Answer({ type: String }) code!: string;
  @Answer({ type: String }) label!: string;
}
export class ChoicesDto {
  @Answer({ type: () => [ChoiceDto] }) data!: ChoiceDto[];
}
class StatusDto extends ChoiceDto {
  @Answer({ type: String, enum: STATUS_SUBJECTS }) of!: string;
}
export class StatusesDto {
  @Answer({ type: () => [StatusDto], description: 'In the order of a life. GET /v1/cases/:id says which step a case may take.' }) data!: StatusDto[];
}
