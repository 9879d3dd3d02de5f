import pg from 'pg';

interface CancelConnection {
  stream: { destroy(): void };
  connect(port: number, host: string): void;
  cancel(processId: number, secretKey: number): void;
  requestSsl(): void;
  on(event: string, listener: () => void): void;
}

const CANCEL_PATIENCE_MS = 2_000;

/**
 * Asks the server to end what this connection is doing; on the embedded engine there is nobody to ask. Resolves when the
 * request was taken: a pooler forgets it together with the connection it is about, which must therefore not be cut before.
 */
export function cancelOnServer(client: pg.Client): Promise<void> {
  const target = client as unknown as {
    processID: number | null; secretKey: number | null; host: string; port: number; ssl: unknown; connection: { stream: { cancellable?: false } };
  };
  if (!target.processID || target.connection.stream.cancellable === false) return Promise.resolve();
  const Connection = (pg as unknown as { Connection: new (options: object) => CancelConnection }).Connection;
  const connection = new Connection({ ssl: target.ssl });
  const send = () => connection.cancel(target.processID!, target.secretKey!);
  return new Promise((resolve) => {
    setTimeout(() => connection.stream.destroy(), CANCEL_PATIENCE_MS).unref();
    connection.on('connect', () => (target.ssl ? connection.requestSsl() : send()));
    connection.on('sslconnect', send);
    connection.on('error', () => {}); // the end follows, and the caller drops the connection in any case
    connection.on('end', resolve);
    connection.connect(target.port, target.host);
  });
}
