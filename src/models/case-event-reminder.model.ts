import type { InferAttributes, InferCreationAttributes } from 'sequelize';
import { Column, DataType, Model, Table } from 'sequelize-typescript';

/** One reminder of an event to come, planned by a trigger; `sentAt` says that it went out. */
@Table({ tableName: 'case_event_reminders', underscored: true, timestamps: false })
export class CaseEventReminder extends Model<InferAttributes<CaseEventReminder>, InferCreationAttributes<CaseEventReminder>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column(DataType.UUID) declare caseId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare eventId: string;
  @Column({ type: DataType.INTEGER, primaryKey: true }) declare minutes: number;
  @Column(DataType.DATE) declare dueAt: Date;
  @Column(DataType.DATE) declare sentAt: Date | null;
}
