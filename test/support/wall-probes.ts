import { newId } from '../../src/common/ids.js';
import { testApp } from './app.js';
import type { HiddenMatter } from './hidden-matter.js';
import { formWith, readContract, sample, type Route } from './routes.js';
import { watchStatements } from './statement-watch.js';

/** One request that somebody who must not know could make. */
export interface Probe {
  route: Route;
  method: string;
  /** Path and query. */
  target: string;
  body?: object | undefined;
}
export interface Told {
  status: number;
  /** Headers and body as they would be for any request: without request id, time and address. */
  text: string;
  statements: number;
}

export const nameOf = ({ method, target, body }: Probe): string => `${method} ${target}${body ? ` ${JSON.stringify(body)}` : ''}`;
const CASUAL = new Set(['date', 'x-request-id', 'ratelimit-remaining', 'ratelimit-reset', 'ratelimit-limit', 'keep-alive', 'connection', 'content-length']);

/** Sends a probe and notes all that its answer says. */
export async function ask(probe: Probe, token: string): Promise<Told> {
  const { url } = await testApp();
  const requestId = newId();
  const watch = watchStatements(requestId);
  try {
    const response = await fetch(url + probe.target, {
      method: probe.method,
      headers: {
        authorization: `Bearer ${token}`, 'x-request-id': requestId, ...(probe.method !== 'GET' && { 'if-match': '*' }), ...(probe.body && !probe.route.form && { 'content-type': 'application/json' }),
      },
      ...(probe.body && { body: probe.route.form ? formWith(probe.body) : JSON.stringify(probe.body) }),
    });
    const body = (await response.text()).replace(/"(requestId|instance)":"[^"]*",?/g, '');
    const headers = [...response.headers].filter(([name]) => !CASUAL.has(name)).map((pair) => pair.join(': ')).sort().join('\n');
    return { status: response.status, text: `${headers}\n\n${body}`, statements: watch.statements };
  } finally {
    watch.stop();
  }
}

/** Tables that a place of a path may be about, by its last word. */
function meantBy(template: string, tables: readonly string[]): string[] {
  const word = /([\w-]+)\/\{\w+\}$/.exec(template)?.[1]?.replaceAll('-', '_') ?? '';
  return tables.filter((table) => table === word || table.endsWith(`_${word}`));
}

/** A place that takes a number counted under what the path named before it. */
const numbered = (template: string): boolean => template.endsWith('{number}');

/** An answer that does not end by itself. */
const streams = (route: Route): boolean => route.path.endsWith('/stream');
/** Reading it is put on record, so that asking alone changes what the trail says: asked for what is hidden only. */
export const recorded = (route: Route): boolean => /\/(content|documents\/export)$/.test(route.path);
/** Rows that no path could name: files in the store and pieces of text. */
const WITHOUT_ADDRESS = ['storage_objects', 'document_chunks'];
interface Parameter { name: string; schema?: Schema; description?: string }

/** Where everybody's rows are: ids by table and number. */
type Visible = (table: string, n: number) => string;
const query = (params: Record<string, string>): string => (Object.keys(params).length > 0 ? `?${new URLSearchParams(params).toString()}` : '');
const upTo = (path: string, param: string): string => path.slice(0, path.indexOf(`{${param}}`) + param.length + 2);

/** Makes requests from the contract: every route, every parameter, with ids and words of what is hidden and of what is not. */
export class Prober {
  private readonly found = new Map<string, string[]>();

  constructor(
    private readonly routes: Route[],
    private readonly schemas: Record<string, object>,
    private readonly matter: HiddenMatter,
    private readonly visible: Visible,
    private readonly tables: string[],
    /** Finds visible ids, and sees what must be seen by somebody. */
    private readonly token: string,
  ) {}

  static async over(routes: Route[], matter: HiddenMatter, visible: Visible, tables: string[], token: string): Promise<Prober> {
    return new Prober(routes, (await readContract()).components.schemas as never, matter, visible, tables, token);
  }

  /** Reads of everything that is visible, in every way it can be asked for. */
  async reads(): Promise<Probe[]> {
    const probes: Probe[] = [];
    for (const route of this.routes.filter((one) => one.method === 'GET' && !streams(one) && !recorded(one))) {
      for (const [i, path] of (await this.visiblePaths(route)).entries()) {
        for (const params of (await this.parametersOf(route, path)).slice(0, i === 0 ? undefined : 2)) probes.push({ route, method: 'GET', target: path + query(params) });
      }
    }
    return probes;
  }

  /** Requests that name what is hidden, by path or in the body, reading and writing. */
  async reaches(): Promise<Probe[]> {
    const probes: Probe[] = [];
    for (const route of this.routes) {
      const body = this.sampleOf(route);
      if (route.params.length > 0) {
        for (const path of await this.hiddenPaths(route)) probes.push({ route, method: route.method, target: path + query(this.required(route)), body });
      }
      if (body === undefined) continue;
      for (const table of ['cases', 'clients', 'contacts', 'case_parties', 'case_tasks', 'contact_addresses'].filter((name) => this.matter.tables.includes(name))) {
        const naming = this.naming((route.body ?? route.form) as Schema, body, this.matter.ids(table, 1));
        if (!naming) continue;
        for (const path of (await this.visiblePaths(route)).slice(0, 1)) probes.push({ route, method: route.method, target: path, body: naming });
      }
    }
    return probes;
  }

  /** Paths of a route with ids of rows that are there for everybody; of those ids the first two of each kind that work. */
  async visiblePaths(route: Route): Promise<string[]> {
    let paths = [route.path];
    for (const param of route.params) {
      const template = upTo(route.path, param);
      const next: string[] = [];
      for (const path of paths) for (const id of await this.idsFor(template, upTo(path, param))) next.push(path.replace(`{${param}}`, id));
      paths = next;
    }
    return paths;
  }

  private async idsFor(template: string, path: string): Promise<string[]> {
    const known = this.found.get(path);
    if (known) return known;
    const reader = this.routes.find((route) => route.method === 'GET' && route.path === template) ?? this.routes.find((route) => route.method === 'GET' && route.path.startsWith(template) && route.params.length === [...template.matchAll(/\{/g)].length && !streams(route));
    const ids: string[] = [];
    if (reader) {
      const meant = meantBy(template, this.tables);
      for (const id of numbered(template) ? ['1'] : (meant.length > 0 ? meant : this.tables).flatMap((table) => [1, 2].map((n) => this.visible(table, n)))) {
        const rest = reader.path.slice(template.length);
        const { status } = await ask({ route: reader, method: 'GET', target: path.replace(/\{\w+\}/, id) + rest + query(this.required(reader)) }, this.token);
        if (status === 200 && ids.push(id) === 2) break;
      }
    }
    this.found.set(path, ids);
    return ids;
  }

  private async hiddenPaths(route: Route): Promise<string[]> {
    const [first, last] = [route.params[0]!, route.params.at(-1)!];
    const template = upTo(route.path, first);
    const hidden = this.hiddenFor(template);
    if (route.params.length === 1) return hidden.map((id) => route.path.replace(`{${last}}`, id));
    const parents = [...hidden.slice(0, 1), ...(recorded(route) ? [] : (await this.idsFor(template, template)).slice(0, 1))];
    return parents.flatMap((parent) => this.hiddenFor(route.path.slice(0, route.path.lastIndexOf('}') + 1)).map((id) => route.path.replace(`{${first}}`, parent).replace(/\{\w+\}/g, id)));
  }

  /** Ids of hidden rows that this place of a path may be about, by its last word; of all kinds where the word says nothing. */
  private hiddenFor(template: string): string[] {
    const { ids } = this.matter;
    if (numbered(template)) return ['1'];
    const tables = this.matter.tables.filter((table) => !WITHOUT_ADDRESS.includes(table));
    const meant = meantBy(template, tables);
    const others = meant.length > 0 ? tables.filter((table) => ['cases', 'contacts', 'clients'].includes(table)) : tables;
    return [...new Set([...meant.flatMap((table) => [1, 2, 3, 4].map((n) => ids(table, n))), ...others.map((table) => ids(table, 1))])];
  }

  private required(route: Route): Record<string, string> {
    return Object.fromEntries(route.query.filter(({ required }) => required).map(({ name, schema }) => [name, String(sample((schema ?? {}) as never, name, this.schemas as never))]));
  }

  private async parametersOf(route: Route, path: string): Promise<Record<string, string>[]> {
    const base = this.required(route);
    const all: Record<string, string>[] = [base];
    const full: Record<string, string> = { ...base };
    const has = (name: string) => route.query.some((one) => one.name === name);
    const expand = (route.query as Parameter[]).find(({ name }) => name === 'expand');
    if (expand) full['expand'] = (expand.description ?? '').split(': ')[1]!.replaceAll(' ', '');
    const most = (route.query as Parameter[]).find(({ name }) => name === 'limit')?.schema?.maximum;
    if (has('limit')) Object.assign(full, { limit: String(most ?? 200) });
    if (has('count')) Object.assign(full, { count: 'true' });
    all.push(full);
    if (has('limit')) all.push({ ...full, limit: '1' });
    for (const { name, schema = {}, description = '' } of route.query as Parameter[]) {
      if (['limit', 'count', 'sort', 'cursor', 'fields', 'expand', 'dryRun'].includes(name)) continue;
      for (const value of this.valuesOf(schema, name, description)) all.push({ ...full, [name]: value });
    }
    if (has('sort')) for (const sort of await this.sortsOf(route, path)) all.push({ ...full, sort }, { ...full, limit: '1', sort: `-${sort}` });
    return all;
  }

  /** A list refuses a sort that is none, and names those that are. */
  private async sortsOf(route: Route, path: string): Promise<string[]> {
    const { text } = await ask({ route, method: 'GET', target: path + query({ ...this.required(route), sort: 'none-such' }) }, this.token);
    return /sort must be one of ([\w, ]+), with/.exec(text)?.[1]?.split(', ') ?? [];
  }

  private valuesOf(schema: Schema, name: string, description: string): string[] {
    const { word, ids } = this.matter;
    if (schema.enum) return schema.enum.slice(0, 12).map(String);
    if (schema.items?.enum) return schema.items.enum.slice(0, 12).map(String);
    switch (schema.format) {
      case 'uuid':
        return [...['cases', 'clients', 'contacts'].flatMap((table) => [ids(table, 1), this.visible(table, 1)]), this.visible('users', 1), ...this.people];
      case 'date':
        return ['2000-01-01', '2026-01-05', '2100-01-01'];
      case 'date-time':
        return ['2000-01-01T00:00:00Z', '2100-01-01T00:00:00Z'];
    }
    if (schema.type === 'boolean') return ['true', 'false'];
    if (schema.type === 'integer' || schema.type === 'number') return [String(schema.minimum ?? 1), '5'];
    // the whole of a word, a part and a misspelling of it; what only opens with JSON gets that
    const words = [word, word.slice(0, -3), `${word.slice(0, 6)}0${word.slice(7)}`];
    return /json/i.test(`${name} ${description}`) || name === 'metadata' ? [...words.slice(0, 1), JSON.stringify({ word })] : words;
  }

  /** Ids of persons whom filters may name. */
  people: string[] = [];

  private sampleOf(route: Route): object | undefined {
    const schema = route.body ?? route.form;
    return schema === undefined ? undefined : (sample(schema as never, route.name, this.schemas as never) as object);
  }

  /** The body with this id wherever it takes one; undefined where it takes none. */
  private naming(schema: Schema, body: unknown, id: string): object | undefined {
    const whole = this.resolve(schema);
    let named = false;
    const result: Record<string, unknown> = { ...(body as object) };
    for (const [key, part] of Object.entries(whole.properties ?? {})) {
      const { format, type, items } = this.resolve(part);
      if (format === 'uuid') result[key] = id;
      else if (type === 'array' && this.resolve(items ?? {}).format === 'uuid') result[key] = [id];
      else if (type === 'array' && result[key] !== undefined && this.resolve(items ?? {}).properties) {
        const inner = this.naming(items!, sample(items as never, key, this.schemas as never), id);
        if (!inner) continue;
        result[key] = [inner];
      } else continue;
      named = true;
    }
    return named ? result : undefined;
  }

  private resolve(schema: Schema): Schema {
    const ref = schema.$ref ?? schema.allOf?.[0]?.$ref;
    return ref ? this.resolve((this.schemas[ref.split('/').at(-1)!] as Schema | undefined) ?? {}) : schema;
  }
}

interface Schema {
  $ref?: string; allOf?: Schema[]; type?: string | string[]; format?: string; enum?: unknown[]; minimum?: number; maximum?: number; items?: Schema; properties?: Record<string, Schema>;
}
