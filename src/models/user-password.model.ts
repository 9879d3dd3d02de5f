import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, Model, Table } from 'sequelize-typescript';
import type { Rel } from './rel.js';
import { User } from './user.model.js';

/** A user's Argon2id hash, kept apart from users so that no list can carry it. None: the user has never set a password. */
@Table({ tableName: 'user_passwords', underscored: true, timestamps: true })
export class UserPassword extends Model<InferAttributes<UserPassword>, InferCreationAttributes<UserPassword>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare userId: string;
  @Column(DataType.TEXT) declare hash: string;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => User, { foreignKey: 'userId' }) declare user?: Rel<User>;
}
