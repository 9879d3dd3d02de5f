import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { assertStrong, hashPassword } from '../../common/auth/passwords.js';
import { faultAt, notFound, validationFailed } from '../../common/errors/problem.js';
import { assertFresh } from '../../common/http/etag.js';
import { newId } from '../../common/ids.js';
import { assertTimeZone } from '../../common/validation/time-zone.js';
import { Database } from '../../database/database.js';
import { Tasks } from '../tasks/tasks.service.js';
import type { CreatedFirmDto, CreateFirm, FirmDto, SetLogo, UpdateFirm } from './firms.dto.js';
import { caseNumbersAmbiguous, invalidLogo } from './firms.errors.js';
import * as sql from './firms.queries.js';

export interface Logo {
  mediaType: string;
  bytes: Buffer;
  sha256: string;
}

@Injectable()
export class Firms {
  constructor(
    private readonly database: Database,
    private readonly tasks: Tasks,
  ) {}

  /** The caller's own firm; there is no other. */
  async mine(): Promise<FirmDto> {
    const firm = await this.database.first<FirmDto>(sql.FIRM);
    if (!firm) throw notFound();
    return firm;
  }

  async update(changes: UpdateFirm): Promise<FirmDto> {
    assertTimeZone(changes.timeZone);
    const current = await this.database.first<FirmDto>(sql.LOCK_FIRM);
    if (!current) throw notFound();
    assertFresh(current, current);
    assertCountable(changes, { ...current, ...changes });
    const { text, values } = sql.updateFirm(this.database.firmId, changes);
    const updated = (await this.database.first<FirmDto>(text, values))!;
    // documents are found by the stems of their words, which are another language's now
    if (updated.language.slice(0, 2) !== current.language.slice(0, 2)) await this.tasks.start('search.reindex', 'search.reindex', {}, { forFirm: true });
    return updated;
  }

  async logo(): Promise<Logo> {
    const logo = await this.database.first<Logo>(sql.LOGO);
    if (!logo) throw notFound('The firm has no logo yet.');
    return logo;
  }

  async setLogo(input: SetLogo): Promise<void> {
    const bytes = Buffer.from(input.data, 'base64');
    if (bytes.toString('base64').replace(/=+$/, '') !== input.data.replace(/\s|=+$/g, '') || !looksLike(input.mediaType, bytes)) {
      throw faultAt(invalidLogo, '/data', `This is not the base64 of an ${input.mediaType} picture.`);
    }
    const digest = createHash('sha256').update(bytes).digest('hex');
    await this.database.execute(sql.SET_LOGO, [this.database.firmId, input.mediaType, bytes, digest]);
  }

  async removeLogo(): Promise<void> {
    await this.database.execute(sql.REMOVE_LOGO);
  }

  /** A firm with its first administrator. Opens its own unit: the password is hashed before any transaction. */
  async create(input: CreateFirm): Promise<CreatedFirmDto> {
    assertTimeZone(input.timeZone);
    assertStrong(input.adminPassword, input.adminEmail, '/adminPassword');
    const hash = await hashPassword(input.adminPassword);
    const firm = { id: newId(), slug: input.slug ?? slugOf(input.name), name: input.name, adminId: newId() };
    const settings = JSON.stringify({ timeZone: input.timeZone, currency: input.currency, country: input.country, language: input.language });
    await this.database.write({ kind: 'guest' }, () =>
      this.database.execute(sql.CREATE_FIRM, [
        firm.id, firm.slug, firm.name, settings, firm.adminId, input.adminEmail, input.adminGivenName, input.adminFamilyName, hash,
      ]));
    return firm;
  }
}

/** Two counters must not make the same number: what is counted stands in the number. */
function assertCountable(changes: UpdateFirm, { caseNumberScope, caseNumberTemplate }: Pick<FirmDto, 'caseNumberScope' | 'caseNumberTemplate'>): void {
  if (caseNumberScope === null || caseNumberScope === 'firm' || caseNumberTemplate.includes(`{${caseNumberScope}}`)) return;
  const pointer = changes.caseNumberScope === undefined ? '/caseNumberTemplate' : '/caseNumberScope';
  const message = `Numbers counted per ${caseNumberScope} need {${caseNumberScope}} in caseNumberTemplate, which is "${caseNumberTemplate}": add it, or set caseNumberScope to null or "firm".`;
  throw faultAt(caseNumbersAmbiguous, pointer, message);
}

/** `Harbor & Söhne LLP` -> `harbor-sohne-llp` */
function slugOf(name: string): string {
  const slug = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 63).replace(/-$/, '');
  if (slug) return slug;
  throw validationFailed({ errors: [{ pointer: '/slug', code: 'is_slug', message: 'no slug can be made from this name: give one' }] });
}

function looksLike(mediaType: string, bytes: Buffer): boolean {
  const start = bytes.subarray(0, 4).toString('hex');
  return mediaType === 'image/png' ? start === '89504e47' : start.startsWith('ffd8ff');
}
