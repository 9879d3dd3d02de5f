import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { Column, DataType, HasMany, HasOne, Model, Table } from 'sequelize-typescript';
import { CaseParty } from './case-party.model.js';
import { Client } from './client.model.js';
import { ContactAddress } from './contact-address.model.js';
import { ContactEmail } from './contact-email.model.js';
import { ContactName } from './contact-name.model.js';
import { ContactPhone } from './contact-phone.model.js';
import { ContactRelation } from './contact-relation.model.js';
import type { Rel } from './rel.js';

export type ContactKind = 'person' | 'company';

/** A person or a company. `name` and `sortName` are generated; hidden when known only through hidden cases. */
@Table({ tableName: 'contacts', underscored: true, timestamps: true })
export class Contact extends Model<InferAttributes<Contact>, InferCreationAttributes<Contact, { omit: 'name' | 'sortName' | 'version' }>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.TEXT) declare kind: ContactKind;
  @Column(DataType.TEXT) declare givenName: string | null;
  @Column(DataType.TEXT) declare middleName: string | null;
  @Column(DataType.TEXT) declare familyName: string | null;
  @Column(DataType.TEXT) declare suffix: string | null;
  @Column(DataType.TEXT) declare companyName: string | null;
  @Column(DataType.TEXT) declare readonly name: string;
  @Column(DataType.TEXT) declare readonly sortName: string;
  @Column(DataType.TEXT) declare jobTitle: string | null;
  @Column(DataType.DATEONLY) declare dateOfBirth: string | null;
  @Column(DataType.TEXT) declare website: string | null;
  @Column(DataType.TEXT) declare notes: string | null;
  @Column(DataType.ARRAY(DataType.TEXT)) declare tags: CreationOptional<string[]>;
  @Column(DataType.JSONB) declare metadata: CreationOptional<Record<string, unknown>>;
  @Column(DataType.UUID) declare createdBy: string | null;
  @Column(DataType.INTEGER) declare readonly version: number;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @HasMany(() => ContactName, { foreignKey: 'contactId' }) declare names?: Rel<ContactName[]>;
  @HasMany(() => ContactEmail, { foreignKey: 'contactId' }) declare emails?: Rel<ContactEmail[]>;
  @HasMany(() => ContactPhone, { foreignKey: 'contactId' }) declare phones?: Rel<ContactPhone[]>;
  @HasMany(() => ContactAddress, { foreignKey: 'contactId' }) declare addresses?: Rel<ContactAddress[]>;
  @HasMany(() => ContactRelation, { foreignKey: 'fromContactId' }) declare relationsFrom?: Rel<ContactRelation[]>;
  @HasMany(() => ContactRelation, { foreignKey: 'toContactId' }) declare relationsTo?: Rel<ContactRelation[]>;
  @HasOne(() => Client, { foreignKey: 'contactId' }) declare client?: Rel<Client> | null;
  @HasMany(() => CaseParty, { foreignKey: 'contactId' }) declare caseParties?: Rel<CaseParty[]>;
}
