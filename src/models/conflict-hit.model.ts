import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, HasMany, Model, Table } from 'sequelize-typescript';
import { ConflictCheck } from './conflict-check.model.js';
import { ConflictSubject } from './conflict-subject.model.js';
import type { Rel } from './rel.js';

export type ConflictHitReason = 'exact' | 'word_order' | 'initials' | 'trigram' | 'phonetic' | 'related';

/** That something was hit, and why. What it was stands in `subjects`, which are none where a wall hides them. */
@Table({ tableName: 'conflict_hits', underscored: true, timestamps: true })
export class ConflictHit extends Model<InferAttributes<ConflictHit>, InferCreationAttributes<ConflictHit>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.UUID) declare checkId: string;
  @Column(DataType.TEXT) declare term: string;
  @Column(DataType.TEXT) declare reason: ConflictHitReason;
  @Column(DataType.DECIMAL(5, 4)) declare score: string;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => ConflictCheck, { foreignKey: 'checkId' }) declare check?: Rel<ConflictCheck> | null;
  @HasMany(() => ConflictSubject, { foreignKey: 'hitId' }) declare subjects?: Rel<ConflictSubject[]>;
}
