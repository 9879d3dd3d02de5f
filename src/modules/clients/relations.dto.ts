import { PageQuery } from '../../common/pagination/page.js';
import { Answer, AnswerId, AnswerInstant, Day, Id, OneOf, QueryWhole, Text } from '../../common/validation/fields.js';
import { CONTACT_KINDS } from './contacts.dto.js';

export const RELATION_KINDS = [
  'parent_company', 'affiliate', 'spouse', 'employer', 'relative', 'partner', 'agent', 'officer', 'shareholder', 'guardian', 'insurer', 'attorney', 'other',
] as const;
const DIRECTIONS = ['outgoing', 'incoming'] as const;

export class CreateRelation {
  @Id({ description: 'The other contact' }) contactId!: string;
  @OneOf(RELATION_KINDS) kind!: string;
  @OneOf(DIRECTIONS, { optional: true, description: 'outgoing (so it is unless said otherwise): the contact of the path is the <kind> of the other. incoming: the other way round.' }) direction?: string;
  @Day({ optional: true, nullable: true }) since?: string | null;
  @Day({ optional: true, nullable: true }) until?: string | null;
  @Text({ optional: true, nullable: true, max: 2000 }) note?: string | null;
}
export class UpdateRelation {
  @OneOf(RELATION_KINDS, { optional: true }) kind?: string;
  @Day({ optional: true, nullable: true }) since?: string | null;
  @Day({ optional: true, nullable: true }) until?: string | null;
  @Text({ optional: true, nullable: true, max: 2000 }) note?: string | null;
}
export class RelationQuery extends PageQuery {
  @OneOf(RELATION_KINDS, { optional: true }) kind?: string;
  @OneOf(DIRECTIONS, { optional: true, description: 'As seen from the contact of the path' }) direction?: string;
}

class EndDto {
  @AnswerId() id!: string;
  @Answer({ type: String, enum: [...CONTACT_KINDS] }) kind!: string;
  @Answer({ type: String }) name!: string;
}
/** "from is the <kind> of to." */
export class RelationDto {
  @AnswerId() id!: string;
  @Answer({ type: String, enum: [...RELATION_KINDS], description: '"from is the <kind> of to"' }) kind!: string;
  @Answer({ type: () => EndDto }) from!: EndDto;
  @Answer({ type: () => EndDto }) to!: EndDto;
  @Answer({ type: String, format: 'date', nullable: true }) since!: string | null;
  @Answer({ type: String, format: 'date', nullable: true }) until!: string | null;
  @Answer({ type: String, nullable: true }) note!: string | null;
  @Answer({ type: 'integer' }) version!: number;
  @AnswerInstant() createdAt!: string;
  @AnswerInstant() updatedAt!: string;
}

export const MOST_NODES = 300;
export class NetworkQuery {
  @QueryWhole({ min: 1, max: 6, default: 2, description: 'How many relations away' }) depth?: number;
}
class NodeDto extends EndDto {
  @Answer({ type: 'integer', description: 'How many relations away at least; 0 is the contact itself' }) depth!: number;
  @Answer({ type: String, format: 'uuid', nullable: true, description: 'Null: no client' }) clientId!: string | null;
}
class EdgeDto {
  @AnswerId() id!: string;
  @AnswerId() from!: string;
  @AnswerId() to!: string;
  @Answer({ type: String, enum: [...RELATION_KINDS] }) kind!: string;
  @Answer({ type: String, format: 'date', nullable: true }) since!: string | null;
  @Answer({ type: String, format: 'date', nullable: true }) until!: string | null;
}
export class NetworkDto {
  @Answer({ type: () => [NodeDto], description: `At most ${MOST_NODES}, nearest first` }) nodes!: NodeDto[];
  @Answer({ type: () => [EdgeDto], description: 'The relations among the nodes' }) edges!: EdgeDto[];
  @Answer({ type: Boolean, description: 'There are more than are shown' }) truncated!: boolean;
}
