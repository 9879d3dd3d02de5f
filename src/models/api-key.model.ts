import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, Model, Table } from 'sequelize-typescript';
import type { Permission } from '../common/auth/permissions.js';
import type { Rel } from './rel.js';
import { User } from './user.model.js';

/** A key that acts as its user, narrowed to `permissions`. Only its SHA-256 is kept; `hint` is its readable tail. */
// Sequelize would write updated_at with every change, but use of a key is no edit: here the trigger alone decides.
@Table({ tableName: 'api_keys', underscored: true, timestamps: true, updatedAt: false })
export class ApiKey extends Model<InferAttributes<ApiKey>, InferCreationAttributes<ApiKey, { omit: 'version' }>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.UUID) declare userId: string;
  @Column(DataType.TEXT) declare name: string;
  @Column(DataType.BLOB) declare keyHash: Buffer;
  @Column(DataType.TEXT) declare hint: string;
  @Column(DataType.ARRAY(DataType.TEXT)) declare permissions: Permission[];
  @Column(DataType.DATE) declare expiresAt: Date | null;
  @Column(DataType.DATE) declare lastUsedAt: Date | null;
  @Column(DataType.DATE) declare revokedAt: Date | null;
  @Column(DataType.INTEGER) declare readonly version: number;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => User, { foreignKey: 'userId' }) declare user?: Rel<User>;
}
