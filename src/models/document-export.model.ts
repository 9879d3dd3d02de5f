import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { Column, DataType, Model, Table } from 'sequelize-typescript';

/** That somebody took the documents of a case along as one archive, and which; never changed. */
@Table({ tableName: 'document_exports', underscored: true, timestamps: true, updatedAt: false })
export class DocumentExport extends Model<InferAttributes<DocumentExport>, InferCreationAttributes<DocumentExport>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.UUID) declare caseId: string;
  @Column(DataType.UUID) declare userId: string;
  @Column(DataType.TEXT) declare versions: 'current' | 'all';
  @Column(DataType.JSONB) declare filters: CreationOptional<Record<string, unknown>>;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
}
