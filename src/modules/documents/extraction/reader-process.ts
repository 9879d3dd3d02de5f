import { fork, type ChildProcess } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectRoot } from '../../../database/migrator.js';

/** Why a file brought its reader down. */
export class ReaderFault extends Error {
  constructor(
    readonly kind: 'time' | 'memory' | 'crash',
    message: string,
  ) {
    super(message);
  }
}

/** What a reader is asked for; `path` lies in the folder it may read. */
export interface ReadingOrder {
  path: string;
  mediaType: string;
  fileName: string;
  maxCharacters: number;
  attachments: { made: boolean; wanted: boolean; maxCount: number; maxBytes: number };
}

/** Takes what a reader finds, in order; the reader waits until each call has come to its end. */
export interface TextSink {
  text(page: number | null, text: string): Promise<void>;
  attachment(name: string, mediaType: string, size: number): Promise<void>;
  bytes(bytes: Buffer): Promise<void>;
  attachmentEnd(): Promise<void>;
}

/** How a reading ended; `fault` is the machine's, not the file's. */
export interface ReadingAnswer {
  status: 'extracted' | 'empty' | 'image_only' | 'encrypted' | 'corrupt' | 'mislabelled' | 'unsupported' | 'too_large' | 'fault';
  reason: string | null;
  pageCount: number | null;
  truncated: boolean;
}

type Message =
  | { kind: 'ready' }
  | { kind: 'text'; page: number | null; text: string }
  | { kind: 'attachment'; name: string; mediaType: string; size: number }
  | { kind: 'bytes'; base64: string }
  | { kind: 'attachment-end' }
  | ({ kind: 'done' } & ReadingAnswer);

const START_MS = 60_000;
/** The heap's share of the memory; the rest is for what lies outside, as the bytes of the file do. */
const HEAP_SHARE = 0.6;

/** One child process, which reads one file at a time and may see nothing but its folder and its own code. */
export class ReaderProcess {
  private readonly child: ChildProcess;
  private readonly ended: Promise<string>;
  private readonly started: Promise<void>;
  private noise = '';
  /** Why we ended it ourselves. */
  private verdict: ReaderFault | undefined;
  files = 0;
  alive = true;

  constructor(readonly folder: string, memoryMb: number) {
    const script = fileURLToPath(new URL('./child/reader-process.js', import.meta.url));
    const heap = `--max-old-space-size=${Math.floor(memoryMb * HEAP_SHARE)}`;
    this.child = fork(script, [String(memoryMb)], {
      cwd: folder, env: {}, execArgv: ['--no-warnings', heap, ...permissions(script, folder)], stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.noise = (this.noise + text).slice(-2000)));
    this.child.on('error', (error) => (this.noise += error.message)); // it could not be started or signalled; its end follows
    this.ended = new Promise((resolve) => {
      const end = (how: string): void => ((this.alive = false), resolve(how));
      this.child.once('close', (code, signal) => end(signal ?? `exit code ${code}`));
      this.child.once('error', () => this.child.pid === undefined && end('no process'));
    });
    this.started = new Promise((resolve) => this.child.once('message', () => resolve()));
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Reads one file; rejects with a ReaderFault, after which the process is gone, or with what the sink threw. */
  async read(order: ReadingOrder, sink: TextSink, timeoutMs: number, signal: AbortSignal): Promise<ReadingAnswer> {
    this.files++;
    const stop = (): void => this.kill();
    signal.addEventListener('abort', stop);
    try {
      await this.within(START_MS, this.started, new ReaderFault('crash', 'The reading process did not start.'));
      return await this.converse(order, sink, timeoutMs);
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** Ends it at once, whatever it is doing. */
  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** Ends it and waits until it is gone. */
  async close(): Promise<void> {
    this.kill();
    await this.ended;
  }

  /** Messages in turn; only the child's own time counts towards the limit, not the time we take to store what it found. */
  private async converse(order: ReadingOrder, sink: TextSink, timeoutMs: number): Promise<ReadingAnswer> {
    let left = timeoutMs;
    let next = this.nextMessage();
    this.child.send({ kind: 'read', order });
    for (;;) {
      const since = performance.now();
      const message = await this.within(left, next, new ReaderFault('time', `Reading the file took longer than ${Math.round(timeoutMs / 1000)} seconds.`));
      left -= performance.now() - since;
      if (message.kind === 'done') return message;
      try {
        await deliver(message, sink);
      } catch (error) {
        await this.close(); // it is in the middle of a file nobody wants any more
        throw error;
      }
      next = this.nextMessage();
      this.child.send({ kind: 'taken' }, () => undefined);
    }
  }

  private nextMessage(): Promise<Message> {
    return new Promise((resolve) => this.child.once('message', (message) => resolve(message as Message)));
  }

  private async within<T>(ms: number, answer: Promise<T>, late: ReaderFault): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>(() => {
      timer = setTimeout(() => {
        this.verdict = late;
        this.kill();
      }, Math.max(1, ms));
    });
    try {
      return await Promise.race([answer, timeout, this.ended.then((how) => Promise.reject(this.faultOf(how)))]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** SIGXCPU is the watchdog's, SIGABRT how V8 ends when its heap is full. */
  private faultOf(how: string): ReaderFault {
    if (this.verdict) return this.verdict;
    if (how === 'SIGXCPU' || how === 'SIGABRT' || /heap out of memory/.test(this.noise)) {
      return new ReaderFault('memory', 'Reading the file needed more memory than a file may take.');
    }
    return new ReaderFault('crash', `The reading process ended unexpectedly (${how})${this.noise ? `: ${this.noise.trim().split('\n')[0]}` : ''}`);
  }
}

async function deliver(message: Exclude<Message, { kind: 'done' }>, sink: TextSink): Promise<void> {
  switch (message.kind) {
    case 'text': return sink.text(message.page, message.text);
    case 'attachment': return sink.attachment(message.name, message.mediaType, message.size);
    case 'bytes': return sink.bytes(Buffer.from(message.base64, 'base64'));
    case 'attachment-end': return sink.attachmentEnd();
    case 'ready': return undefined;
  }
}

/** Node's permission model: no writing, no processes, no add-ons; reading the code and one folder. It has no rule for the network before Node 25. */
function permissions(script: string, folder: string): string[] {
  const flag = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission';
  const modules = join(projectRoot, 'node_modules');
  const readable = [join(script, '..', '*'), join(modules, '*'), join(realpathSync(modules), '*'), join(projectRoot, 'package.json'), join(folder, '*')];
  return [flag, '--allow-worker', ...new Set(readable.map((path) => `--allow-fs-read=${path}`))];
}
