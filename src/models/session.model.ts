import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, HasMany, Model, Table } from 'sequelize-typescript';
import { RefreshToken } from './refresh-token.model.js';
import type { Rel } from './rel.js';
import { User } from './user.model.js';

export type SessionEndReason = 'logout' | 'password_changed' | 'token_reused' | 'deactivated' | 'revoked' | 'expired';

/** One login on one device. `endedAt` and `endReason` are set together; an ended session makes its tokens worthless. */
@Table({ tableName: 'sessions', underscored: true, timestamps: true })
export class Session extends Model<InferAttributes<Session>, InferCreationAttributes<Session>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.UUID) declare userId: string;
  @Column(DataType.TEXT) declare userAgent: string | null;
  @Column(DataType.TEXT) declare address: string | null;
  @Column(DataType.DATE) declare lastUsedAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare expiresAt: Date;
  @Column(DataType.DATE) declare endedAt: Date | null;
  /** The user's, kept by the database. */
  @Column(DataType.TEXT) declare readonly role: CreationOptional<string>;
  @Column(DataType.TEXT) declare endReason: SessionEndReason | null;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => User, { foreignKey: 'userId' }) declare user?: Rel<User>;
  @HasMany(() => RefreshToken, { foreignKey: 'sessionId' }) declare refreshTokens?: Rel<RefreshToken[]>;
}
