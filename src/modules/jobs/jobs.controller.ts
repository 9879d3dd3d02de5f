import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Op } from '../../common/http/operation.js';
import type { Page } from '../../common/pagination/page.js';
import { JobDto, JobsQuery } from './jobs.dto.js';
import * as errors from './jobs.errors.js';
import { Jobs } from './jobs.service.js';

@ApiTags('Jobs')
@Controller('v1/jobs')
export class JobsController {
  constructor(private readonly jobs: Jobs) {}

  @Get()
  @Op({ summary: 'Background jobs of the firm', description: 'Completed ones are kept for 7 days, dead ones for 90.', access: 'jobs.manage', returns: JobDto, page: true })
  list(@Query() query: JobsQuery): Promise<Page<JobDto>> {
    return this.jobs.list(query);
  }

  @Get(':id')
  @Op({ summary: 'One background job', access: 'jobs.manage', returns: JobDto })
  get(@Param('id') id: string): Promise<JobDto> {
    return this.jobs.get(id);
  }

  @Post(':id/retry')
  @Op({
    summary: 'Run a dead job again', description: 'It gets all its attempts anew; the task it works for, if any, is open again.', access: 'jobs.manage',
    returns: JobDto, problems: [errors.jobNotDead, errors.jobReplaced],
  })
  retry(@Param('id') id: string): Promise<JobDto> {
    return this.jobs.retry(id);
  }
}
