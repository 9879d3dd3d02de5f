import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Op } from '../../common/http/operation.js';
import type { Page } from '../../common/pagination/page.js';
import { unknownTimeZone } from '../../common/validation/time-zone.js';
import { CreateUser, UpdateUser, UserDto, UserQuery } from './users.dto.js';
import * as errors from './users.errors.js';
import { Users } from './users.service.js';

@ApiTags('Users')
@Controller('v1/users')
export class UsersController {
  constructor(private readonly users: Users) {}

  @Get()
  @Op({ summary: 'The people of the firm', access: 'users.read', returns: UserDto, page: true })
  list(@Query() query: UserQuery): Promise<Page<UserDto>> {
    return this.users.list(query);
  }

  @Get(':id')
  @Op({ summary: 'One person', access: 'users.read', returns: UserDto })
  get(@Param('id') id: string): Promise<UserDto> {
    return this.users.get(id);
  }

  @Post()
  @Op({
    summary: 'Invite a person', description: 'An e-mail with a link goes out; the person chooses a password there.', access: 'users.manage',
    returns: UserDto, creates: 'users', dryRun: true, problems: [errors.emailTaken, unknownTimeZone],
  })
  create(@Body() input: CreateUser): Promise<UserDto> {
    return this.users.create(input);
  }

  @Patch(':id')
  @Op({ summary: 'Change a person', access: 'users.manage', returns: UserDto, versioned: true, problems: [errors.emailTaken, errors.lastAdmin, unknownTimeZone] })
  update(@Param('id') id: string, @Body() changes: UpdateUser): Promise<UserDto> {
    return this.users.update(id, changes);
  }

  @Post(':id/deactivate')
  @Op({
    summary: 'Shut a person out', description: 'Sessions end and API keys are revoked at once.', access: 'users.manage', returns: UserDto,
    versioned: true, dryRun: true, problems: [errors.lastAdmin, errors.alreadyDeactivated],
  })
  deactivate(@Param('id') id: string): Promise<UserDto> {
    return this.users.deactivate(id);
  }

  @Post(':id/reactivate')
  @Op({ summary: 'Let a person in again', access: 'users.manage', returns: UserDto, versioned: true, problems: [errors.notDeactivated] })
  reactivate(@Param('id') id: string): Promise<UserDto> {
    return this.users.reactivate(id);
  }

  @Post(':id/invitation')
  @Op({ summary: 'Send the invitation again', access: 'users.manage', status: 204, problems: [errors.invitationAccepted, errors.alreadyDeactivated] })
  invite(@Param('id') id: string): Promise<void> {
    return this.users.invite(id);
  }
}
