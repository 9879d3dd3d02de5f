import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { Column, DataType, HasMany, HasOne, Model, Table } from 'sequelize-typescript';
import { Email } from './email.model.js';
import { FirmLogo } from './firm-logo.model.js';
import { Job } from './job.model.js';
import type { Rel } from './rel.js';
import { User } from './user.model.js';

/** A tenant with its settings. `id` is the firm id itself (column firm_id); only doors.create_firm makes one. */
@Table({ tableName: 'firms', underscored: true, timestamps: true })
export class Firm extends Model<InferAttributes<Firm>, InferCreationAttributes<Firm, { omit: 'version' }>> {
  @Column({ type: DataType.UUID, primaryKey: true, field: 'firm_id' }) declare id: string;
  @Column(DataType.TEXT) declare slug: string;
  @Column(DataType.TEXT) declare name: string;
  @Column(DataType.TEXT) declare legalName: string | null;
  @Column(DataType.TEXT) declare taxId: string | null;
  @Column(DataType.TEXT) declare ledesLawFirmId: string | null;
  @Column(DataType.TEXT) declare addressLine1: string | null;
  @Column(DataType.TEXT) declare addressLine2: string | null;
  @Column(DataType.TEXT) declare city: string | null;
  @Column(DataType.TEXT) declare region: string | null;
  @Column(DataType.TEXT) declare postalCode: string | null;
  @Column(DataType.TEXT) declare country: CreationOptional<string>;
  @Column(DataType.TEXT) declare phone: string | null;
  @Column(DataType.TEXT) declare email: string | null;
  @Column(DataType.TEXT) declare website: string | null;
  @Column(DataType.TEXT) declare timeZone: CreationOptional<string>;
  @Column(DataType.TEXT) declare currency: CreationOptional<string>;
  @Column(DataType.TEXT) declare language: CreationOptional<string>;
  @Column(DataType.TEXT) declare clientNumberTemplate: CreationOptional<string>;
  @Column(DataType.TEXT) declare caseNumberTemplate: CreationOptional<string>;
  @Column(DataType.TEXT) declare invoiceNumberTemplate: CreationOptional<string>;
  @Column(DataType.ARRAY(DataType.SMALLINT)) declare workWeek: CreationOptional<number[]>;
  @Column(DataType.INTEGER) declare workDayMinutes: CreationOptional<number>;
  @Column(DataType.SMALLINT) declare weekStartsOn: CreationOptional<number>;
  @Column(DataType.SMALLINT) declare fiscalYearStartMonth: CreationOptional<number>;
  @Column(DataType.INTEGER) declare sessionDays: CreationOptional<number>;
  @Column(DataType.INTEGER) declare trashDays: CreationOptional<number | null>;
  @Column(DataType.TEXT) declare caseNumberScope: 'firm' | 'year' | 'client' | null;
  @Column(DataType.INTEGER) declare readonly version: number;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @HasOne(() => FirmLogo, { foreignKey: 'firmId' }) declare logo?: Rel<FirmLogo> | null;
  @HasMany(() => User, { foreignKey: 'firmId' }) declare users?: Rel<User[]>;
  @HasMany(() => Job, { foreignKey: 'firmId' }) declare jobs?: Rel<Job[]>;
  @HasMany(() => Email, { foreignKey: 'firmId' }) declare emails?: Rel<Email[]>;
}
