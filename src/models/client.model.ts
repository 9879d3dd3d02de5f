import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, HasMany, Model, Table } from 'sequelize-typescript';
import { Case } from './case.model.js';
import { Contact } from './contact.model.js';
import type { Rel } from './rel.js';

export type ClientStatus = 'active' | 'inactive' | 'former';

/** A contact the firm works for. `number` comes from the counter when it is left out, which users must. */
@Table({ tableName: 'clients', underscored: true, timestamps: true })
export class Client extends Model<InferAttributes<Client>, InferCreationAttributes<Client, { omit: 'version' }>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.UUID) declare contactId: string;
  @Column(DataType.TEXT) declare number: CreationOptional<string>;
  @Column(DataType.TEXT) declare status: CreationOptional<ClientStatus>;
  @Column(DataType.TEXT) declare currency: CreationOptional<string>;
  @Column(DataType.INTEGER) declare paymentTermsDays: CreationOptional<number>;
  @Column(DataType.TEXT) declare taxId: string | null;
  @Column(DataType.TEXT) declare ledesClientId: string | null;
  @Column(DataType.UUID) declare billingContactId: string | null;
  @Column(DataType.UUID) declare billingAddressId: string | null;
  @Column(DataType.TEXT) declare billingInstructions: string | null;
  @Column(DataType.TEXT) declare notes: string | null;
  @Column(DataType.DATEONLY) declare openedOn: CreationOptional<string>;
  @Column(DataType.UUID) declare createdBy: string | null;
  @Column(DataType.INTEGER) declare readonly version: number;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => Contact, { foreignKey: 'contactId' }) declare contact?: Rel<Contact> | null;
  @HasMany(() => Case, { foreignKey: 'clientId' }) declare cases?: Rel<Case[]>;
}
