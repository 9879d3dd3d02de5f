import { Controller, Get, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Op } from '../../common/http/operation.js';
import { listPage } from '../../common/pagination/list.js';
import type { Page } from '../../common/pagination/page.js';
import { Database } from '../../database/database.js';
import { StartsTask } from '../tasks/starts-task.js';
import type { TaskDto } from '../tasks/tasks.dto.js';
import { Tasks } from '../tasks/tasks.service.js';
import { AuditEventDto, AuditQuery, VerificationDto } from './audit.dto.js';
import { AUDIT_LIST, auditFilters, VERIFY } from './audit.queries.js';

@ApiTags('Audit')
@Controller('v1/audit-events')
export class AuditController {
  constructor(
    private readonly database: Database,
    private readonly tasks: Tasks,
  ) {}

  @Get()
  @Op({ summary: 'Who changed what, when and from where', access: 'audit.read', returns: AuditEventDto, page: true })
  list(@Query() query: AuditQuery): Promise<Page<AuditEventDto>> {
    return listPage<AuditEventDto>(this.database, AUDIT_LIST, query, auditFilters(query));
  }

  @Get('verify')
  @Op({
    summary: 'Recompute the seals', access: 'audit.read', returns: VerificationDto,
    description: 'Names the first event or seal that is not as it was sealed, and how much is not sealed yet.',
  })
  async verify(): Promise<VerificationDto> {
    const row = await this.database.first<{ result: VerificationDto }>(VERIFY);
    return row!.result;
  }

  @Post('verifications')
  @StartsTask({ summary: 'Recompute the seals of a long trail as a task', description: 'The result of the task is what GET /v1/audit-events/verify answers.', access: 'audit.read' })
  startVerification(): Promise<TaskDto> {
    return this.tasks.start('audit.verify', 'audit.verify', {});
  }
}
