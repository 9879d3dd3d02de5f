import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, Model, Table } from 'sequelize-typescript';
import { Case } from './case.model.js';
import type { Rel } from './rel.js';
import { User } from './user.model.js';

/** An ethical wall: `userId` may not see the case from `startsAt` to `endsAt` (null: until lifted), whatever role or seat he has. Never deleted, only lifted. */
@Table({ tableName: 'case_walls', underscored: true, timestamps: true })
export class CaseWall extends Model<InferAttributes<CaseWall>, InferCreationAttributes<CaseWall, { omit: 'version' }>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.UUID) declare caseId: string;
  @Column(DataType.UUID) declare userId: string;
  @Column(DataType.DATE) declare startsAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare endsAt: Date | null;
  @Column(DataType.TEXT) declare reason: string;
  @Column(DataType.UUID) declare createdBy: string | null;
  @Column(DataType.DATE) declare liftedAt: Date | null;
  @Column(DataType.UUID) declare liftedBy: string | null;
  @Column(DataType.TEXT) declare liftReason: string | null;
  @Column(DataType.INTEGER) declare readonly version: number;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => Case, { foreignKey: 'caseId' }) declare case?: Rel<Case> | null;
  @BelongsTo(() => User, { foreignKey: 'userId' }) declare user?: Rel<User> | null;
}
