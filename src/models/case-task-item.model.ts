import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, Model, Table } from 'sequelize-typescript';
import { CaseTask } from './case-task.model.js';
import type { Rel } from './rel.js';

/** A line of a task’s checklist. */
@Table({ tableName: 'case_task_items', underscored: true, timestamps: true })
export class CaseTaskItem extends Model<InferAttributes<CaseTaskItem>, InferCreationAttributes<CaseTaskItem>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.UUID) declare caseId: string;
  @Column(DataType.UUID) declare taskId: string;
  @Column(DataType.TEXT) declare title: string;
  @Column(DataType.BOOLEAN) declare done: CreationOptional<boolean>;
  @Column(DataType.INTEGER) declare position: CreationOptional<number>;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => CaseTask, { foreignKey: 'taskId' }) declare task?: Rel<CaseTask> | null;
}
