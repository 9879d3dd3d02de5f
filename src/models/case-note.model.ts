import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, Model, Table } from 'sequelize-typescript';
import { Case } from './case.model.js';
import type { Rel } from './rel.js';

/** A note on a case. */
@Table({ tableName: 'case_notes', underscored: true, timestamps: true })
export class CaseNote extends Model<InferAttributes<CaseNote>, InferCreationAttributes<CaseNote, { omit: 'version' }>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.UUID) declare caseId: string;
  @Column(DataType.TEXT) declare body: string;
  @Column(DataType.BOOLEAN) declare pinned: CreationOptional<boolean>;
  @Column(DataType.UUID) declare authorId: string;
  @Column(DataType.INTEGER) declare readonly version: number;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => Case, { foreignKey: 'caseId' }) declare case?: Rel<Case> | null;
}
