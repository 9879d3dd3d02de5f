import type { InferAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, Model, Table } from 'sequelize-typescript';
import type { Rel } from './rel.js';
import { User } from './user.model.js';

export type AuditActorKind = 'user' | 'system' | 'credential' | 'guest' | 'operator';

/** One change in the audit trail. To be read only: triggers and doors write it. Give a range of `occurredAt`, it is partitioned by month. */
@Table({ tableName: 'audit_events', underscored: true, timestamps: false })
export class AuditEvent extends Model<InferAttributes<AuditEvent>, never> {
  @Column(DataType.UUID) declare readonly firmId: string;
  @Column(DataType.DATE) declare readonly occurredAt: Date;
  @Column({ type: DataType.BIGINT, primaryKey: true }) declare readonly id: string;
  @Column(DataType.BIGINT) declare readonly xid: string;
  @Column(DataType.TEXT) declare readonly actorKind: AuditActorKind;
  @Column(DataType.UUID) declare readonly userId: string | null;
  @Column(DataType.TEXT) declare readonly requestId: string | null;
  @Column(DataType.TEXT) declare readonly address: string | null;
  @Column(DataType.TEXT) declare readonly action: string;
  @Column(DataType.TEXT) declare readonly tableName: string;
  @Column(DataType.UUID) declare readonly rowId: string | null;
  @Column(DataType.UUID) declare readonly caseId: string | null;
  @Column(DataType.JSONB) declare readonly before: Record<string, unknown> | null;
  @Column(DataType.JSONB) declare readonly after: Record<string, unknown> | null;
  @Column(DataType.TEXT) declare readonly reason: string | null;
  @Column(DataType.ARRAY(DataType.UUID)) declare readonly contactIds: string[] | null;

  // no foreign key behind it: the trail outlives whoever it names
  @BelongsTo(() => User, { foreignKey: 'userId', constraints: false }) declare user?: Rel<User> | null;
}
