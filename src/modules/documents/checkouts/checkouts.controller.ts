import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Op } from '../../../common/http/operation.js';
import { BreakCheckout, CheckoutDto, CheckOutDocument } from './checkouts.dto.js';
import * as errors from './checkouts.errors.js';
import { Checkouts } from './checkouts.service.js';

@ApiTags('Documents')
@Controller('v1/documents/:id/check-out')
export class CheckoutsController {
  constructor(private readonly checkouts: Checkouts) {}

  @Get()
  @Op({ summary: 'Who works on a document', access: 'documents.read', returns: CheckoutDto })
  get(@Param('id') id: string): Promise<CheckoutDto> {
    return this.checkouts.get(id);
  }

  @Post()
  @Op({
    summary: 'Check a document out', description: 'Until it is checked in or expires nobody else makes a version. By who has it already: it is extended.', access: 'documents.write',
    returns: CheckoutDto, problems: [errors.checkedOut, errors.caseArchived, errors.documentInTrash],
  })
  checkOut(@Param('id') id: string, @Body() input: CheckOutDocument): Promise<CheckoutDto> {
    return this.checkouts.checkOut(id, input);
  }

  @Post('break')
  @Op({
    summary: 'End somebody’s check-out', description: 'Whose it was is notified; the reason goes into the audit trail.', access: 'documents.break_checkout', returns: CheckoutDto, dryRun: true,
    problems: [errors.notCheckedOut],
  })
  break(@Param('id') id: string, @Body() input: BreakCheckout): Promise<CheckoutDto> {
    return this.checkouts.break(id, input);
  }
}

@ApiTags('Documents')
@Controller('v1/documents/:id/check-in')
export class CheckInController {
  constructor(private readonly checkouts: Checkouts) {}

  @Post()
  @Op({ summary: 'Check a document in', description: 'By who checked it out.', access: 'documents.write', returns: CheckoutDto, problems: [errors.checkedOut, errors.notCheckedOut] })
  checkIn(@Param('id') id: string): Promise<CheckoutDto> {
    return this.checkouts.checkIn(id);
  }
}
