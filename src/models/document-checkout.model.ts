import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { Column, DataType, Model, Table } from 'sequelize-typescript';

/** Who has checked a document out; it holds until `expiresAt`. One for each document at most. */
@Table({ tableName: 'document_checkouts', underscored: true, timestamps: true, updatedAt: false })
export class DocumentCheckout extends Model<InferAttributes<DocumentCheckout>, InferCreationAttributes<DocumentCheckout>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column(DataType.UUID) declare id: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare documentId: string;
  @Column(DataType.UUID) declare caseId: string;
  @Column(DataType.UUID) declare userId: string;
  @Column(DataType.TEXT) declare reason: string | null;
  @Column(DataType.DATE) declare expiresAt: Date;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
}
