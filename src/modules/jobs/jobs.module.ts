import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { JobRegistry } from './job-registry.js';
import { JobRunner } from './job-runner.js';
import { JobsController } from './jobs.controller.js';
import { Jobs } from './jobs.service.js';
import { Scheduler } from './scheduler.js';

@Module({
  imports: [DiscoveryModule],
  controllers: [JobsController],
  providers: [JobRegistry, JobRunner, Jobs, Scheduler],
  exports: [Jobs, JobRunner, Scheduler],
})
export class JobsModule {}
