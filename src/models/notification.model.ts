import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, Model, Table } from 'sequelize-typescript';
import type { Rel } from './rel.js';
import { User } from './user.model.js';

export type NotificationKind = 'reminder' | 'task' | 'mention' | 'document' | 'system';

/** A line in a user's inbox, seen by that user alone. `subjectType` and `subjectId` are given together or not at all. */
@Table({ tableName: 'notifications', underscored: true, timestamps: true })
export class Notification extends Model<InferAttributes<Notification>, InferCreationAttributes<Notification>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.UUID) declare userId: string;
  @Column(DataType.TEXT) declare kind: NotificationKind;
  @Column(DataType.TEXT) declare title: string;
  @Column(DataType.TEXT) declare body: string | null;
  @Column(DataType.TEXT) declare subjectType: string | null;
  @Column(DataType.UUID) declare subjectId: string | null;
  @Column(DataType.DATE) declare readAt: Date | null;
  @Column(DataType.UUID) declare caseId: string | null;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => User, { foreignKey: 'userId' }) declare user?: Rel<User>;
}
