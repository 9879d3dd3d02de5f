import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, HasMany, Model, Table } from 'sequelize-typescript';
import { Case } from './case.model.js';
import { Document } from './document.model.js';
import type { Rel } from './rel.js';

/** A folder of a case. Names are unique among siblings, whatever their case; the tree is at most 32 deep. */
@Table({ tableName: 'folders', underscored: true, timestamps: true })
export class Folder extends Model<InferAttributes<Folder>, InferCreationAttributes<Folder, { omit: 'version' }>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.UUID) declare caseId: string;
  @Column(DataType.UUID) declare parentId: string | null;
  @Column(DataType.TEXT) declare name: string;
  @Column(DataType.UUID) declare createdBy: string | null;
  @Column(DataType.INTEGER) declare readonly version: number;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => Case, { foreignKey: 'caseId' }) declare case?: Rel<Case> | null;
  @BelongsTo(() => Folder, { foreignKey: 'parentId' }) declare parent?: Rel<Folder> | null;
  @HasMany(() => Folder, { foreignKey: 'parentId' }) declare children?: Rel<Folder[]>;
  @HasMany(() => Document, { foreignKey: 'folderId' }) declare documents?: Rel<Document[]>;
}
