/**
 * The messages of a flight, as bytes. pg would write each of them by itself; put together they are one write, and what
 * never changes (the settings of a reader) is put together once.
 */
export class Outbox {
  private bytes = Buffer.allocUnsafe(16_384);
  length = 0;

  /** Parse: the text of a statement, under a name or none. */
  parse(name: string, text: string): void {
    const start = this.begin(PARSE, 3 * (name.length + text.length) + 4);
    this.cstring(name);
    this.cstring(text);
    this.int16(0);
    this.end(start);
  }

  /** Bind: values for a statement, to the unnamed portal; results come as text. */
  bind(name: string, values: readonly (string | Buffer | null)[]): void {
    let room = 3 * name.length + 20 + 6 * values.length;
    let binary = false;
    for (const value of values) {
      if (value === null) continue;
      room += 3 * value.length;
      binary ||= typeof value !== 'string';
    }
    const start = this.begin(BIND, room);
    this.bytes[this.length++] = 0; // the unnamed portal
    this.cstring(name);
    this.int16(binary ? values.length : 0);
    if (binary) for (const value of values) this.int16(value !== null && typeof value !== 'string' ? 1 : 0);
    this.int16(values.length);
    for (const value of values) this.value(value);
    this.int16(0);
    this.end(start);
  }

  describe(): void {
    this.append(DESCRIBE_PORTAL);
  }

  execute(): void {
    this.append(EXECUTE_ALL);
  }

  close(name: string): void {
    const start = this.begin(CLOSE, 3 * name.length + 2);
    this.bytes[this.length++] = STATEMENT;
    this.cstring(name);
    this.end(start);
  }

  sync(): void {
    this.append(SYNC);
  }

  append(bytes: Buffer): void {
    this.reserve(bytes.length);
    bytes.copy(this.bytes, this.length);
    this.length += bytes.length;
  }

  /** Everything since the last `take`, in a buffer of its own: a socket may hold on to it. */
  take(): Buffer {
    const taken = Buffer.allocUnsafe(this.length);
    this.bytes.copy(taken, 0, 0, this.length);
    this.length = 0;
    if (this.bytes.length > MAX_KEPT) this.bytes = Buffer.allocUnsafe(16_384);
    return taken;
  }

  /** A copy of what was added from `start` on. */
  since(start: number): Buffer {
    return Buffer.from(this.bytes.subarray(start, this.length));
  }

  clear(): void {
    this.length = 0;
  }

  private begin(type: number, room: number): number {
    this.reserve(room + 5);
    this.bytes[this.length] = type;
    this.length += 5;
    return this.length - 4;
  }

  private end(start: number): void {
    this.bytes.writeInt32BE(this.length - start, start);
  }

  private value(value: string | Buffer | null): void {
    const start = this.length;
    this.length += 4;
    if (value === null) {
      this.bytes.writeInt32BE(-1, start);
      return;
    }
    this.length += typeof value === 'string' ? this.bytes.write(value, this.length, 'utf8') : value.copy(this.bytes, this.length);
    this.bytes.writeInt32BE(this.length - start - 4, start);
  }

  private cstring(text: string): void {
    this.length += this.bytes.write(text, this.length, 'utf8');
    this.bytes[this.length++] = 0;
  }

  private int16(value: number): void {
    this.length = this.bytes.writeUInt16BE(value, this.length);
  }

  private reserve(room: number): void {
    const wanted = this.length + room;
    if (wanted <= this.bytes.length) return;
    const bigger = Buffer.allocUnsafe(Math.max(wanted, 2 * this.bytes.length));
    this.bytes.copy(bigger, 0, 0, this.length);
    this.bytes = bigger;
  }
}

const MAX_KEPT = 1_048_576;
const [PARSE, BIND, CLOSE, STATEMENT] = [0x50, 0x42, 0x43, 0x53] as const;
const DESCRIBE_PORTAL = Buffer.from([0x44, 0, 0, 0, 6, 0x50, 0]);
const EXECUTE_ALL = Buffer.from([0x45, 0, 0, 0, 9, 0, 0, 0, 0, 0]);
const SYNC = Buffer.from([0x53, 0, 0, 0, 4]);
