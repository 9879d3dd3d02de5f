import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, HasMany, Model, Table } from 'sequelize-typescript';
import { CaseTaskItem } from './case-task-item.model.js';
import { Case } from './case.model.js';
import type { Rel } from './rel.js';
import { User } from './user.model.js';

export type CaseTaskPriority = 'low' | 'normal' | 'high' | 'urgent';
export type CaseTaskStatus = 'open' | 'in_progress' | 'done' | 'cancelled';

/** Something to be done on a case. (`Task` is long-running work.) `completedAt` goes with status done. */
@Table({ tableName: 'case_tasks', underscored: true, timestamps: true })
export class CaseTask extends Model<InferAttributes<CaseTask>, InferCreationAttributes<CaseTask, { omit: 'version' }>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.UUID) declare caseId: string;
  @Column(DataType.TEXT) declare title: string;
  @Column(DataType.TEXT) declare description: string | null;
  @Column(DataType.UUID) declare assigneeId: string | null;
  @Column(DataType.DATEONLY) declare dueOn: string | null;
  @Column(DataType.TEXT) declare priority: CreationOptional<CaseTaskPriority>;
  @Column(DataType.TEXT) declare status: CreationOptional<CaseTaskStatus>;
  @Column(DataType.INTEGER) declare position: CreationOptional<number>;
  @Column(DataType.DATE) declare completedAt: Date | null;
  @Column(DataType.UUID) declare completedBy: string | null;
  @Column(DataType.UUID) declare createdBy: string | null;
  @Column(DataType.INTEGER) declare readonly version: number;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => Case, { foreignKey: 'caseId' }) declare case?: Rel<Case> | null;
  @BelongsTo(() => User, { foreignKey: 'assigneeId' }) declare assignee?: Rel<User> | null;
  @HasMany(() => CaseTaskItem, { foreignKey: 'taskId' }) declare items?: Rel<CaseTaskItem[]>;
}
