import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  from: string;
  to: string[];
  headers: Record<string, string>;
  text: string;
}

export interface TestMailServer {
  url: string;
  received: ReceivedMail[];
  /** Recipients it will not take, with the code it says so with: 4xx comes back later, 5xx never. */
  refuses: Map<string, number>;
  close(): Promise<void>;
}

/** A real mail server on a port of its own, which keeps what it is given. */
export async function mailServer(): Promise<TestMailServer> {
  const received: ReceivedMail[] = [];
  const refuses = new Map<string, number>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'], // its certificate would be nobody’s
    onRcptTo: ({ address }, _session, done) => {
      const code = refuses.get(address);
      done(code === undefined ? null : Object.assign(new Error('not here'), { responseCode: code }));
    },
    onData: (stream, session, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part)).on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), ...parse(Buffer.concat(parts).toString('latin1')) });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    received, refuses,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Enough of MIME for a mail of plain text. */
function parse(source: string): Pick<ReceivedMail, 'headers' | 'text'> {
  const split = source.indexOf('\r\n\r\n');
  const head = source.slice(0, split).replace(/\r\n[ \t]+/g, ' ');
  const headers = Object.fromEntries(head.split('\r\n').map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
  const body = source.slice(split + 4);
  const encoding = headers['content-transfer-encoding'];
  const bytes =
    encoding === 'base64' ? Buffer.from(body, 'base64')
    : encoding === 'quoted-printable' ? Buffer.from(body.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))), 'latin1')
    : Buffer.from(body, 'latin1');
  return { headers, text: bytes.toString('utf8').replaceAll('\r\n', '\n').trimEnd() };
}
