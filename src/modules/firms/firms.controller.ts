import { Body, Controller, Delete, Get, Patch, Post, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { weakPassword } from '../../common/auth/passwords.js';
import { Op } from '../../common/http/operation.js';
import { unknownTimeZone } from '../../common/validation/time-zone.js';
import { Environment } from '../../config/environment.js';
import { CreatedFirmDto, CreateFirm, FirmDto, SetLogo, UpdateFirm } from './firms.dto.js';
import * as errors from './firms.errors.js';
import { Firms } from './firms.service.js';

@ApiTags('Firm')
@Controller('v1')
export class FirmsController {
  constructor(
    private readonly firms: Firms,
    private readonly environment: Environment,
  ) {}

  @Get('firm')
  @Op({ summary: 'Your firm and its settings', access: 'firm.read', returns: FirmDto })
  get(): Promise<FirmDto> {
    return this.firms.mine();
  }

  @Patch('firm')
  @Op({ summary: 'Change settings', access: 'firm.manage', returns: FirmDto, versioned: true, problems: [errors.invalidSetting, errors.caseNumbersAmbiguous, unknownTimeZone] })
  update(@Body() changes: UpdateFirm): Promise<FirmDto> {
    return this.firms.update(changes);
  }

  @Get('firm/logo')
  @Op({ summary: 'The firm’s logo', access: 'firm.read', produces: 'image/*' })
  async logo(@Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    const logo = await this.firms.logo();
    reply.header('content-type', logo.mediaType).header('etag', `"${logo.sha256}"`).header('content-disposition', 'inline; filename="logo"');
    return logo.bytes;
  }

  @Put('firm/logo')
  @Op({ summary: 'Set the logo', access: 'firm.manage', status: 204, problems: [errors.invalidLogo] })
  setLogo(@Body() input: SetLogo): Promise<void> {
    return this.firms.setLogo(input);
  }

  @Delete('firm/logo')
  @Op({ summary: 'Remove the logo', access: 'firm.manage' })
  removeLogo(): Promise<void> {
    return this.firms.removeLogo();
  }

  @Post('firms')
  @Op({
    summary: 'Sign up a new firm', description: 'Only where the installation allows it (ALLOW_SIGNUP).', access: 'public', unit: 'own', status: 201,
    returns: CreatedFirmDto, problems: [errors.signupClosed, errors.slugTaken, weakPassword, unknownTimeZone],
  })
  create(@Body() input: CreateFirm): Promise<CreatedFirmDto> {
    if (!this.environment.ALLOW_SIGNUP) throw errors.signupClosed('Ask the operator to run `npm run firm:create`, or to set ALLOW_SIGNUP=true.');
    return this.firms.create(input);
  }
}
