import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, Model, Table } from 'sequelize-typescript';
import { Contact } from './contact.model.js';
import type { Rel } from './rel.js';

/** A phone number of a contact; at most one is primary. */
@Table({ tableName: 'contact_phones', underscored: true, timestamps: true })
export class ContactPhone extends Model<InferAttributes<ContactPhone>, InferCreationAttributes<ContactPhone>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.UUID) declare contactId: string;
  @Column(DataType.TEXT) declare label: CreationOptional<string>;
  @Column(DataType.TEXT) declare phone: string;
  @Column(DataType.BOOLEAN) declare isPrimary: CreationOptional<boolean>;
  @Column(DataType.INTEGER) declare position: CreationOptional<number>;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => Contact, { foreignKey: 'contactId' }) declare contact?: Rel<Contact> | null;
}
