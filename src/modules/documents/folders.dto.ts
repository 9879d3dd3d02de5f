import { PageQuery } from '../../common/pagination/page.js';
import { Answer, AnswerId, AnswerInstant, Id, Text } from '../../common/validation/fields.js';

const NAME = 'Unique in its place, whatever its case; no slashes';

export class FoldersQuery extends PageQuery {
  @Id({ description: 'The case whose folders these are' }) caseId!: string;
}
export class CreateFolder {
  @Id() caseId!: string;
  @Id({ optional: true, nullable: true, description: 'A folder of the same case; absent or null: none' }) parentId?: string | null;
  @Text({ max: 200, example: 'Pleadings', description: NAME }) name!: string;
}
export class UpdateFolder {
  @Text({ optional: true, max: 200, description: NAME }) name?: string;
  @Id({ optional: true, nullable: true, description: 'Moves it, with all that is in it; null: into no other folder' }) parentId?: string | null;
}

export class FolderDto {
  @AnswerId() id!: string;
  @AnswerId() caseId!: string;
  @Answer({ type: String, format: 'uuid', nullable: true }) parentId!: string | null;
  @Answer({ type: String }) name!: string;
  @Answer({ type: 'integer', description: 'Documents directly in it, without those in the trash' }) documentCount!: number;
  @Answer({ type: String, format: 'uuid', nullable: true }) createdBy!: string | null;
  @Answer({ type: 'integer' }) version!: number;
  @AnswerInstant() createdAt!: string;
  @AnswerInstant() updatedAt!: string;
}
