import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { matchPositions } from './match-positions.js';
import { KINDS, type QuickFoundDto, type QuickSearchDto, type QuickSearchQuery } from './quick-search.dto.js';
import { QUICK_SEARCH } from './quick-search.queries.js';

@Injectable()
export class QuickSearch {
  constructor(private readonly database: Database) {}

  /** One statement; what is hidden from the caller is not found. */
  async find({ q, limit = 10, types }: QuickSearchQuery): Promise<QuickSearchDto> {
    const kinds = types === undefined ? KINDS : types.split(',');
    const rows = await this.database.query<Omit<QuickFoundDto, 'matches'>>(QUICK_SEARCH, [q, kinds, limit]);
    return { data: rows.map((row) => ({ ...row, matches: (['title', 'subtitle'] as const).flatMap((field) => matchPositions(row[field], q).map((at) => ({ field, ...at }))) })) };
  }
}
