import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, Model, Table } from 'sequelize-typescript';
import { ConflictHit } from './conflict-hit.model.js';
import type { Rel } from './rel.js';

/** A case the contact of a hit was known from, and as what; hidden with the case. */
@Table({ tableName: 'conflict_subjects', underscored: true, timestamps: true })
export class ConflictSubject extends Model<InferAttributes<ConflictSubject>, InferCreationAttributes<ConflictSubject>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.UUID) declare hitId: string;
  @Column(DataType.UUID) declare contactId: string;
  @Column(DataType.UUID) declare caseId: string | null;
  @Column(DataType.TEXT) declare partyRole: string | null;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => ConflictHit, { foreignKey: 'hitId' }) declare hit?: Rel<ConflictHit> | null;
}
