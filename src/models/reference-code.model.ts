import type { InferAttributes } from 'sequelize';
import { Column, DataType, Model, Table } from 'sequelize-typescript';

export type ReferenceKind = 'practice_area' | 'court' | 'jurisdiction' | 'currency' | 'document_type';

/** An entry of a built-in code list, the same for every firm. To be read only: seeders/reference fills it. */
@Table({ tableName: 'reference_codes', underscored: true, timestamps: true })
export class ReferenceCode extends Model<InferAttributes<ReferenceCode>, never> {
  @Column({ type: DataType.TEXT, primaryKey: true }) declare readonly kind: ReferenceKind;
  @Column({ type: DataType.TEXT, primaryKey: true }) declare readonly code: string;
  @Column(DataType.TEXT) declare readonly label: string;
  @Column(DataType.TEXT) declare readonly parentCode: string | null;
  @Column(DataType.JSONB) declare readonly details: Record<string, unknown>;
  @Column(DataType.INTEGER) declare readonly position: number;
  @Column(DataType.DATE) declare readonly createdAt: Date;
  @Column(DataType.DATE) declare readonly updatedAt: Date;
}
