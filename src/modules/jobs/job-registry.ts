import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { JOB_HANDLER, type JobDefinition, type JobHandler } from './job-handler.js';
import { jobNames, type JobName } from './job-names.js';

export interface RegisteredJob {
  definition: JobDefinition;
  handler: JobHandler;
}

/** Which class handles which job. A name with no handler, or with two, stops the boot: else its jobs would lie there unseen. */
@Injectable()
export class JobRegistry implements OnModuleInit {
  private readonly jobs = new Map<string, RegisteredJob>();

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    for (const { instance, metatype } of this.discovery.getProviders()) {
      const definition = metatype ? (Reflect.getMetadata(JOB_HANDLER, metatype) as JobDefinition | undefined) : undefined;
      if (!definition || !instance) continue;
      const other = this.jobs.get(definition.name);
      if (other && other.handler !== instance) {
        throw new Error(`the job "${definition.name}" has two handlers: ${other.handler.constructor.name} and ${metatype!.name}`);
      }
      this.jobs.set(definition.name, { definition, handler: instance as JobHandler });
    }
    const missing = jobNames.filter((name) => !this.jobs.has(name));
    if (missing.length > 0) throw new Error(`jobs without a handler: ${missing.join(', ')}; decorate a class with @JobHandler and provide it in its module`);
  }

  get(name: JobName): RegisteredJob {
    const job = this.jobs.get(name);
    if (!job) throw new Error(`nobody handles the job "${name}"`);
    return job;
  }

  all(): RegisteredJob[] {
    return [...this.jobs.values()];
  }
}
