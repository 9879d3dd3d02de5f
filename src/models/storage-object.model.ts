import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { Column, DataType, Model, Table } from 'sequelize-typescript';

/** One file in the store. For src/modules/storage only: that a hash is there would tell what hidden cases hold. */
@Table({ tableName: 'storage_objects', underscored: true, timestamps: true, updatedAt: false })
export class StorageObject extends Model<InferAttributes<StorageObject>, InferCreationAttributes<StorageObject>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.TEXT) declare sha256: string;
  @Column(DataType.BIGINT) declare size: string;
  @Column(DataType.TEXT) declare state: CreationOptional<'stored' | 'removing'>;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
}
