import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, HasMany, HasOne, Model, Table } from 'sequelize-typescript';
import type { Role } from '../common/auth/permissions.js';
import { ApiKey } from './api-key.model.js';
import { AuditEvent } from './audit-event.model.js';
import { CaseMember } from './case-member.model.js';
import { CaseTask } from './case-task.model.js';
import { CaseWall } from './case-wall.model.js';
import { Case } from './case.model.js';
import { Firm } from './firm.model.js';
import { IdempotencyKey } from './idempotency-key.model.js';
import { Job } from './job.model.js';
import { Notification } from './notification.model.js';
import type { Rel } from './rel.js';
import { Session } from './session.model.js';
import { TaskTicket } from './task-ticket.model.js';
import { Task } from './task.model.js';
import { UserLink } from './user-link.model.js';
import { UserPassword } from './user-password.model.js';

export type UserStatus = 'invited' | 'active' | 'deactivated';

/** A person of a firm. `name` is generated from given and family name; `email` is kept trimmed and in lower case. */
@Table({ tableName: 'users', underscored: true, timestamps: true })
export class User extends Model<InferAttributes<User>, InferCreationAttributes<User, { omit: 'name' | 'version' }>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.TEXT) declare email: string;
  @Column(DataType.TEXT) declare givenName: string;
  @Column(DataType.TEXT) declare familyName: string;
  @Column(DataType.TEXT) declare readonly name: string;
  @Column(DataType.TEXT) declare initials: string | null;
  @Column(DataType.TEXT) declare title: string | null;
  @Column(DataType.TEXT) declare phone: string | null;
  @Column(DataType.TEXT) declare role: Role;
  @Column(DataType.TEXT) declare status: CreationOptional<UserStatus>;
  @Column(DataType.TEXT) declare timeZone: string | null;
  @Column(DataType.TEXT) declare language: string | null;
  @Column(DataType.DATE) declare lastLoginAt: Date | null;
  @Column(DataType.DATE) declare deactivatedAt: Date | null;
  @Column(DataType.INTEGER) declare readonly version: number;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => Firm, { foreignKey: 'firmId' }) declare firm?: Rel<Firm>;
  @HasOne(() => UserPassword, { foreignKey: 'userId' }) declare password?: Rel<UserPassword> | null;
  @HasMany(() => Session, { foreignKey: 'userId' }) declare sessions?: Rel<Session[]>;
  @HasMany(() => ApiKey, { foreignKey: 'userId' }) declare apiKeys?: Rel<ApiKey[]>;
  @HasMany(() => UserLink, { foreignKey: 'userId' }) declare links?: Rel<UserLink[]>;
  @HasMany(() => Job, { foreignKey: 'runAs' }) declare jobs?: Rel<Job[]>;
  @HasMany(() => Task, { foreignKey: 'userId' }) declare tasks?: Rel<Task[]>;
  @HasMany(() => TaskTicket, { foreignKey: 'userId' }) declare taskTickets?: Rel<TaskTicket[]>;
  @HasMany(() => Notification, { foreignKey: 'userId' }) declare notifications?: Rel<Notification[]>;
  @HasMany(() => IdempotencyKey, { foreignKey: 'userId' }) declare idempotencyKeys?: Rel<IdempotencyKey[]>;
  @HasMany(() => Case, { foreignKey: 'responsibleAttorneyId' }) declare responsibleFor?: Rel<Case[]>;
  @HasMany(() => CaseMember, { foreignKey: 'userId' }) declare caseMembers?: Rel<CaseMember[]>;
  @HasMany(() => CaseTask, { foreignKey: 'assigneeId' }) declare caseTasks?: Rel<CaseTask[]>;
  @HasMany(() => CaseWall, { foreignKey: 'userId' }) declare caseWalls?: Rel<CaseWall[]>;
  @HasMany(() => AuditEvent, { foreignKey: 'userId', constraints: false }) declare auditEvents?: Rel<AuditEvent[]>;
}
