import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** How often the stall limit of an upload a reader may stand still: what the system has sent already is not seen here. */
const PATIENCE = 10;

/**
 * An answer of bytes that are no JSON. Access was checked and every unit is closed by the time it is made; the source is
 * opened before the first header goes out, so that what is missing can still be said in words, and closed when the
 * caller goes away.
 */
export class StreamedAnswer {
  constructor(
    readonly status: 200 | 206 | 304,
    readonly headers: Readonly<Record<string, string>>,
    /** Absent where only the headers are wanted. */
    readonly open?: () => Promise<Readable>,
  ) {}
}

/** Opens the source and hands it to Fastify, which ends it when the line breaks. */
export async function sendStream(reply: FastifyReply, answer: StreamedAnswer, stallMs: number): Promise<Readable | undefined> {
  const source = reply.request.method === 'HEAD' ? undefined : await answer.open?.();
  reply.status(answer.status).headers(answer.headers);
  if (answer.status === 304) return undefined;
  if (!source) return Readable.from([]); // an absent body would set Content-Length to 0
  if (reply.raw.destroyed) source.destroy();
  reply.raw.setTimeout(stallMs * PATIENCE, () => reply.raw.destroy());
  return source;
}
