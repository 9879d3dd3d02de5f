import { crc32, deflateRawSync } from 'node:zlib';
import { fromBufferPromise } from 'yauzl';

/** An entry written byte by byte: no library makes the ones that are meant to do harm. */
export interface RawEntry {
  name: string | Buffer;
  bytes?: Buffer | string;
  /** Stored without compression. */
  store?: boolean;
  /** As the directory says, where that is not the truth. */
  size?: number;
  crc?: number;
  encrypted?: boolean;
  method?: number;
  /** Unix mode, as `0o120777` for a link. */
  mode?: number;
}

/** A ZIP of these entries. */
export function zipOf(...entries: RawEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name as string);
    const bytes = Buffer.from((entry.bytes ?? '') as string);
    const data = entry.store ? bytes : deflateRawSync(bytes);
    const flags = 0x800 | (entry.encrypted ? 1 : 0);
    const method = entry.method ?? (entry.store ? 0 : 8);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(entry.crc ?? crc32(bytes), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(entry.size ?? bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([u32(0x04034b50), common, name, data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([u32(0x02014b50), Buffer.from([63, 3]), common, tail, name]));
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

/** What is in a ZIP, as a reader that trusts nothing finds it. */
export async function unzip(bytes: Buffer): Promise<Map<string, Buffer>> {
  const zip = await fromBufferPromise(bytes, { lazyEntries: true });
  const found = new Map<string, Buffer>();
  for await (const entry of zip.eachEntry()) {
    const parts: Buffer[] = [];
    for await (const part of await zip.openReadStreamPromise(entry)) parts.push(part as Buffer);
    const content = Buffer.concat(parts);
    if (crc32(content) !== entry.crc32) throw new Error(`${entry.fileName} is damaged`);
    found.set(entry.fileName, content);
  }
  return found;
}
