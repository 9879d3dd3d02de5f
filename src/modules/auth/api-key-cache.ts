import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { parseToken, sameBytes, sha256 } from '../../common/auth/tokens.js';
import { LOGGER, type Logger } from '../../common/logging/logger.js';
import { Database } from '../../database/database.js';
import { API_KEY_BY_ID, TOUCH_API_KEYS } from './auth.queries.js';

export interface KnownKey {
  firmId: string;
  id: string;
  userId: string;
  role: string;
  permissions: readonly string[];
}

const MAX_CACHED = 5_000;
const TRUST_MS = 60_000;
const FLUSH_MS = 5_000;

/**
 * API keys seen lately. Only who a key is gets remembered; that it is not revoked and its owner active is checked by
 * every unit of work. When a key was last used is collected here and written in batches.
 */
@Injectable()
export class ApiKeyCache implements BeforeApplicationShutdown {
  private readonly known = new Map<string, { key: KnownKey; until: number }>();
  private readonly used = new Map<string, { firmId: string; at: Date }>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly database: Database,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.timer = setInterval(() => void this.flush(), FLUSH_MS);
    this.timer.unref();
  }

  /** The key behind a token, without a promise when it is known. */
  recall(token: string): KnownKey | undefined {
    const found = this.known.get(token);
    if (!found || found.until < Date.now()) return undefined;
    this.used.set(found.key.id, { firmId: found.key.firmId, at: new Date() });
    return found.key;
  }

  async find(token: string): Promise<KnownKey | undefined> {
    const parts = parseToken('lfk', token);
    if (!parts) return undefined;
    const row = await this.database.read({ kind: 'credential', firmId: parts.firmId }, () =>
      this.database.first<{ id: string; userId: string; keyHash: Buffer; permissions: string[]; role: string }>(API_KEY_BY_ID, [parts.id]));
    if (!row || !sameBytes(row.keyHash, sha256(parts.secret))) return undefined;
    const key = { firmId: parts.firmId, id: row.id, userId: row.userId, role: row.role, permissions: row.permissions };
    if (this.known.size >= MAX_CACHED) this.known.delete(this.known.keys().next().value!);
    this.known.set(token, { key, until: Date.now() + TRUST_MS });
    this.used.set(key.id, { firmId: key.firmId, at: new Date() });
    return key;
  }

  /** After the database refused a key: what we thought we knew of it is wrong. */
  forget(id: string): void {
    for (const [token, { key }] of this.known) if (key.id === id) this.known.delete(token);
  }

  async flush(): Promise<void> {
    if (this.used.size === 0) return;
    const byFirm = new Map<string, { ids: string[]; times: string[] }>();
    for (const [id, { firmId, at }] of this.used) {
      const batch = byFirm.get(firmId) ?? { ids: [], times: [] };
      batch.ids.push(id);
      batch.times.push(at.toISOString());
      byFirm.set(firmId, batch);
    }
    this.used.clear();
    for (const [firmId, { ids, times }] of byFirm) {
      await this.database
        .write({ kind: 'credential', firmId }, () => this.database.execute(TOUCH_API_KEYS, [ids, times]))
        .catch((error: unknown) => this.log.warn({ err: error }, 'last use of API keys could not be noted'));
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }
}
