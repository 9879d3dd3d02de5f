import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Op } from '../../common/http/operation.js';
import { CaseDto, OpenCase, ReasonedStep, ReopenCase } from './cases.dto.js';
import { caseStandsOpen, closedBeforeOpened, reasonRequired, transitionNotAllowed } from './cases.errors.js';
import { CloseCase, ClosedCaseDto } from './closing.dto.js';
import { CloseCaseCommand } from './commands/close-case.command.js';
import { MoveCaseCommand } from './commands/move-case.command.js';

const step = { returns: CaseDto, versioned: true, dryRun: true, problems: [transitionNotAllowed] } as const;

/** The life of a case: one command per step. */
@ApiTags('Cases')
@Controller('v1/cases/:id')
export class CaseStepsController {
  constructor(
    private readonly moves: MoveCaseCommand,
    private readonly closing: CloseCaseCommand,
  ) {}

  @Post('open')
  @Op({ ...step, summary: 'Open a case that is in intake', access: 'cases.write' })
  open(@Param('id') id: string, @Body() body: OpenCase): Promise<CaseDto> {
    return this.moves.run(id, 'open', body);
  }

  @Post('hold')
  @Op({ ...step, summary: 'Put a case on hold', access: 'cases.write' })
  hold(@Param('id') id: string, @Body() body: ReasonedStep): Promise<CaseDto> {
    return this.moves.run(id, 'hold', body);
  }

  @Post('resume')
  @Op({ ...step, summary: 'Take up a case that was on hold', access: 'cases.write' })
  resume(@Param('id') id: string, @Body() body: ReasonedStep): Promise<CaseDto> {
    return this.moves.run(id, 'resume', body);
  }

  @Post('close')
  @Op({
    summary: 'Close a case', description: 'With dryRun=true it lists in `standsOpen` what is not finished. To close all the same, name it in `acknowledge` and give a reason.',
    access: 'cases.close', returns: ClosedCaseDto, versioned: true, dryRun: true, problems: [transitionNotAllowed, caseStandsOpen, reasonRequired, closedBeforeOpened],
  })
  close(@Param('id') id: string, @Body() body: CloseCase): Promise<ClosedCaseDto> {
    return this.closing.run(id, body);
  }

  @Post('reopen')
  @Op({ ...step, summary: 'Reopen a closed case', access: 'cases.close' })
  reopen(@Param('id') id: string, @Body() body: ReopenCase): Promise<CaseDto> {
    return this.moves.run(id, 'reopen', body);
  }

  @Post('archive')
  @Op({ ...step, summary: 'Archive a closed case', description: 'It stays readable and does not change any more.', access: 'cases.close' })
  archive(@Param('id') id: string, @Body() body: ReasonedStep): Promise<CaseDto> {
    return this.moves.run(id, 'archive', body);
  }

  @Post('restore')
  @Op({ ...step, summary: 'Take a case out of the archive; it is closed then', access: 'cases.close' })
  restore(@Param('id') id: string, @Body() body: ReasonedStep): Promise<CaseDto> {
    return this.moves.run(id, 'restore', body);
  }
}
