import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Op } from '../../common/http/operation.js';
import type { Page } from '../../common/pagination/page.js';
import { caseArchived, unknownPerson } from './cases.errors.js';
import { AddMember, MemberDto, MemberQuery, UpdateMember } from './members.dto.js';
import { lastCaseMember, memberExists } from './members.errors.js';
import { Members } from './members.service.js';

@ApiTags('Cases')
@Controller('v1/cases/:id/members')
export class MembersController {
  constructor(private readonly members: Members) {}

  @Get()
  @Op({ summary: 'Who works on a case', access: 'cases.read', returns: MemberDto, page: true })
  list(@Param('id') id: string, @Query() query: MemberQuery): Promise<Page<MemberDto>> {
    return this.members.list(id, query);
  }

  @Get(':memberId')
  @Op({ summary: 'One member of a case', access: 'cases.read', returns: MemberDto })
  get(@Param('id') id: string, @Param('memberId') memberId: string): Promise<MemberDto> {
    return this.members.get(id, memberId);
  }

  @Post()
  @Op({ summary: 'Add a person to a case', access: 'cases.write', returns: MemberDto, creates: 'case_members', problems: [memberExists, unknownPerson, caseArchived] })
  add(@Param('id') id: string, @Body() input: AddMember): Promise<MemberDto> {
    return this.members.add(id, input);
  }

  @Patch(':memberId')
  @Op({ summary: 'Change a member’s role on the case', access: 'cases.write', returns: MemberDto, versioned: true, problems: [caseArchived] })
  update(@Param('id') id: string, @Param('memberId') memberId: string, @Body() changes: UpdateMember): Promise<MemberDto> {
    return this.members.update(id, memberId, changes);
  }

  @Delete(':memberId')
  @Op({ summary: 'Take a person off a case', access: 'cases.write', versioned: true, problems: [lastCaseMember, caseArchived] })
  remove(@Param('id') id: string, @Param('memberId') memberId: string): Promise<void> {
    return this.members.remove(id, memberId);
  }
}
