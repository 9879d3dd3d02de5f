import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, Model, Table } from 'sequelize-typescript';
import { Contact } from './contact.model.js';
import type { Rel } from './rel.js';

/** An address of a contact; at most one is primary. */
@Table({ tableName: 'contact_addresses', underscored: true, timestamps: true })
export class ContactAddress extends Model<InferAttributes<ContactAddress>, InferCreationAttributes<ContactAddress>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.UUID) declare contactId: string;
  @Column(DataType.TEXT) declare label: CreationOptional<string>;
  @Column(DataType.TEXT) declare line1: string;
  @Column(DataType.TEXT) declare line2: string | null;
  @Column(DataType.TEXT) declare city: string | null;
  @Column(DataType.TEXT) declare region: string | null;
  @Column(DataType.TEXT) declare postalCode: string | null;
  @Column(DataType.TEXT) declare country: string;
  @Column(DataType.BOOLEAN) declare isPrimary: CreationOptional<boolean>;
  @Column(DataType.INTEGER) declare position: CreationOptional<number>;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => Contact, { foreignKey: 'contactId' }) declare contact?: Rel<Contact> | null;
}
