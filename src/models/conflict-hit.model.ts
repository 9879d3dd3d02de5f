import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, HasMany, Model, Table } from 'sequelize-typescript';
import { ConflictCheck } from './conflict-check.model.js';
import { ConflictSubject } from './conflict-subject.model.js';
import { ConflictTerm } from './conflict-term.model.js';
import type { Rel } from './rel.js';

export type ConflictHitReason =
  | 'exact' | 'alias' | 'former_name' | 'trigram' | 'phonetic' | 'initials' | 'word_order' | 'email' | 'tax_id' | 'related';

/** One contact found for one name of a check; hidden with the contact, and with the one that led to it. */
@Table({ tableName: 'conflict_hits', underscored: true, timestamps: true })
export class ConflictHit extends Model<InferAttributes<ConflictHit>, InferCreationAttributes<ConflictHit>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.UUID) declare checkId: string;
  @Column(DataType.UUID) declare termId: string;
  @Column(DataType.UUID) declare contactId: string;
  @Column(DataType.TEXT) declare name: string;
  @Column(DataType.TEXT) declare source: string;
  @Column(DataType.ARRAY(DataType.TEXT)) declare reasons: ConflictHitReason[];
  @Column(DataType.UUID) declare viaContactId: string | null;
  @Column(DataType.TEXT) declare relation: string | null;
  @Column(DataType.BOOLEAN) declare inverse: boolean | null;
  @Column(DataType.DECIMAL(5, 4)) declare score: string;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => ConflictCheck, { foreignKey: 'checkId' }) declare check?: Rel<ConflictCheck> | null;
  @BelongsTo(() => ConflictTerm, { foreignKey: 'termId' }) declare term?: Rel<ConflictTerm> | null;
  @HasMany(() => ConflictSubject, { foreignKey: 'hitId' }) declare subjects?: Rel<ConflictSubject[]>;
}
