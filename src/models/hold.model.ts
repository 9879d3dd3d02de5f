import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { Column, DataType, Model, Table } from 'sequelize-typescript';

/** A legal hold on a document, or on a whole case where `documentId` is null. Active until it is released, which is final. */
@Table({ tableName: 'holds', underscored: true, timestamps: true })
export class Hold extends Model<InferAttributes<Hold>, InferCreationAttributes<Hold, { omit: 'version' }>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.UUID) declare caseId: string;
  @Column(DataType.UUID) declare documentId: string | null;
  @Column(DataType.TEXT) declare name: string;
  @Column(DataType.TEXT) declare reason: string;
  @Column(DataType.UUID) declare placedBy: string | null;
  @Column(DataType.DATE) declare placedAt: CreationOptional<Date>;
  @Column(DataType.UUID) declare releasedBy: string | null;
  @Column(DataType.DATE) declare releasedAt: Date | null;
  @Column(DataType.TEXT) declare releaseReason: string | null;
  @Column(DataType.INTEGER) declare readonly version: number;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;
}
