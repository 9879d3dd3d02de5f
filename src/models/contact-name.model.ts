import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, Model, Table } from 'sequelize-typescript';
import { Contact } from './contact.model.js';
import type { Rel } from './rel.js';

export type ContactNameKind = 'alias' | 'former' | 'trade' | 'maiden';

/** Another name of a contact: alias, former, trade or maiden name. */
@Table({ tableName: 'contact_names', underscored: true, timestamps: true })
export class ContactName extends Model<InferAttributes<ContactName>, InferCreationAttributes<ContactName>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.UUID) declare contactId: string;
  @Column(DataType.TEXT) declare kind: ContactNameKind;
  @Column(DataType.TEXT) declare name: string;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => Contact, { foreignKey: 'contactId' }) declare contact?: Rel<Contact> | null;
}
