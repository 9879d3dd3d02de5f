import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, Model, Table } from 'sequelize-typescript';
import { Case } from './case.model.js';
import type { Rel } from './rel.js';
import { User } from './user.model.js';

export type CaseMemberRole = 'lead' | 'attorney' | 'associate' | 'paralegal' | 'billing' | 'assistant' | 'observer';

/** A person’s role on a case. */
@Table({ tableName: 'case_members', underscored: true, timestamps: true })
export class CaseMember extends Model<InferAttributes<CaseMember>, InferCreationAttributes<CaseMember, { omit: 'version' }>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.UUID) declare caseId: string;
  @Column(DataType.UUID) declare userId: string;
  @Column(DataType.TEXT) declare role: CaseMemberRole;
  @Column(DataType.INTEGER) declare readonly version: number;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => Case, { foreignKey: 'caseId' }) declare case?: Rel<Case> | null;
  @BelongsTo(() => User, { foreignKey: 'userId' }) declare user?: Rel<User> | null;
}
