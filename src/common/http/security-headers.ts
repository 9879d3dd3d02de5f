import helmet, { type FastifyHelmetOptions } from '@fastify/helmet';
import { fastify } from 'fastify';

// Means nothing to a browser that shows no document.
const OF_DOCUMENTS_ONLY = [
  'cross-origin-opener-policy', 'origin-agent-cluster', 'x-dns-prefetch-control', 'x-download-options', 'x-permitted-cross-domain-policies', 'x-xss-protection',
];

export interface SecurityHeaders {
  /** For the interactive docs, the only pages there are. */
  page: Record<string, string>;
  /** For everything else: nothing in it may be run, shown in a frame or guessed to be another type. */
  data: Record<string, string>;
}

/** Helmet's headers, asked for once: they never change, and making them anew is a tenth of what a read by id costs. */
export async function securityHeaders(production: boolean): Promise<SecurityHeaders> {
  const common: FastifyHelmetOptions = {
    crossOriginResourcePolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
    strictTransportSecurity: production ? { maxAge: 31_536_000, includeSubDomains: true } : false,
  };
  const closed = { defaultSrc: ["'none'"], frameAncestors: ["'none'"] };
  const page = await headersOf({
    ...common,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { ...closed, scriptSrc: ["'self'"], styleSrc: ["'self'", "'unsafe-inline'"], imgSrc: ["'self'", 'data:'], connectSrc: ["'self'"], baseUri: ["'none'"], formAction: ["'none'"] },
    },
  });
  const data = await headersOf({ ...common, contentSecurityPolicy: { useDefaults: false, directives: closed } });
  for (const name of OF_DOCUMENTS_ONLY) delete data[name];
  return { page, data };
}

/** What helmet adds to an answer, found out by asking for one. */
async function headersOf(options: FastifyHelmetOptions): Promise<Record<string, string>> {
  const probe = fastify();
  await probe.register(helmet, options);
  probe.get('/', () => '');
  const { headers } = await probe.inject('/');
  await probe.close();
  const { date: _date, connection: _connection, 'content-length': _length, 'content-type': _type, ...added } = headers;
  return added as Record<string, string>;
}
