import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, Model, Table } from 'sequelize-typescript';
import type { Rel } from './rel.js';
import { User } from './user.model.js';

/** The stored answer to a creating request. Its key is (userId, route, key), so findByPk does not apply: use `where`. */
@Table({ tableName: 'idempotency_keys', underscored: true, timestamps: true })
export class IdempotencyKey extends Model<InferAttributes<IdempotencyKey>, InferCreationAttributes<IdempotencyKey>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare userId: string;
  @Column({ type: DataType.TEXT, primaryKey: true }) declare route: string;
  @Column({ type: DataType.TEXT, primaryKey: true }) declare key: string;
  @Column(DataType.BLOB) declare requestHash: Buffer;
  @Column(DataType.INTEGER) declare status: number;
  @Column(DataType.JSONB) declare headers: CreationOptional<Record<string, string>>;
  @Column(DataType.JSONB) declare body: unknown;
  @Column(DataType.TEXT) declare resourceTable: string | null;
  @Column(DataType.UUID) declare resourceId: string | null;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => User, { foreignKey: 'userId' }) declare user?: Rel<User>;
}
