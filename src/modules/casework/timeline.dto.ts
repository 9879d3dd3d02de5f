import { PageQuery } from '../../common/pagination/page.js';
import { Answer, AnswerId, AnswerInstant, Id, Instant, QuerySome } from '../../common/validation/fields.js';
import { TIMELINE_ACTIONS, TIMELINE_KINDS, type TimelineAction, type TimelineKind } from './timeline.kinds.js';

export class TimelineQuery extends PageQuery {
  @QuerySome(TIMELINE_KINDS, { description: 'Only these kinds' }) kind?: TimelineKind[];
  @Id({ optional: true, description: 'Who did it' }) userId?: string;
  @Instant({ optional: true }) from?: string;
  @Instant({ optional: true, description: 'Exclusive' }) to?: string;
}

export class TimelineActorDto {
  @Answer({ type: String, enum: ['user', 'system', 'operator'], description: 'system: LexiFlow itself; operator: whoever runs the database' }) kind!: string;
  @Answer({ type: String, format: 'uuid', nullable: true }) id!: string | null;
  @Answer({ type: String }) name!: string;
}

/** One thing that happened on a case. */
export class TimelineEntryDto {
  @Answer({ type: String, description: 'A whole number, the id of the event on the audit trail' }) id!: string;
  @AnswerInstant() occurredAt!: string;
  @Answer({ type: String, enum: [...TIMELINE_KINDS] }) kind!: TimelineKind;
  @Answer({ type: String, enum: [...TIMELINE_ACTIONS] }) action!: TimelineAction;
  @Answer({ type: String, example: 'Ada Min added Grace Hopper as expert' }) text!: string;
  @Answer({ type: () => TimelineActorDto }) actor!: TimelineActorDto;
  @Answer({ type: String, nullable: true, description: 'What it happened to, such as `case_task`' }) subjectType!: string | null;
  @AnswerId('It may be gone by now') subjectId!: string;
  @Answer({ type: String, isArray: true, description: 'What changed, in words' }) changes!: string[];
  @Answer({ type: String, nullable: true, description: 'X-Reason of the request, or the reason a command asked for' }) reason!: string | null;
}
