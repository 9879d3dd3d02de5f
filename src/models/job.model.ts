import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, Model, Table } from 'sequelize-typescript';
import { Firm } from './firm.model.js';
import type { Rel } from './rel.js';
import { User } from './user.model.js';

export type JobStatus = 'pending' | 'running' | 'completed' | 'dead';

/** Work for the job runner. The application may read and insert; what becomes of a job is written by the job doors. */
@Table({ tableName: 'jobs', underscored: true, timestamps: true })
export class Job extends Model<InferAttributes<Job>, InferCreationAttributes<Job>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.TEXT) declare name: string;
  @Column(DataType.JSONB) declare payload: CreationOptional<Record<string, unknown>>;
  @Column(DataType.UUID) declare runAs: string | null;
  @Column(DataType.TEXT) declare status: CreationOptional<JobStatus>;
  @Column(DataType.DATE) declare runAt: CreationOptional<Date>;
  @Column(DataType.INTEGER) declare attempts: CreationOptional<number>;
  @Column(DataType.INTEGER) declare maxAttempts: CreationOptional<number>;
  @Column(DataType.TEXT) declare uniqueKey: string | null;
  @Column(DataType.TEXT) declare lockedBy: string | null;
  @Column(DataType.DATE) declare lockedUntil: Date | null;
  @Column(DataType.TEXT) declare lastError: string | null;
  @Column(DataType.DATE) declare finishedAt: Date | null;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => Firm, { foreignKey: 'firmId' }) declare firm?: Rel<Firm>;
  @BelongsTo(() => User, { foreignKey: 'runAs' }) declare user?: Rel<User> | null;
}
