import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, Model, Table } from 'sequelize-typescript';
import { Contact } from './contact.model.js';
import type { Rel } from './rel.js';

export type ContactRelationKind = 'parent_company' | 'affiliate' | 'spouse' | 'employer' | 'relative' | 'partner' | 'agent' | 'officer' | 'shareholder' | 'guardian' | 'insurer' | 'attorney' | 'other';

/** "from is the <kind> of to". Seen by who sees both ends. */
@Table({ tableName: 'contact_relations', underscored: true, timestamps: true })
export class ContactRelation extends Model<InferAttributes<ContactRelation>, InferCreationAttributes<ContactRelation, { omit: 'version' }>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.UUID) declare fromContactId: string;
  @Column(DataType.UUID) declare toContactId: string;
  @Column(DataType.TEXT) declare kind: ContactRelationKind;
  @Column(DataType.DATEONLY) declare since: string | null;
  @Column(DataType.DATEONLY) declare until: string | null;
  @Column(DataType.TEXT) declare note: string | null;
  @Column(DataType.INTEGER) declare readonly version: number;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => Contact, { foreignKey: 'fromContactId' }) declare from?: Rel<Contact> | null;
  @BelongsTo(() => Contact, { foreignKey: 'toContactId' }) declare to?: Rel<Contact> | null;
}
