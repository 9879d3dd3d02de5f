import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, Model, Table } from 'sequelize-typescript';
import { Case } from './case.model.js';
import { Contact } from './contact.model.js';
import type { Rel } from './rel.js';

export type CasePartyRole = 'plaintiff' | 'defendant' | 'claimant' | 'respondent' | 'petitioner' | 'appellant' | 'appellee' | 'counsel' | 'opposing_counsel' | 'co_counsel' | 'expert' | 'judge' | 'mediator' | 'arbitrator' | 'witness' | 'insurer' | 'guarantor' | 'guardian' | 'beneficiary' | 'third_party' | 'other';
export type CasePartySide = 'client' | 'opposing' | 'neutral';

/** A contact’s part in a case; `representedById` is another party of the same case. */
@Table({ tableName: 'case_parties', underscored: true, timestamps: true })
export class CaseParty extends Model<InferAttributes<CaseParty>, InferCreationAttributes<CaseParty, { omit: 'version' }>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.UUID) declare caseId: string;
  @Column(DataType.UUID) declare contactId: string;
  @Column(DataType.TEXT) declare role: CasePartyRole;
  @Column(DataType.TEXT) declare side: CreationOptional<CasePartySide>;
  @Column(DataType.UUID) declare representedById: string | null;
  @Column(DataType.DATEONLY) declare since: string | null;
  @Column(DataType.DATEONLY) declare until: string | null;
  @Column(DataType.TEXT) declare note: string | null;
  @Column(DataType.INTEGER) declare readonly version: number;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => Case, { foreignKey: 'caseId' }) declare case?: Rel<Case> | null;
  @BelongsTo(() => Contact, { foreignKey: 'contactId' }) declare contact?: Rel<Contact> | null;
}
