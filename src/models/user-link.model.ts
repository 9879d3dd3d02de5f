import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, Model, Table } from 'sequelize-typescript';
import type { Rel } from './rel.js';
import { User } from './user.model.js';

/** A link sent by e-mail, good once and until `expiresAt`; only the SHA-256 of its secret is kept. */
@Table({ tableName: 'user_links', underscored: true, timestamps: true })
export class UserLink extends Model<InferAttributes<UserLink>, InferCreationAttributes<UserLink>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.UUID) declare userId: string;
  @Column(DataType.TEXT) declare kind: 'invitation' | 'password_reset';
  @Column(DataType.BLOB) declare tokenHash: Buffer;
  @Column(DataType.DATE) declare expiresAt: Date;
  @Column(DataType.DATE) declare usedAt: Date | null;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => User, { foreignKey: 'userId' }) declare user?: Rel<User>;
}
