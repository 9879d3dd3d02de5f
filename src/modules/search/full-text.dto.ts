import { Answer, AnswerId, Day, Id, OneOf, QueryFlag, QuerySome, QueryWhole, Text } from '../../common/validation/fields.js';

export const MODES = ['fulltext', 'semantic', 'hybrid'] as const;
export const PRIVILEGES = ['none', 'attorney_client', 'work_product'] as const;

export class FullTextQuery {
  @Text({
    max: 4000, example: '"notice of termination" lease -draft title:amendment',
    description: 'Words (all are wanted), "phrases", OR, -not, begin*, ( ), title: author: tag: type:. Citations and sections are found however they are written: 410 U.S. 113, § 1983',
  }) q!: string;
  @OneOf(MODES, { optional: true, description: 'fulltext is the default, and the only one this server has yet' }) mode?: (typeof MODES)[number];
  @QueryWhole({ min: 1, max: 100, default: 20 }) limit?: number;
  @Text({ optional: true, max: 2000, description: 'nextCursor of the page before' }) cursor?: string;
  @Id({ optional: true }) caseId?: string;
  @Id({ optional: true }) clientId?: string;
  @Id({ optional: true, description: 'Folders inside it count as well' }) folderId?: string;
  @Text({ optional: true, max: 300, description: 'One or more types, separated by commas' }) type?: string;
  @Text({ optional: true, max: 300, description: 'One or more tags, separated by commas: a document has one of them' }) tag?: string;
  @Text({ optional: true, max: 200, description: 'The author’s name, as the facets give it' }) author?: string;
  @QueryWhole({ min: 1, max: 9999, description: 'As the facets give it' }) year?: number;
  @Day({ optional: true, description: 'Dated then or later; a document without a date counts on the day it was added' }) dateFrom?: string;
  @Day({ optional: true }) dateTo?: string;
  @QuerySome(PRIVILEGES) privilege?: (typeof PRIVILEGES)[number][];
  @OneOf(['current', 'all'], { optional: true, description: 'current: the newest version of each document; all: every version is a hit of its own' }) versions?: 'current' | 'all';
  @QueryFlag({ description: 'false leaves out the facets; for pages after the first they are left out unless asked for' }) facets?: boolean;
}

export class MatchRangeDto {
  @Answer({ type: 'integer', description: 'First character, counted in UTF-16 units' }) start!: number;
  @Answer({ type: 'integer', description: 'Behind the last' }) end!: number;
}
export class SearchPassageDto {
  @Answer({ type: 'integer', nullable: true, description: 'From 1; null where the file has no pages' }) page!: number | null;
  @Answer({ type: 'integer', description: 'Where it begins in the text of the version' }) offset!: number;
  @Answer({ type: String }) text!: string;
  @Answer({ type: [MatchRangeDto], description: 'What of it was asked for' }) matches!: MatchRangeDto[];
  @Answer({ type: String, description: 'The same as HTML, escaped, with <mark> around the matches' }) html!: string;
}
export class FullTextHitDto {
  @AnswerId() documentId!: string;
  @Answer({ type: String }) title!: string;
  @Answer({ type: [MatchRangeDto], description: 'What of the title was asked for' }) titleMatches!: MatchRangeDto[];
  @Answer({ type: String }) type!: string;
  @AnswerId() caseId!: string;
  @Answer({ type: String }) caseNumber!: string;
  @Answer({ type: String }) caseTitle!: string;
  @Answer({ type: String, format: 'uuid', nullable: true }) folderId!: string | null;
  @Answer({ type: String, format: 'date', nullable: true }) documentDate!: string | null;
  @Answer({ type: String, enum: [...PRIVILEGES] }) privilege!: (typeof PRIVILEGES)[number];
  @AnswerId() versionId!: string;
  @Answer({ type: 'integer' }) versionNumber!: number;
  @Answer({ type: 'integer', nullable: true, description: 'Page of the best passage' }) page!: number | null;
  @Answer({ type: 'number', description: 'Comparable within one answer only' }) score!: number;
  @Answer({ type: String, enum: ['phrase', 'all', 'some'], description: 'phrase: title or a passage has the words as they were typed; all: the document has every word; some: not all of them' }) match!: 'phrase' | 'all' | 'some';
  @Answer({ type: [SearchPassageDto], description: 'Up to three, best first; none where only title or author match' }) passages!: SearchPassageDto[];
}
export class FacetDto {
  @Answer({ type: String, description: 'What to filter by' }) value!: string;
  @Answer({ type: 'integer' }) count!: number;
}
export class CaseFacetDto extends FacetDto {
  @Answer({ type: String }) number!: string;
  @Answer({ type: String }) title!: string;
}
export class FacetsDto {
  @Answer({ type: [CaseFacetDto], description: 'The fifty most frequent, as in every facet' }) case!: CaseFacetDto[];
  @Answer({ type: [FacetDto] }) type!: FacetDto[];
  @Answer({ type: [FacetDto], description: 'An empty value: no author is known' }) author!: FacetDto[];
  @Answer({ type: [FacetDto] }) year!: FacetDto[];
}
export class FullTextDto {
  @Answer({ type: [FullTextHitDto], description: 'Titles and phrases first, then documents with every word, then those with some' }) data!: FullTextHitDto[];
  @Answer({ type: String, nullable: true }) nextCursor!: string | null;
  @Answer({ type: 'integer', required: false, description: 'How many documents match the whole query; with facets only' }) total?: number;
  @Answer({ type: FacetsDto, required: false, description: 'Counts of what matches the whole query; where nothing does, of what matches in part' }) facets?: FacetsDto;
  @Answer({ type: 'integer', description: 'How many with only some of the words follow those that match; at most 200 are looked at, and only where fewer than 50 match' }) partial!: number;
  @Answer({ type: String, description: 'The query as it was understood' }) interpretedAs!: string;
  @Answer({ type: [String], description: 'What of the query was left out or repaired' }) warnings!: string[];
}
