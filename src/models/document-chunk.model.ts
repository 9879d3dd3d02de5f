import type { InferAttributes, InferCreationAttributes } from 'sequelize';
import { Column, DataType, Model, Table } from 'sequelize-typescript';

/** A piece of a version’s text; in the order of `ordinal` they are the whole. `page` counts from 1. */
@Table({ tableName: 'document_chunks', underscored: true, timestamps: false })
export class DocumentChunk extends Model<InferAttributes<DocumentChunk>, InferCreationAttributes<DocumentChunk>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare versionId: string;
  @Column({ type: DataType.INTEGER, primaryKey: true }) declare ordinal: number;
  @Column(DataType.UUID) declare caseId: string;
  @Column(DataType.UUID) declare documentId: string;
  @Column(DataType.INTEGER) declare page: number | null;
  @Column(DataType.BIGINT) declare charOffset: string;
  @Column(DataType.TEXT) declare text: string;
}
