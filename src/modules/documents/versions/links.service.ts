import { createHmac, hkdfSync } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { ROLE_NAMES } from '../../../common/auth/permissions.js';
import { sameBytes } from '../../../common/auth/tokens.js';
import { notFound } from '../../../common/errors/problem.js';
import { currentPrincipal } from '../../../common/http/request-context.js';
import { Environment } from '../../../config/environment.js';
import { ENGINE } from '../../../database/database.module.js';
import { Database } from '../../../database/database.js';
import type { Engine } from '../../../database/engine.js';
import type { UserActor } from '../../../database/unit-of-work.js';
import { mayShowInline } from '../files/media-types.js';
import { DISPOSITIONS, type CreateLink, type Disposition, type LinkDto } from './versions.dto.js';
import * as errors from './versions.errors.js';
import * as sql from './versions.queries.js';
import { versionNumber } from './versions.service.js';

const DEFAULT_SECONDS = 300;
const MAC_BYTES = 32;
/** Format, disposition, role and kind of credential, four ids, the moment it ends. */
const BODY_BYTES = 4 + 4 * 16 + 4;
const FORMAT = 1;
const CREDENTIALS = ['session', 'key'] as const;

/** What a link says: which version, as whom, until when. */
export interface Link {
  actor: UserActor;
  versionId: string;
  disposition: Disposition;
}

/**
 * Addresses of single versions that work without a credential, for browsers: signed, short-lived, and good for nothing
 * but what their maker may read at that moment. Nothing is stored for them.
 */
@Injectable()
export class Links {
  private readonly key: Buffer;

  constructor(
    private readonly database: Database,
    private readonly environment: Environment,
    @Inject(ENGINE) engine: Engine,
  ) {
    const secret = environment.JWT_SECRET ?? engine.folder.secret('access-token-signing-key', 48);
    this.key = Buffer.from(hkdfSync('sha256', secret, '', 'lexiflow download links', 32)); // no token fits as a link, and no link as a token
  }

  async create(documentId: string, number: string, { expiresInSeconds = DEFAULT_SECONDS, disposition = 'attachment' }: CreateLink): Promise<LinkDto> {
    const content = await this.database.first<{ id: string; mediaType: string }>(sql.CONTENT, [documentId, versionNumber(number)]);
    if (!content) throw notFound();
    if (disposition === 'inline' && !mayShowInline(content.mediaType)) throw errors.notShownInline(`It is ${content.mediaType}: leave disposition out to download it.`);
    const expiresAt = Math.floor(Date.now() / 1000) + expiresInSeconds;
    const token = this.sign({ actor: currentPrincipal(), versionId: content.id, disposition }, expiresAt);
    return { url: `${this.environment.publicUrl}/v1/downloads/${token}`, expiresAt: new Date(expiresAt * 1000).toISOString() };
  }

  /** What a token says, when it is ours and not over. */
  read(token: string): Link {
    const bytes = Buffer.from(token, 'base64url');
    const body = bytes.subarray(0, BODY_BYTES);
    if (bytes.length !== BODY_BYTES + MAC_BYTES || bytes.toString('base64url') !== token || !sameBytes(this.mac(body), bytes.subarray(BODY_BYTES)) || body[0] !== FORMAT) throw notFound();
    if (body.readUInt32BE(BODY_BYTES - 4) <= Date.now() / 1000) throw errors.linkOver('Ask for a new one.');
    const id = (index: number) => body.toString('hex', 4 + index * 16, 20 + index * 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    return {
      actor: { kind: 'user', firmId: id(0), userId: id(1), role: ROLE_NAMES[body[2]!] ?? '', credential: { kind: CREDENTIALS[body[3]!]!, id: id(2) } },
      versionId: id(3), disposition: DISPOSITIONS[body[1]!]!,
    };
  }

  private sign({ actor, versionId, disposition }: Link, expiresAt: number): string {
    const head = [FORMAT, DISPOSITIONS.indexOf(disposition), (ROLE_NAMES as readonly string[]).indexOf(actor.role), CREDENTIALS.indexOf(actor.credential.kind)];
    const ids = [actor.firmId, actor.userId, actor.credential.id, versionId].map((id) => Buffer.from(id.replaceAll('-', ''), 'hex'));
    const end = Buffer.alloc(4);
    end.writeUInt32BE(expiresAt);
    const body = Buffer.concat([Buffer.from(head), ...ids, end]);
    return Buffer.concat([body, this.mac(body)]).toString('base64url');
  }

  private mac(body: Buffer): Buffer {
    return createHmac('sha256', this.key).update(body).digest();
  }
}
