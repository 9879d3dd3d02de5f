import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, Model, Table } from 'sequelize-typescript';
import { Firm } from './firm.model.js';
import type { Rel } from './rel.js';

export type EmailStatus = 'queued' | 'sent' | 'logged' | 'failed';

/** An e-mail on its way. `body` may hold a link with a secret: set it to null once the mail is handed over. */
@Table({ tableName: 'emails', underscored: true, timestamps: true })
export class Email extends Model<InferAttributes<Email>, InferCreationAttributes<Email>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.TEXT) declare recipient: string;
  @Column(DataType.TEXT) declare subject: string;
  @Column(DataType.TEXT) declare body: string | null;
  @Column(DataType.TEXT) declare status: CreationOptional<EmailStatus>;
  @Column(DataType.DATE) declare sentAt: Date | null;
  @Column(DataType.UUID) declare caseId: string | null;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => Firm, { foreignKey: 'firmId' }) declare firm?: Rel<Firm>;
}
