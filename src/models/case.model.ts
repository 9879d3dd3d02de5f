import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { BelongsTo, Column, DataType, HasMany, Model, Table } from 'sequelize-typescript';
import { CaseEvent } from './case-event.model.js';
import { CaseMember } from './case-member.model.js';
import { CaseNote } from './case-note.model.js';
import { CaseParty } from './case-party.model.js';
import { CaseTask } from './case-task.model.js';
import { CaseWall } from './case-wall.model.js';
import { Client } from './client.model.js';
import { Document } from './document.model.js';
import { Folder } from './folder.model.js';
import type { Rel } from './rel.js';
import { User } from './user.model.js';

export type CaseStatus = 'intake' | 'open' | 'on_hold' | 'closed' | 'archived';
export type CaseAccess = 'open' | 'restricted';

/** A case. `number` comes from the counter: leave it out. A case begins open to the firm; restrict it once it has members (docs/decisions/0005). */
@Table({ tableName: 'cases', underscored: true, timestamps: true })
export class Case extends Model<InferAttributes<Case>, InferCreationAttributes<Case, { omit: 'version' }>> {
  @Column(DataType.UUID) declare firmId: string;
  @Column({ type: DataType.UUID, primaryKey: true }) declare id: string;
  @Column(DataType.TEXT) declare number: CreationOptional<string>;
  @Column(DataType.TEXT) declare title: string;
  @Column(DataType.TEXT) declare description: string | null;
  @Column(DataType.UUID) declare clientId: string;
  @Column(DataType.TEXT) declare practiceArea: string | null;
  @Column(DataType.TEXT) declare jurisdiction: string | null;
  @Column(DataType.TEXT) declare court: string | null;
  @Column(DataType.TEXT) declare courtName: string | null;
  @Column(DataType.TEXT) declare docketNumber: string | null;
  @Column(DataType.TEXT) declare clientMatterId: string | null;
  @Column(DataType.UUID) declare responsibleAttorneyId: string | null;
  @Column(DataType.UUID) declare originatingAttorneyId: string | null;
  @Column(DataType.TEXT) declare status: CreationOptional<CaseStatus>;
  @Column(DataType.DATEONLY) declare openedOn: string | null;
  @Column(DataType.DATEONLY) declare closedOn: string | null;
  @Column(DataType.DATEONLY) declare limitationOn: string | null;
  @Column(DataType.ARRAY(DataType.TEXT)) declare tags: CreationOptional<string[]>;
  @Column(DataType.JSONB) declare metadata: CreationOptional<Record<string, unknown>>;
  @Column(DataType.TEXT) declare access: CreationOptional<CaseAccess>;
  @Column(DataType.UUID) declare createdBy: string | null;
  @Column(DataType.INTEGER) declare readonly version: number;
  @Column(DataType.DATE) declare readonly createdAt: CreationOptional<Date>;
  @Column(DataType.DATE) declare readonly updatedAt: CreationOptional<Date>;

  @BelongsTo(() => Client, { foreignKey: 'clientId' }) declare client?: Rel<Client> | null;
  @BelongsTo(() => User, { foreignKey: 'responsibleAttorneyId' }) declare responsibleAttorney?: Rel<User> | null;
  @HasMany(() => CaseMember, { foreignKey: 'caseId' }) declare members?: Rel<CaseMember[]>;
  @HasMany(() => CaseParty, { foreignKey: 'caseId' }) declare parties?: Rel<CaseParty[]>;
  @HasMany(() => CaseWall, { foreignKey: 'caseId' }) declare walls?: Rel<CaseWall[]>;
  @HasMany(() => CaseNote, { foreignKey: 'caseId' }) declare notes?: Rel<CaseNote[]>;
  @HasMany(() => CaseTask, { foreignKey: 'caseId' }) declare tasks?: Rel<CaseTask[]>;
  @HasMany(() => CaseEvent, { foreignKey: 'caseId' }) declare events?: Rel<CaseEvent[]>;
  @HasMany(() => Folder, { foreignKey: 'caseId' }) declare folders?: Rel<Folder[]>;
  @HasMany(() => Document, { foreignKey: 'caseId' }) declare documents?: Rel<Document[]>;
}
