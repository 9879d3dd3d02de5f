import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, HasMany, Model, Table } from 'sequelize-typescript';
import { Case } from './case.model.js';
import { DocumentVersion } from './document-version.model.js';
import { Folder } from './folder.model.js';
import type { Rel } from './rel.js';

export const DOCUMENT_STATUSES = ['draft', 'in_review', 'final', 'executed', 'filed', 'superseded'] as const;
export type DocumentStatus = (typeof DOCUMENT_STATUSES)[number];
export const DOCUMENT_PRIVILEGES = ['none', 'attorney_client', 'work_product'] as const;
export type DocumentPrivilege = (typeof DOCUMENT_PRIVILEGES)[number];

/**
 * A document of a case. `currentVersion` is kept from its versions, of which it has one when the transaction ends.
 * `deletedAt` says that it is in the trash; only doors.purge_document deletes the row.
 */
@Table({ tableName: 'documents', underscored: true, timestamps: true })
export class Document extends Model<InferAttributes<Document>, InferCreationAttributes<Document, { omit: 'version' | 'currentVersion' }>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.UUID) declare caseId: string;
  @Column(DataType.UUID) declare folderId: string | null;
  @Column(DataType.UUID) declare parentId: string | null;
  @Column(DataType.TEXT) declare title: string;
  @Column(DataType.TEXT) declare type: CreationOptional<string>;
  @Column(DataType.TEXT) declare status: CreationOptional<DocumentStatus>;
  @Column(DataType.TEXT) declare authorName: string | null;
  @Column(DataType.UUID) declare authorId: string | null;
  @Column(DataType.DATEONLY) declare documentDate: string | null;
  @Column(DataType.ARRAY(DataType.TEXT)) declare tags: CreationOptional<string[]>;
  @Column(DataType.JSONB) declare metadata: CreationOptional<Record<string, unknown>>;
  @Column(DataType.TEXT) declare privilege: CreationOptional<DocumentPrivilege>;
  @Column(DataType.INTEGER) declare readonly currentVersion: number;
  @Column(DataType.UUID) declare createdBy: string | null;
  @Column(DataType.DATE) declare deletedAt: Date | null;
  @Column(DataType.UUID) declare deletedBy: string | null;
  @Column(DataType.TEXT) declare deleteReason: string | null;
  @Column(DataType.INTEGER) declare readonly version: number;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => Case, { foreignKey: 'caseId' }) declare case?: Rel<Case> | null;
  @BelongsTo(() => Folder, { foreignKey: 'folderId' }) declare folder?: Rel<Folder> | null;
  @HasMany(() => DocumentVersion, { foreignKey: 'documentId' }) declare versions?: Rel<DocumentVersion[]>;
}
