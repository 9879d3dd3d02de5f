import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, Model, Table } from 'sequelize-typescript';
import { CaseEvent } from './case-event.model.js';
import type { Rel } from './rel.js';

export type CaseEventAttendeeResponse = 'needs_action' | 'accepted' | 'declined' | 'tentative';

/** Who takes part in an event: a user or a contact. */
@Table({ tableName: 'case_event_attendees', underscored: true, timestamps: true })
export class CaseEventAttendee extends Model<InferAttributes<CaseEventAttendee>, InferCreationAttributes<CaseEventAttendee>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.UUID) declare caseId: string;
  @Column(DataType.UUID) declare eventId: string;
  @Column(DataType.UUID) declare userId: string | null;
  @Column(DataType.UUID) declare contactId: string | null;
  @Column(DataType.TEXT) declare response: CreationOptional<CaseEventAttendeeResponse>;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => CaseEvent, { foreignKey: 'eventId' }) declare event?: Rel<CaseEvent> | null;
}
