import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, HasMany, Model, Table } from 'sequelize-typescript';
import type { Rel } from './rel.js';
import { TaskTicket } from './task-ticket.model.js';
import { User } from './user.model.js';

export type TaskStatus = 'pending' | 'processing' | 'completed' | 'failed';

/** Long work as its caller sees it; nobody else in the firm does. `finishedAt` goes with 'completed' and 'failed'. */
@Table({ tableName: 'tasks', underscored: true, timestamps: true })
export class Task extends Model<InferAttributes<Task>, InferCreationAttributes<Task, { omit: 'version' }>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.UUID) declare userId: string;
  @Column(DataType.TEXT) declare kind: string;
  /** What it is about: hidden with the case. */
  @Column(DataType.UUID) declare caseId: string | null;
  @Column(DataType.TEXT) declare status: CreationOptional<TaskStatus>;
  @Column(DataType.INTEGER) declare progress: CreationOptional<number>;
  @Column(DataType.INTEGER) declare total: number | null;
  @Column(DataType.TEXT) declare message: string | null;
  @Column(DataType.JSONB) declare result: Record<string, unknown> | null;
  @Column(DataType.JSONB) declare error: Record<string, unknown> | null;
  @Column(DataType.DATE) declare startedAt: Date | null;
  @Column(DataType.DATE) declare finishedAt: Date | null;
  @Column(DataType.INTEGER) declare readonly version: number;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => User, { foreignKey: 'userId' }) declare user?: Rel<User>;
  @HasMany(() => TaskTicket, { foreignKey: 'taskId' }) declare tickets?: Rel<TaskTicket[]>;
}
