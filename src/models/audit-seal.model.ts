import type { InferAttributes } from 'sequelize';
import { Column, DataType, Model, Table } from 'sequelize-typescript';

/** One seal over a stretch of the audit trail, numbered from 1 within the firm. To be read only: doors.seal_audit writes it. */
@Table({ tableName: 'audit_seals', underscored: true, timestamps: false })
export class AuditSeal extends Model<InferAttributes<AuditSeal>, never> {
  @Column(DataType.UUID) declare readonly firmId: string;
  @Column({ type: DataType.BIGINT, primaryKey: true }) declare readonly number: string;
  @Column(DataType.BIGINT) declare readonly fromXid: string;
  @Column(DataType.BIGINT) declare readonly toXid: string;
  @Column(DataType.ARRAY(DataType.BIGINT)) declare readonly rowIds: string[];
  @Column(DataType.ARRAY(DataType.DATE)) declare readonly rowTimes: Date[];
  @Column(DataType.BLOB) declare readonly rowHashes: Buffer;
  @Column(DataType.BLOB) declare readonly previousHash: Buffer;
  @Column(DataType.BLOB) declare readonly hash: Buffer;
  @Column(DataType.DATE) declare readonly sealedAt: Date;
}
