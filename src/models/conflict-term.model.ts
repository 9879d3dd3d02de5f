import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, HasMany, Model, Table } from 'sequelize-typescript';
import { ConflictCheck } from './conflict-check.model.js';
import { ConflictHit } from './conflict-hit.model.js';
import type { Rel } from './rel.js';

/** One name of a check. Its id is also that of its bare hit: "something here is hidden from you". */
@Table({ tableName: 'conflict_terms', underscored: true, timestamps: true })
export class ConflictTerm extends Model<InferAttributes<ConflictTerm>, InferCreationAttributes<ConflictTerm>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.UUID) declare checkId: string;
  @Column(DataType.INTEGER) declare position: number;
  @Column(DataType.TEXT) declare name: string;
  @Column(DataType.TEXT) declare kind: 'person' | 'company' | null;
  @Column(DataType.TEXT) declare email: string | null;
  @Column(DataType.TEXT) declare taxId: string | null;
  @Column(DataType.BOOLEAN) declare truncated: CreationOptional<boolean>;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => ConflictCheck, { foreignKey: 'checkId' }) declare check?: Rel<ConflictCheck> | null;
  @HasMany(() => ConflictHit, { foreignKey: 'termId' }) declare hits?: Rel<ConflictHit[]>;
}
