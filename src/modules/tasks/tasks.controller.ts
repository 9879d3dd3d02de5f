import type { Readable } from 'node:stream';
import { Controller, Get, Header, Param, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Op } from '../../common/http/operation.js';
import type { Page } from '../../common/pagination/page.js';
import { TaskStreams } from './task-streams.js';
import { TaskDto, TasksQuery, TaskStreamQuery, TaskTicketDto } from './tasks.dto.js';
import * as errors from './tasks.errors.js';
import { Tasks } from './tasks.service.js';

@ApiTags('Tasks')
@Controller('v1/tasks')
export class TasksController {
  constructor(
    private readonly tasks: Tasks,
    private readonly streams: TaskStreams,
  ) {}

  @Get()
  @Op({ summary: 'Long work of one’s own, newest first', access: 'tasks.own', returns: TaskDto, page: true })
  list(@Query() query: TasksQuery): Promise<Page<TaskDto>> {
    return this.tasks.list(query);
  }

  @Get(':id')
  @Op({ summary: 'One task', access: 'tasks.own', returns: TaskDto })
  get(@Param('id') id: string): Promise<TaskDto> {
    return this.tasks.get(id);
  }

  @Post(':id/ticket')
  @Op({ summary: 'A ticket for the task’s stream', description: 'Works once, within 60 seconds.', access: 'tasks.own', returns: TaskTicketDto })
  issueTicket(@Param('id') id: string): Promise<TaskTicketDto> {
    return this.tasks.issueTicket(id);
  }

  @Get(':id/stream')
  @Header('Content-Type', 'text/event-stream; charset=utf-8')
  @Header('Cache-Control', 'no-store')
  @Header('X-Accel-Buffering', 'no')
  @Op({
    summary: 'The task as server-sent events', access: 'public', unit: 'own', produces: 'text/event-stream', problems: [errors.ticketRefused, errors.tooManyStreams],
    description: 'An event `task` carries the task whenever it has changed. The stream ends with the task, at the latest after ten minutes; the ticket stands for the caller.',
  })
  stream(@Param('id') id: string, @Query() query: TaskStreamQuery, @Req() request: FastifyRequest): Promise<Readable> {
    return this.streams.follow(id, query.ticket, request.method);
  }
}
