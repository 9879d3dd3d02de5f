import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { Column, DataType, Model, Table } from 'sequelize-typescript';

/**
 * A file of an import that has not ended: one that was uploaded (`entry` 0), whose bytes wait in the store under its id, or one
 * found in an uploaded ZIP. Without `outcome` it is still to be dealt with.
 */
@Table({ tableName: 'document_import_files', underscored: true, timestamps: true })
export class DocumentImportFile extends Model<InferAttributes<DocumentImportFile>, InferCreationAttributes<DocumentImportFile>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.UUID) declare taskId: string;
  @Column(DataType.UUID) declare caseId: string;
  @Column(DataType.INTEGER) declare upload: number;
  @Column(DataType.INTEGER) declare entry: CreationOptional<number>;
  @Column(DataType.TEXT) declare path: string;
  @Column(DataType.TEXT) declare sha256: string | null;
  @Column(DataType.BIGINT) declare size: string | null;
  @Column(DataType.TEXT) declare mediaType: string | null;
  @Column(DataType.BOOLEAN) declare nameMatches: boolean | null;
  @Column(DataType.TEXT) declare declaredType: string | null;
  @Column(DataType.TEXT) declare outcome: string | null;
  @Column(DataType.JSONB) declare result: CreationOptional<Record<string, unknown>>;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;
}
