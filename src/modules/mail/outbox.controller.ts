import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Op } from '../../common/http/operation.js';
import type { Page } from '../../common/pagination/page.js';
import { notFound } from '../../common/errors/problem.js';
import { OutboxEmailDto } from './mail.dto.js';
import { Mail } from './mail.service.js';

@ApiTags('Development')
@Controller('v1/dev/outbox')
export class OutboxController {
  constructor(private readonly mail: Mail) {}

  @Get()
  @Op({
    summary: 'The newest 50 e-mails with their text', description: 'Outside production only: a front-end developer finds invitation and reset links here.',
    access: 'users.manage', returns: OutboxEmailDto, page: true, problems: [notFound],
  })
  list(): Promise<Page<OutboxEmailDto>> {
    return this.mail.outbox();
  }
}
