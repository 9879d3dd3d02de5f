import { Id, OneOf, Text } from '../../../common/validation/fields.js';

export const EXPORT_VERSIONS = ['current', 'all'] as const;

export class ExportQuery {
  @OneOf(EXPORT_VERSIONS, { optional: true, description: 'Default: current, the newest version of each document' }) versions?: (typeof EXPORT_VERSIONS)[number];
  @Id({ optional: true, description: 'Only what is in this folder or below it' }) folderId?: string;
  @Text({ optional: true, max: 60, description: 'Only documents of this type' }) type?: string;
}
