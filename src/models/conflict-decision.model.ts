import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, Model, Table } from 'sequelize-typescript';
import { ConflictCheck } from './conflict-check.model.js';
import type { Rel } from './rel.js';

export type ConflictDecisionDecision = 'cleared' | 'waived' | 'declined';

/** Cleared, waived or declined: by whom and why. Append-only; about a hit, the bare hit of a term, or (neither) the check. */
@Table({ tableName: 'conflict_decisions', underscored: true, timestamps: true })
export class ConflictDecision extends Model<InferAttributes<ConflictDecision>, InferCreationAttributes<ConflictDecision>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.UUID) declare checkId: string;
  @Column(DataType.UUID) declare hitId: string | null;
  @Column(DataType.UUID) declare termId: string | null;
  @Column(DataType.TEXT) declare decision: ConflictDecisionDecision;
  @Column(DataType.TEXT) declare reason: string;
  @Column(DataType.UUID) declare decidedBy: string | null;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => ConflictCheck, { foreignKey: 'checkId' }) declare check?: Rel<ConflictCheck> | null;
}
