import { Injectable } from '@nestjs/common';
import type { Permission } from '../../common/auth/permissions.js';
import { formatToken, newSecret, sha256 } from '../../common/auth/tokens.js';
import { forbidden, notFound, validationFailed } from '../../common/errors/problem.js';
import { assertFresh } from '../../common/http/etag.js';
import { currentPrincipal } from '../../common/http/request-context.js';
import { newId } from '../../common/ids.js';
import { listPage } from '../../common/pagination/list.js';
import type { Page } from '../../common/pagination/page.js';
import { Database } from '../../database/database.js';
import type { ApiKeyDto, ApiKeyQuery, CreateApiKey, CreatedApiKeyDto, UpdateApiKey } from './auth.dto.js';
import * as errors from './auth.errors.js';
import * as sql from './sessions.queries.js';

/** Keys for programs. A key belongs to a person: it can do no more than he may, and ends with him. */
@Injectable()
export class ApiKeys {
  constructor(private readonly database: Database) {}

  list(query: ApiKeyQuery): Promise<Page<ApiKeyDto>> {
    const me = currentPrincipal();
    const others = query.all === true || (query.userId !== undefined && query.userId !== me.userId);
    if (others && !me.permissions.has('api_keys.manage')) {
      throw forbidden({ detail: 'Keys of other people need the permission "api_keys.manage".', members: { permission: 'api_keys.manage' } });
    }
    const owner = query.userId ?? (query.all ? undefined : me.userId);
    return listPage<ApiKeyDto>(this.database, sql.KEY_LIST, query, [owner !== undefined && ['k.user_id = $', owner]]);
  }

  async get(id: string): Promise<ApiKeyDto> {
    return this.mine(await this.database.first<ApiKeyDto>(sql.KEY_BY_ID, [id]));
  }

  async create(input: CreateApiKey): Promise<CreatedApiKeyDto> {
    const me = currentPrincipal();
    const permissions = input.permissions ?? [...me.permissions];
    const beyond = permissions.filter((permission) => !me.permissions.has(permission as Permission));
    if (beyond.length > 0) {
      throw errors.permissionsExceeded({ detail: `You may not do: ${beyond.join(', ')}.`, errors: [{ pointer: '/permissions', code: 'permissions_exceeded', message: beyond.join(', ') }] });
    }
    if (input.expiresAt && Date.parse(input.expiresAt) <= Date.now()) {
      throw validationFailed({ errors: [{ pointer: '/expiresAt', code: 'in_future', message: 'expiresAt must lie in the future' }] });
    }
    if (me.credential.kind === 'key') await this.assertOutlived(me.credential.id, input.expiresAt);
    const token = { firmId: me.firmId, id: newId(), secret: newSecret() };
    const row = await this.database.first<ApiKeyDto>(sql.INSERT_KEY, [
      me.firmId, token.id, me.userId, input.name, sha256(token.secret), token.secret.slice(-4), permissions, input.expiresAt ?? null,
    ]);
    return { ...row!, key: formatToken('lfk', token) };
  }

  async rename(id: string, input: UpdateApiKey): Promise<ApiKeyDto> {
    const current = this.mine(await this.database.first<ApiKeyDto>(sql.LOCK_KEY, [id]));
    assertFresh(current, current);
    return (await this.database.first<ApiKeyDto>(sql.RENAME_KEY, [id, input.name]))!;
  }

  /** Works from the next request on, everywhere: every unit of work asks the database. */
  async revoke(id: string): Promise<void> {
    const current = this.mine(await this.database.first<ApiKeyDto>(sql.LOCK_KEY, [id]));
    if (current.revokedAt) throw errors.alreadyRevoked();
    await this.database.execute(sql.REVOKE_KEY, [id]);
  }

  /** Otherwise a key lent for a day could make itself one for good. */
  private async assertOutlived(makerId: string, expiresAt: string | null | undefined): Promise<void> {
    const maker = await this.database.first<ApiKeyDto>(sql.KEY_BY_ID, [makerId]);
    if (!maker?.expiresAt || (expiresAt && Date.parse(expiresAt) <= Date.parse(maker.expiresAt))) return;
    throw errors.expiryExceeded({ errors: [{ pointer: '/expiresAt', code: 'expiry_exceeded', message: `must not be later than ${maker.expiresAt}` }] });
  }

  private mine(key: ApiKeyDto | undefined): ApiKeyDto {
    const me = currentPrincipal();
    if (!key || (key.userId !== me.userId && !me.permissions.has('api_keys.manage'))) throw notFound();
    return key;
  }
}
