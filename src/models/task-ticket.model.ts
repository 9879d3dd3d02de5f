import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, Model, Table } from 'sequelize-typescript';
import type { Rel } from './rel.js';
import { Task } from './task.model.js';
import { User } from './user.model.js';

/** Permission to open a task's stream once, by SHA-256; deleted when it is used. */
@Table({ tableName: 'task_tickets', underscored: true, timestamps: true })
export class TaskTicket extends Model<InferAttributes<TaskTicket>, InferCreationAttributes<TaskTicket>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.UUID) declare taskId: string;
  @Column(DataType.UUID) declare userId: string;
  @Column(DataType.BLOB) declare tokenHash: Buffer;
  @Column(DataType.DATE) declare expiresAt: Date;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => Task, { foreignKey: 'taskId' }) declare task?: Rel<Task>;
  @BelongsTo(() => User, { foreignKey: 'userId' }) declare user?: Rel<User>;
}
