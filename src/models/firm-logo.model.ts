import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, Model, Table } from 'sequelize-typescript';
import { Firm } from './firm.model.js';
import type { Rel } from './rel.js';

/** The picture on a firm's papers, at most one; half a megabyte at most, so leave `bytes` out where only its hash is wanted. */
@Table({ tableName: 'firm_logos', underscored: true, timestamps: true })
export class FirmLogo extends Model<InferAttributes<FirmLogo>, InferCreationAttributes<FirmLogo>> {
  @Column({ type: DataType.UUID, primaryKey: true }) declare firmId: string;
  @Column(DataType.TEXT) declare mediaType: 'image/png' | 'image/jpeg';
  @Column(DataType.BLOB) declare bytes: Buffer;
  @Column(DataType.TEXT) declare sha256: string;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => Firm, { foreignKey: 'firmId' }) declare firm?: Rel<Firm>;
}
