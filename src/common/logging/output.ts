import { destination, type DestinationStream } from 'pino';

const ENOUGH = 16_384;
const PATIENCE_MS = 100;

/**
 * Standard output for the log, some hundred lines at a time: a write for every few of them cost a request a tenth of its
 * time. Lines wait a tenth of a second at most, and none is left behind when the process ends by itself.
 */
export class LogOutput implements DestinationStream {
  private readonly to = destination({ sync: false, minLength: 0 });
  private waiting = '';
  private timer: NodeJS.Timeout | undefined;

  constructor() {
    process.once('exit', () => {
      this.send();
      this.to.flushSync();
    });
  }

  write(line: string): void {
    this.waiting += line;
    if (this.waiting.length >= ENOUGH) this.send();
    else this.timer ??= setTimeout(() => this.send(), PATIENCE_MS).unref();
  }

  flush(done?: (error?: Error) => void): void {
    this.send();
    this.to.flush(done);
  }

  private send(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const lines = this.waiting;
    this.waiting = '';
    if (lines) this.to.write(lines);
  }
}
