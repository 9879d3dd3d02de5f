// @ts-check
import { SaxesParser } from 'saxes';
import { Outcome } from './outcome.js';

/**
 * @typedef {{
 *   open?: (name: string, attributes: Record<string, string>) => void,
 *   close?: (name: string) => void,
 *   text?: (text: string) => void,
 * }} Handlers names come without their prefix
 */

/** The part of a name after its prefix. @param {string} name */
export const local = (name) => name.slice(name.indexOf(':') + 1);

/**
 * Reads XML as it comes. A document type is refused: no Office format has one, and it is where entities are defined
 * that grow without end. `step` is awaited after each piece.
 * @param {AsyncIterable<Buffer>} stream @param {Handlers} handlers @param {() => Promise<void> | void} [step]
 */
export async function readXml(stream, handlers, step) {
  const parser = new SaxesParser({ position: false });
  parser.on('error', (error) => {
    throw new Outcome('corrupt', `A part of the file is not well-formed XML: ${error.message.slice(0, 200)}.`);
  });
  parser.on('doctype', () => {
    throw new Outcome('corrupt', 'A part of the file declares a document type, which no Office file does; it was not read.');
  });
  if (handlers.open) parser.on('opentag', (tag) => handlers.open?.(local(tag.name), /** @type {Record<string, string>} */ (tag.attributes)));
  if (handlers.close) parser.on('closetag', (tag) => handlers.close?.(local(tag.name)));
  if (handlers.text) {
    parser.on('text', handlers.text);
    parser.on('cdata', handlers.text);
  }
  /** @type {InstanceType<typeof TextDecoder> | undefined} */
  let decoder;
  for await (const piece of stream) {
    decoder ??= new TextDecoder(piece[0] === 0xff && piece[1] === 0xfe ? 'utf-16le' : piece[0] === 0xfe && piece[1] === 0xff ? 'utf-16be' : 'utf-8');
    parser.write(decoder.decode(piece, { stream: true }));
    await step?.();
  }
  parser.close();
}

/**
 * The relationships of a part: id to type and target, as a name inside the archive.
 * @param {import('./zip.js').Parts} parts @param {string} name
 */
export async function relationsOf(parts, name) {
  const slash = name.lastIndexOf('/');
  const folder = name.slice(0, slash + 1);
  const file = `${folder}_rels/${name.slice(slash + 1)}.rels`;
  /** @type {Map<string, { type: string, target: string }>} */
  const relations = new Map();
  if (!parts.has(file)) return relations;
  await readXml(await parts.stream(file), {
    open: (tag, at) => {
      if (tag !== 'Relationship' || at['TargetMode'] === 'External' || !at['Id'] || !at['Target']) return;
      relations.set(at['Id'], { type: (at['Type'] ?? '').split('/').pop() ?? '', target: resolve(folder, at['Target']) });
    },
  });
  return relations;
}

/** @param {string} folder @param {string} target */
function resolve(folder, target) {
  const steps = target.startsWith('/') ? [] : folder.split('/').filter(Boolean);
  for (const step of target.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return steps.join('/');
}

/** An attribute by the part of its name after the prefix. @param {Record<string, string>} attributes @param {string} name */
export function attribute(attributes, name) {
  if (attributes[name] !== undefined) return attributes[name];
  for (const key of Object.keys(attributes)) if (local(key) === name) return attributes[key];
  return undefined;
}
