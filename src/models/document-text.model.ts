import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { Column, DataType, Model, Table } from 'sequelize-typescript';

export const EXTRACTION_STATUSES = ['pending', 'extracting', 'extracted', 'empty', 'image_only', 'encrypted', 'corrupt', 'mislabelled', 'unsupported', 'too_large', 'failed'] as const;
export type ExtractionStatus = (typeof EXTRACTION_STATUSES)[number];

/** How far taking the text out of a version has come; a trigger makes the row with the version. */
@Table({ tableName: 'document_texts', underscored: true, timestamps: true })
export class DocumentText extends Model<InferAttributes<DocumentText>, InferCreationAttributes<DocumentText>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare versionId: string;
  @Column(DataType.UUID) declare caseId: string;
  @Column(DataType.UUID) declare documentId: string;
  @Column(DataType.TEXT) declare status: CreationOptional<ExtractionStatus>;
  @Column(DataType.TEXT) declare reason: string | null;
  @Column(DataType.INTEGER) declare pageCount: number | null;
  @Column(DataType.BIGINT) declare charCount: string | null;
  @Column(DataType.BOOLEAN) declare truncated: CreationOptional<boolean>;
  @Column(DataType.DATE) declare startedAt: Date | null;
  @Column(DataType.DATE) declare finishedAt: Date | null;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;
}
