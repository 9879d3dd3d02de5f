import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { Column, DataType, HasMany, Model, Table } from 'sequelize-typescript';
import { ConflictDecision } from './conflict-decision.model.js';
import { ConflictHit } from './conflict-hit.model.js';
import { ConflictTerm } from './conflict-term.model.js';
import type { Rel } from './rel.js';

export type ConflictCheckStatus = 'clear' | 'open' | 'cleared' | 'waived' | 'declined';

/** A conflict check: what was asked. Hidden with its case, if it has one. */
@Table({ tableName: 'conflict_checks', underscored: true, timestamps: true })
export class ConflictCheck extends Model<InferAttributes<ConflictCheck>, InferCreationAttributes<ConflictCheck, { omit: 'version' }>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.UUID) declare caseId: string | null;
  @Column(DataType.ARRAY(DataType.TEXT)) declare terms: string[];
  @Column(DataType.TEXT) declare purpose: string | null;
  @Column(DataType.TEXT) declare status: CreationOptional<ConflictCheckStatus>;
  @Column(DataType.UUID) declare askedBy: string | null;
  @Column(DataType.INTEGER) declare readonly version: number;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @HasMany(() => ConflictTerm, { foreignKey: 'checkId' }) declare names?: Rel<ConflictTerm[]>;
  @HasMany(() => ConflictHit, { foreignKey: 'checkId' }) declare hits?: Rel<ConflictHit[]>;
  @HasMany(() => ConflictDecision, { foreignKey: 'checkId' }) declare decisions?: Rel<ConflictDecision[]>;
}
