import { timingSafeEqual } from 'node:crypto';
import { access, constants } from 'node:fs/promises';
import { Controller, Get, Headers, Inject, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { problem, unauthenticated } from '../../common/errors/problem.js';
import { Op } from '../../common/http/operation.js';
import { Answer } from '../../common/validation/fields.js';
import { Environment } from '../../config/environment.js';
import { Database } from '../../database/database.js';
import { ENGINE } from '../../database/database.module.js';
import type { Engine } from '../../database/engine.js';
import { PING } from './health.queries.js';
import { Metrics } from './metrics.js';

export class LiveDto {
  @Answer({ type: String, enum: ['up'] }) status!: 'up';
}
export class ReadyDto {
  @Answer({ type: String, enum: ['up'] }) status!: 'up';
  @Answer({ type: String, enum: ['embedded', 'server'] }) engine!: string;
  @Answer({ type: Object, additionalProperties: { type: 'string' }, description: 'database, migrations, storage: up, or what is wrong' })
  checks!: Record<string, string>;
}

const notReady = problem(503, 'not_ready', 'Something that requests need is missing');

const PATIENCE_MS = 1_000;

@ApiTags('Operations')
@Controller()
export class HealthController {
  constructor(
    private readonly database: Database,
    private readonly metrics: Metrics,
    private readonly environment: Environment,
    @Inject(ENGINE) private readonly engine: Engine,
  ) {}

  @Get('health/live')
  @Op({ summary: 'The process runs', access: 'public', unit: 'own', returns: LiveDto, fields: false })
  live(): LiveDto {
    return { status: 'up' };
  }

  @Get('health/ready')
  @Op({
    summary: 'Requests can be served', description: '503 when something they need is missing; `checks` says what.', access: 'public', unit: 'own',
    returns: ReadyDto, fields: false, problems: [notReady],
  })
  async ready(): Promise<ReadyDto> {
    // the schema was checked before this process began to listen, and no running process changes it
    const checks = { database: await state(this.ping()), migrations: 'up', storage: await state(access(this.engine.folder.root, constants.W_OK)) };
    const engine = this.engine.kind;
    if (Object.values(checks).every((check) => check === 'up')) return { status: 'up', engine, checks };
    throw notReady({ members: { engine, checks }, headers: { 'retry-after': '2' } });
  }

  @Get('metrics')
  @Op({ summary: 'Figures for Prometheus', description: 'Wants METRICS_TOKEN as bearer token where one is set.', access: 'public', unit: 'own', produces: 'text/plain' })
  async read(@Headers('authorization') header: string | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const wanted = this.environment.METRICS_TOKEN;
    if (wanted && !same(header ?? '', `Bearer ${wanted}`)) throw unauthenticated('METRICS_TOKEN is wanted as bearer token.');
    reply.header('content-type', this.metrics.registry.contentType);
    return this.metrics.registry.metrics();
  }

  private ping(): Promise<unknown> {
    return this.database.read({ kind: 'guest' }, () => this.database.query(PING));
  }
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

async function state(check: Promise<unknown>): Promise<string> {
  const patience = new Promise<string>((resolve) => setTimeout(resolve, PATIENCE_MS, 'no answer within a second').unref());
  return Promise.race([check.then(() => 'up', () => 'cannot be reached'), patience]);
}
