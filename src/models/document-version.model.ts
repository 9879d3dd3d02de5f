import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, Model, Table } from 'sequelize-typescript';
import { Document } from './document.model.js';
import type { Rel } from './rel.js';

/** What was stored of a document, once and for all. `number` is given by the database: leave it out. */
@Table({ tableName: 'document_versions', underscored: true, timestamps: true, updatedAt: false })
export class DocumentVersion extends Model<InferAttributes<DocumentVersion>, InferCreationAttributes<DocumentVersion>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.UUID) declare caseId: string;
  @Column(DataType.UUID) declare documentId: string;
  @Column(DataType.INTEGER) declare number: CreationOptional<number>;
  @Column(DataType.UUID) declare objectId: string;
  @Column(DataType.TEXT) declare sha256: string;
  @Column(DataType.BIGINT) declare size: string;
  @Column(DataType.TEXT) declare mediaType: string;
  @Column(DataType.TEXT) declare declaredType: string | null;
  @Column(DataType.TEXT) declare fileName: string;
  @Column(DataType.BOOLEAN) declare nameMatches: CreationOptional<boolean>;
  @Column(DataType.UUID) declare authorId: string;
  @Column(DataType.TEXT) declare comment: string | null;
  @Column(DataType.INTEGER) declare restoredFrom: number | null;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;

  @BelongsTo(() => Document, { foreignKey: 'documentId' }) declare document?: Rel<Document> | null;
}
