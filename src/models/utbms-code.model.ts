import type { InferAttributes } from 'sequelize';
import { Column, DataType, Model, Table } from 'sequelize-typescript';

export type UtbmsCodeSet = 'litigation' | 'counseling' | 'project' | 'bankruptcy' | 'activity' | 'expense';
export type UtbmsKind = 'phase' | 'task' | 'activity' | 'expense';

/** A code of the UTBMS lists, the same for every firm. To be read only: seeders/reference fills it. */
// No association between task and phase: it takes three columns, and Sequelize joins by one.
@Table({ tableName: 'utbms_codes', underscored: true, timestamps: true })
export class UtbmsCode extends Model<InferAttributes<UtbmsCode>, never> {
  @Column({ type: DataType.TEXT, primaryKey: true }) declare readonly codeSet: UtbmsCodeSet;
  @Column({ type: DataType.TEXT, primaryKey: true }) declare readonly code: string;
  @Column({ type: DataType.TEXT, primaryKey: true }) declare readonly kind: UtbmsKind;
  @Column(DataType.TEXT) declare readonly parentCode: string | null;
  @Column(DataType.TEXT) declare readonly parentKind: UtbmsKind | null;
  @Column(DataType.TEXT) declare readonly name: string;
  @Column(DataType.INTEGER) declare readonly position: number;
  @Column(DataType.DATE) declare readonly createdAt: Date;
  @Column(DataType.DATE) declare readonly updatedAt: Date;
}
