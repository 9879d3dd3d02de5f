import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Op } from '../../common/http/operation.js';
import type { Page } from '../../common/pagination/page.js';
import { CaseTaskDto, CaseTasksQuery, CreateCaseTask, TasksOfCaseQuery, UpdateCaseTask } from './case-tasks.dto.js';
import { CaseTasks } from './case-tasks.service.js';
import * as errors from './casework.errors.js';

const ASSIGNMENT = [errors.caseArchived, errors.unknownPerson, errors.assigneeCannotSeeCase, errors.unknownChecklistItem, errors.repeatedChecklistItem];

@ApiTags('Work on cases')
@Controller('v1')
export class CaseTasksController {
  constructor(private readonly tasks: CaseTasks) {}

  @Get('case-tasks')
  @Op({ summary: 'Tasks of all cases', description: 'Of cases the caller sees; `mine=true` for his own.', access: 'cases.read', returns: CaseTaskDto, page: true })
  list(@Query() query: CaseTasksQuery): Promise<Page<CaseTaskDto>> {
    return this.tasks.list(query);
  }

  @Get('cases/:id/tasks')
  @Op({ summary: 'Tasks of a case', access: 'cases.read', returns: CaseTaskDto, page: true })
  listOfCase(@Param('id') id: string, @Query() query: TasksOfCaseQuery): Promise<Page<CaseTaskDto>> {
    return this.tasks.listOfCase(id, query);
  }

  @Post('cases/:id/tasks')
  @Op({
    summary: 'Add a task to a case', access: 'case_work.write', returns: CaseTaskDto, creates: 'case_tasks', location: '/v1/case-tasks', problems: ASSIGNMENT,
  })
  create(@Param('id') id: string, @Body() input: CreateCaseTask): Promise<CaseTaskDto> {
    return this.tasks.create(id, input);
  }

  @Get('case-tasks/:id')
  @Op({ summary: 'One task', access: 'cases.read', returns: CaseTaskDto })
  get(@Param('id') id: string): Promise<CaseTaskDto> {
    return this.tasks.get(id);
  }

  @Patch('case-tasks/:id')
  @Op({ summary: 'Change a task', access: 'case_work.write', returns: CaseTaskDto, versioned: true, problems: [...ASSIGNMENT, errors.taskTransition] })
  update(@Param('id') id: string, @Body() changes: UpdateCaseTask): Promise<CaseTaskDto> {
    return this.tasks.update(id, changes);
  }

  @Delete('case-tasks/:id')
  @Op({ summary: 'Remove a task', access: 'case_work.write', versioned: true, problems: [errors.caseArchived] })
  remove(@Param('id') id: string): Promise<void> {
    return this.tasks.remove(id);
  }

  @Post('case-tasks/:id/complete')
  @Op({ summary: 'A task is done', access: 'case_work.write', returns: CaseTaskDto, versioned: true, problems: [errors.taskTransition, errors.caseArchived] })
  complete(@Param('id') id: string): Promise<CaseTaskDto> {
    return this.tasks.complete(id);
  }

  @Post('case-tasks/:id/reopen')
  @Op({ summary: 'A done or cancelled task is to be done after all', access: 'case_work.write', returns: CaseTaskDto, versioned: true, problems: [errors.taskTransition, errors.caseArchived] })
  reopen(@Param('id') id: string): Promise<CaseTaskDto> {
    return this.tasks.reopen(id);
  }
}
