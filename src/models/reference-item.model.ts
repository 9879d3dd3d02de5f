import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { Column, DataType, Model, Table } from 'sequelize-typescript';

export type ReferenceItemKind = 'practice_area' | 'court' | 'jurisdiction' | 'document_type';

/** A firm’s own addition to a code list. */
@Table({ tableName: 'reference_items', underscored: true, timestamps: true })
export class ReferenceItem extends Model<InferAttributes<ReferenceItem>, InferCreationAttributes<ReferenceItem, { omit: 'version' }>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.TEXT) declare kind: ReferenceItemKind;
  @Column(DataType.TEXT) declare code: string;
  @Column(DataType.TEXT) declare label: string;
  @Column(DataType.JSONB) declare details: CreationOptional<Record<string, unknown>>;
  @Column(DataType.BOOLEAN) declare active: CreationOptional<boolean>;
  @Column(DataType.INTEGER) declare position: CreationOptional<number>;
  @Column(DataType.INTEGER) declare readonly version: number;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;
}
