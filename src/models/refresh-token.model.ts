import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, Model, Table } from 'sequelize-typescript';
import type { Rel } from './rel.js';
import { Session } from './session.model.js';

/** One link of a session's chain of refresh tokens, by SHA-256. Used a second time it betrays a theft: end the session. */
@Table({ tableName: 'refresh_tokens', underscored: true, timestamps: true })
export class RefreshToken extends Model<InferAttributes<RefreshToken>, InferCreationAttributes<RefreshToken>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.UUID) declare sessionId: string;
  @Column(DataType.BLOB) declare tokenHash: Buffer;
  @Column(DataType.DATE) declare usedAt: Date | null;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => Session, { foreignKey: 'sessionId' }) declare session?: Rel<Session>;
}
