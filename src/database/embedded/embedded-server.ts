import { Duplex } from 'node:stream';
import { Worker } from 'node:worker_threads';

type Message = { kind: 'ready' } | { kind: 'failed'; message: string } | { kind: 'closed' } | { kind: 'wire'; stream: number; bytes: Uint8Array };

/**
 * The embedded PostgreSQL behind in-process streams that speak the wire protocol: pg connects as it would to a socket,
 * and no port is opened. It is one session, so one stream at a time; a new stream takes over from the last.
 */
export class EmbeddedServer {
  private current: WireStream | undefined;
  private nextStream = 1;
  private closing: Promise<void> | undefined;

  private constructor(private readonly worker: Worker) {
    worker.on('message', (message: Message) => {
      if (message.kind === 'wire' && this.current?.number === message.stream) this.current.receive(message.bytes);
    });
    worker.on('error', (error) => this.current?.destroy(error));
  }

  /** Opens (or creates) the database in `dataDir`; without one it lives in memory. */
  static async open(dataDir: string | undefined): Promise<EmbeddedServer> {
    const worker = new Worker(new URL('./pglite-worker.js', import.meta.url), { workerData: { dataDir } });
    await new Promise<void>((resolve, reject) => {
      worker.once('message', (message: Message) =>
        message.kind === 'ready' ? resolve() : reject(new Error(message.kind === 'failed' ? message.message : 'unexpected answer of the engine')),
      );
      worker.once('error', reject);
    });
    return new EmbeddedServer(worker);
  }

  /** For pg's `stream` option. */
  readonly stream = (): Duplex => {
    const previous = this.current;
    this.current = new WireStream(this.nextStream++, (stream, bytes) => {
      if (stream === this.current) this.worker.postMessage({ kind: 'wire', stream: stream.number, bytes });
    });
    this.worker.postMessage({ kind: 'reset' });
    previous?.destroy();
    return this.current;
  };

  close(): Promise<void> {
    this.closing ??= new Promise((resolve) => {
      this.worker.on('message', (message: Message) => message.kind === 'closed' && resolve());
      this.worker.once('exit', () => resolve());
      this.worker.postMessage({ kind: 'close' });
    });
    return this.closing;
  }
}

const TERMINATE = 0x58; // 'X': the client leaves; the engine stays

class WireStream extends Duplex {
  /** Nobody can be asked to cancel a statement of the embedded engine (see flight.ts). */
  readonly cancellable = false;

  constructor(
    readonly number: number,
    private readonly send: (stream: WireStream, bytes: Uint8Array) => void,
  ) {
    super();
  }

  // what pg calls on a socket
  connect(): this {
    process.nextTick(() => this.emit('connect'));
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }

  receive(bytes: Uint8Array): void {
    if (bytes.byteLength > 0 && !this.destroyed) this.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }

  override _read(): void {}

  // pg corks each batch up to its Sync, so what arrives here at once is whole messages
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.forward(chunk);
    done();
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.forward(chunks.length === 1 ? chunks[0]!.chunk : Buffer.concat(chunks.map(({ chunk }) => chunk)));
    done();
  }

  private forward(bytes: Buffer): void {
    if (bytes[0] === TERMINATE) {
      this.push(null);
      process.nextTick(() => this.destroy());
      return;
    }
    this.send(this, new Uint8Array(bytes));
  }
}
