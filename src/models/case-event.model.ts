import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, HasMany, Model, Table } from 'sequelize-typescript';
import { CaseEventAttendee } from './case-event-attendee.model.js';
import { Case } from './case.model.js';
import type { Rel } from './rel.js';

export type CaseEventKind = 'event' | 'deadline' | 'hearing' | 'meeting' | 'deposition' | 'mediation' | 'trial' | 'filing' | 'call' | 'other';
export type CaseEventStatus = 'scheduled' | 'done' | 'cancelled';

/** An event or deadline of a case. `reminders` are minutes before the start; rows of case_event_reminders follow by a trigger. */
@Table({ tableName: 'case_events', underscored: true, timestamps: true })
export class CaseEvent extends Model<InferAttributes<CaseEvent>, InferCreationAttributes<CaseEvent, { omit: 'version' }>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.UUID) declare caseId: string;
  @Column(DataType.TEXT) declare kind: CreationOptional<CaseEventKind>;
  @Column(DataType.TEXT) declare title: string;
  @Column(DataType.TEXT) declare description: string | null;
  @Column(DataType.TEXT) declare location: string | null;
  @Column(DataType.DATE) declare startsAt: Date;
  @Column(DataType.DATE) declare endsAt: Date | null;
  @Column(DataType.BOOLEAN) declare allDay: CreationOptional<boolean>;
  @Column(DataType.TEXT) declare timeZone: string;
  @Column(DataType.TEXT) declare status: CreationOptional<CaseEventStatus>;
  @Column(DataType.ARRAY(DataType.INTEGER)) declare reminders: CreationOptional<number[]>;
  @Column(DataType.UUID) declare createdBy: string | null;
  @Column(DataType.INTEGER) declare readonly version: number;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => Case, { foreignKey: 'caseId' }) declare case?: Rel<Case> | null;
  @HasMany(() => CaseEventAttendee, { foreignKey: 'eventId' }) declare attendees?: Rel<CaseEventAttendee[]>;
}
