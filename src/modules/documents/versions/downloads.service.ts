import { Injectable } from '@nestjs/common';
import { notFound } from '../../../common/errors/problem.js';
import { isUnchanged } from '../../../common/http/etag.js';
import { currentPrincipal, currentRequest, type RequestContext } from '../../../common/http/request-context.js';
import { StreamedAnswer } from '../../../common/http/streamed-answer.js';
import { codeOf, Database } from '../../../database/database.js';
import { CREDENTIAL_REFUSED, type UserActor } from '../../../database/unit-of-work.js';
import { contentDisposition } from '../files/file-names.js';
import { mayShowInline, servedType } from '../files/media-types.js';
import { ObjectMissingError, type ByteRange } from '../../storage/object-store.js';
import { StoredFiles, type ObjectRef } from '../../storage/stored-files.service.js';
import { readRange } from './ranges.js';
import type { Disposition } from './versions.dto.js';
import * as errors from './versions.errors.js';
import * as sql from './versions.queries.js';
import { versionNumber } from './versions.service.js';

interface Content extends ObjectRef {
  id: string;
  size: number;
  mediaType: string;
  fileName: string;
}

interface Asked {
  disposition: Disposition;
  /** What the trail says besides: that it was by a link, for instance. */
  by: object;
}

const NO_SCRIPTS = "default-src 'none'; frame-ancestors 'none'";
/** Where a browser shows it in place. The viewer of a PDF does not run in a sandbox, and is one. */
const INLINE_POLICY = `default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'`;

/** The bytes of versions on their way out. Access is checked in a flight; then no unit is open while bytes flow. */
@Injectable()
export class Downloads {
  constructor(
    private readonly database: Database,
    private readonly stored: StoredFiles,
  ) {}

  /** Version `number` of a document, or its current one. */
  async content(documentId: string, number: string | undefined, disposition: Disposition = 'attachment'): Promise<StreamedAnswer> {
    const which = number === undefined ? null : versionNumber(number);
    const actor = currentPrincipal();
    const find = () => this.database.read(actor, () => this.database.first<Content>(sql.CONTENT, [documentId, which]));
    return this.answer(actor, await find(), { disposition, by: {} });
  }

  /** A version as whoever made a link to it sees it now; what he may no longer see is over. */
  async linked(actor: UserActor, versionId: string, disposition: Disposition): Promise<StreamedAnswer> {
    const content = await this.database.read(actor, () => this.database.first<Content>(sql.CONTENT_BY_VERSION, [versionId])).catch((error: unknown) => {
      throw codeOf(error) === CREDENTIAL_REFUSED ? errors.linkOver('The session or key behind it has ended.') : error;
    });
    const answer = this.answer(actor, content, { disposition, by: { via: 'link' } });
    return new StreamedAnswer(answer.status, { ...answer.headers, 'cross-origin-resource-policy': 'cross-origin' }, answer.open);
  }

  private answer(actor: UserActor, content: Content | undefined, asked: Asked): StreamedAnswer {
    if (!content) throw notFound();
    const inline = asked.disposition === 'inline';
    if (inline && !mayShowInline(content.mediaType)) throw errors.notShownInline(`It is ${content.mediaType}: leave disposition out to download it.`);
    const { headers: sent } = currentRequest()!.request;
    const etag = `"${content.sha256}"`;
    const common = headersOf(content, inline, etag);
    if (isUnchanged(sent['if-none-match'], etag)) return new StreamedAnswer(304, common);
    const usable = sent['if-range'] === undefined || sent['if-range'] === etag;
    const range = usable ? readRange(sent.range, content.size) : undefined;
    if (range === 'unsatisfiable') throw errors.rangeNotSatisfiable({ detail: `It has ${content.size} bytes.`, headers: { 'content-range': `bytes */${content.size}`, 'accept-ranges': 'bytes' } });
    const open = () => this.open(actor, content, range, { ...asked.by, ...(range && { from: range.start, to: range.end }) }, currentRequest()!);
    const headers = { ...common, 'content-length': String(range ? range.end - range.start + 1 : content.size) };
    return range
      ? new StreamedAnswer(206, { ...headers, 'content-range': `bytes ${range.start}-${range.end}/${content.size}` }, open)
      : new StreamedAnswer(200, headers, open);
  }

  /** First the source, so that what goes on record did go out; then the record; then the bytes. */
  private async open(actor: UserActor, content: Content, range: ByteRange | undefined, by: object, context: RequestContext) {
    const source = await this.stored.open(content, range).catch(async (error: unknown) => {
      if (!(error instanceof ObjectMissingError)) throw error;
      const still = await this.database.read(actor, () => this.database.first(sql.CONTENT_BY_VERSION, [content.id]));
      throw still ? errors.objectMissing('The document is known, its bytes are not there. Tell whoever runs LexiFlow: `npm run storage:verify` lists what is missing.') : notFound();
    });
    try {
      await this.record(actor, content.id, 'document.downloaded', by, context);
      return source;
    } catch (error) {
      source.destroy();
      throw error;
    }
  }

  /** On the audit trail, in a transaction of its own, before the first byte. */
  async record(actor: UserActor, versionId: string, event: 'document.downloaded' | 'document.read', details: object, context: RequestContext): Promise<void> {
    const { requestId, address } = context;
    await this.database.write(actor, () => this.database.execute(sql.RECORD_READING, [versionId, event, JSON.stringify(details)]), { requestId, address });
  }
}

function headersOf({ mediaType, fileName }: Content, inline: boolean, etag: string): Record<string, string> {
  const isPdf = mediaType === 'application/pdf';
  return {
    etag,
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache', // a copy may be kept, and is shown only after asking whether it still may
    'content-type': servedType(mediaType, inline),
    'content-disposition': contentDisposition(inline ? 'inline' : 'attachment', fileName),
    'content-security-policy': inline ? `${INLINE_POLICY}${isPdf ? '' : '; sandbox'}` : `${NO_SCRIPTS}; sandbox`,
    'x-content-type-options': 'nosniff',
  };
}
