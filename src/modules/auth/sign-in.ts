import { Injectable } from '@nestjs/common';
import { formatToken, newSecret, parseToken, sameBytes, sha256 } from '../../common/auth/tokens.js';
import { currentRequest } from '../../common/http/request-context.js';
import { newId } from '../../common/ids.js';
import { Environment } from '../../config/environment.js';
import { Database } from '../../database/database.js';
import { passwordFits } from '../../common/auth/passwords.js';
import { USER_BY_ID } from '../users/users.queries.js';
import type { UserDto } from '../users/users.dto.js';
import { AccessTokens } from './access-tokens.js';
import type { Login, TokensDto } from './auth.dto.js';
import * as errors from './auth.errors.js';
import * as sql from './auth.queries.js';

const GUEST = { kind: 'guest' } as const;

/** Getting in, staying in, going out. Opens its own units: passwords are compared while no transaction is open. */
@Injectable()
export class SignIn {
  constructor(
    private readonly database: Database,
    private readonly tokens: AccessTokens,
    private readonly environment: Environment,
  ) {}

  async login(input: Login): Promise<TokensDto> {
    const keys = throttleKeys(input.email, currentRequest()?.address);
    const candidates = await this.database.read(GUEST, async () => {
      await this.assertNotThrottled(keys);
      return this.database.query<sql.LoginCandidate>(sql.LOGIN_CANDIDATES, [input.email, input.firm ?? null]);
    });
    const fitting: sql.LoginCandidate[] = [];
    for (const candidate of candidates.length > 0 ? candidates : [undefined]) {
      const usable = candidate?.status === 'active' ? candidate.hash : null;
      if ((await passwordFits(usable, input.password)) && candidate) fitting.push(candidate);
    }
    if (fitting.length === 0) {
      await this.recordFailure(keys, candidates);
      throw errors.loginFailed();
    }
    if (fitting.length > 1) {
      throw errors.chooseFirm({ members: { firms: fitting.map(({ firmSlug, firmName }) => ({ slug: firmSlug, name: firmName })) } });
    }
    return this.open(fitting[0]!, keys[0]!);
  }

  /** A session with its first tokens; also where an accepted invitation leads. */
  async open(who: { firmId: string; userId: string; role: string; sessionDays: number }, accountKey?: Buffer): Promise<TokensDto> {
    const request = currentRequest();
    const sessionId = newId();
    const days = Math.min(who.sessionDays, this.environment.REFRESH_TOKEN_DAYS);
    const { refreshToken, user } = await this.database.write({ kind: 'credential', firmId: who.firmId }, async () => {
      await this.database.execute(sql.INSERT_SESSION, [who.firmId, sessionId, who.userId, request?.userAgent ?? null, request?.address ?? null, days]);
      const token = await this.issueRefreshToken(who.firmId, sessionId);
      await this.database.execute(sql.TOUCH_LOGIN, [who.userId]);
      if (accountKey) await this.database.execute(sql.LOGIN_PASSED, [accountKey]);
      return { refreshToken: token, user: (await this.database.first<UserDto>(USER_BY_ID, [who.userId]))! };
    }, this.origin());
    return this.answer({ ...who, sessionId }, refreshToken, user);
  }

  /** Rotates. A token used twice was stolen, by whoever used it first or last: the whole session ends. */
  async refresh(text: string): Promise<TokensDto> {
    const token = parseToken('lfr', text);
    if (!token) throw errors.refreshRefused();
    const outcome = await this.database.write({ kind: 'credential', firmId: token.firmId }, async () => {
      const row = await this.database.first<RefreshRow>(sql.REFRESH_TOKEN, [token.id]);
      if (!row || !sameBytes(row.tokenHash, sha256(token.secret))) return undefined;
      if (row.endedAt || row.expired || row.status !== 'active') return undefined;
      if (row.usedAt) {
        await this.database.execute(sql.END_SESSION, [row.sessionId, 'token_reused']);
        await this.record(token.firmId, row.userId, 'token.reused', { sessionId: row.sessionId });
        return undefined;
      }
      await this.database.execute(sql.USE_REFRESH_TOKEN, [row.id]);
      await this.database.execute(sql.TOUCH_SESSION, [row.sessionId, currentRequest()?.address ?? null, currentRequest()?.userAgent ?? null]);
      const refreshToken = await this.issueRefreshToken(token.firmId, row.sessionId);
      return { row, refreshToken, user: (await this.database.first<UserDto>(USER_BY_ID, [row.userId]))! };
    }, this.origin());
    if (!outcome) throw errors.refreshRefused();
    const { row, refreshToken, user } = outcome;
    return this.answer({ firmId: token.firmId, userId: row.userId, role: row.role, sessionId: row.sessionId }, refreshToken, user);
  }

  /**
   * Counts a failed attempt against account and address, and puts it on record where it concerns a firm; also that it
   * was the last one for now. What is tried while somebody has to wait leaves nothing, or he could fill the trail.
   */
  async recordFailure(keys: Buffer[], concerned: readonly { firmId: string; userId: string }[]): Promise<void> {
    await this.database.write(GUEST, async () => {
      await this.database.execute(sql.LOGIN_FAILED, [keys]);
      const seconds = await this.wait(keys);
      for (const { firmId, userId } of concerned) {
        await this.record(firmId, userId, 'login.failed', {});
        if (seconds > 0) await this.record(firmId, userId, 'login.throttled', { seconds });
      }
    });
  }

  async assertNotThrottled(keys: Buffer[]): Promise<void> {
    const seconds = await this.wait(keys);
    if (seconds > 0) throw errors.loginThrottled({ detail: `Wait ${seconds} seconds, or ask an administrator for a new link.`, headers: { 'retry-after': String(seconds) } });
  }

  private async wait(keys: Buffer[]): Promise<number> {
    const allowed = this.environment.LOGIN_FAILURES_ALLOWED;
    const row = await this.database.first<{ seconds: number }>(sql.LOGIN_WAIT, [keys, [allowed, allowed * 10].slice(0, keys.length)]);
    return row?.seconds ?? 0;
  }

  private async issueRefreshToken(firmId: string, sessionId: string): Promise<string> {
    const token = { firmId, id: newId(), secret: newSecret() };
    await this.database.execute(sql.INSERT_REFRESH_TOKEN, [firmId, token.id, sessionId, sha256(token.secret)]);
    return formatToken('lfr', token);
  }

  private async answer(who: { firmId: string; userId: string; role: string; sessionId: string }, refreshToken: string, user: UserDto): Promise<TokensDto> {
    const accessToken = await this.tokens.sign({ firmId: who.firmId, userId: who.userId, sessionId: who.sessionId, role: who.role });
    return { accessToken, refreshToken, expiresIn: this.tokens.lifetimeSeconds, user };
  }

  private record(firmId: string, userId: string, event: string, details: object): Promise<number> {
    const request = currentRequest();
    return this.database.execute(sql.RECORD_EVENT, [firmId, userId, event, request?.requestId ?? null, request?.address ?? null, JSON.stringify(details)]);
  }

  private origin(): { requestId?: string; address?: string } {
    const request = currentRequest();
    return request ? { requestId: request.requestId, address: request.address } : {};
  }
}

interface RefreshRow {
  id: string; tokenHash: Buffer; usedAt: string | null; sessionId: string; userId: string; endedAt: string | null; expired: boolean; role: string; status: string;
}

/** Account and address, as hashes of what was typed: unknown accounts count like known ones. */
export function throttleKeys(account: string, address: string | undefined): Buffer[] {
  const keys = [sha256(`account:${account.trim().toLowerCase()}`)];
  if (address) keys.push(sha256(`address:${address}`));
  return keys;
}
