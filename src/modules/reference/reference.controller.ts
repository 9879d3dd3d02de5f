import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ALL_PERMISSIONS, PERMISSIONS, ROLE_NAMES, ROLES } from '../../common/auth/permissions.js';
import { Op } from '../../common/http/operation.js';
import { Answer, OneOf } from '../../common/validation/fields.js';
import { Database } from '../../database/database.js';
import { FIXED_LISTS, statuses } from './fixed-lists.js';
import { ChoicesDto, StatusesDto, StatusQuery } from './reference.dto.js';
import { UTBMS } from './reference.queries.js';

const SETS = ['litigation', 'counseling', 'project', 'bankruptcy', 'activity', 'expense'];

export class UtbmsQuery {
  @OneOf(SETS, { optional: true }) set?: string;
  @OneOf(['phase', 'task', 'activity', 'expense'], { optional: true }) kind?: string;
}

export class UtbmsCodeDto {
  @Answer({ type: String, enum: SETS }) set!: string;
  @Answer({ type: String, example: 'L110' }) code!: string;
  @Answer({ type: String, enum: ['phase', 'task', 'activity', 'expense'] }) kind!: string;
  @Answer({ type: String, nullable: true, description: 'The phase a task belongs to' }) parentCode!: string | null;
  @Answer({ type: String }) name!: string;
}
export class UtbmsDto {
  @Answer({ type: () => [UtbmsCodeDto] }) data!: UtbmsCodeDto[];
}

export class RoleDto {
  @Answer({ type: String, enum: ROLE_NAMES }) id!: string;
  @Answer({ type: String }) name!: string;
  @Answer({ type: String }) description!: string;
  @Answer({ type: 'array', items: { type: 'string', enum: ALL_PERMISSIONS } }) permissions!: readonly string[];
}
export class PermissionDto {
  @Answer({ type: String, enum: ALL_PERMISSIONS }) id!: string;
  @Answer({ type: String }) description!: string;
}
export class RolesDto {
  @Answer({ type: () => [RoleDto] }) data!: RoleDto[];
  @Answer({ type: () => [PermissionDto], description: 'Every permission there is' }) permissions!: PermissionDto[];
}

@ApiTags('Reference data')
@Controller('v1/reference')
export class ReferenceController {
  constructor(private readonly database: Database) {}

  @Get('utbms')
  @Op({ summary: 'UTBMS task, activity and expense codes', access: 'reference.read', returns: UtbmsDto })
  async utbms(@Query() query: UtbmsQuery): Promise<UtbmsDto> {
    return { data: await this.database.query<UtbmsCodeDto>(UTBMS, [query.set ?? null, query.kind ?? null]) };
  }

  @Get('roles')
  @Op({ summary: 'Roles and what they may do', access: 'reference.read', returns: RolesDto })
  roles(): RolesDto {
    return {
      data: ROLE_NAMES.map((id) => ({ id, ...ROLES[id] })),
      permissions: ALL_PERMISSIONS.map((id) => ({ id, description: PERMISSIONS[id] })),
    };
  }

  @Get('statuses')
  @Op({ summary: 'The statuses of cases, clients, tasks, events, documents, conflict checks and people', access: 'reference.read', returns: StatusesDto })
  statuses(@Query() query: StatusQuery): StatusesDto {
    return { data: statuses(query.of) };
  }

  @Get('party-roles')
  @Op({ summary: 'What a contact can be in a case', access: 'reference.read', returns: ChoicesDto })
  partyRoles(): ChoicesDto {
    return { data: FIXED_LISTS['party-roles'] };
  }

  @Get('party-sides')
  @Op({ summary: 'On whose side a party stands', access: 'reference.read', returns: ChoicesDto })
  partySides(): ChoicesDto {
    return { data: FIXED_LISTS['party-sides'] };
  }

  @Get('member-roles')
  @Op({ summary: 'What a person can be on a case', access: 'reference.read', returns: ChoicesDto })
  memberRoles(): ChoicesDto {
    return { data: FIXED_LISTS['member-roles'] };
  }

  @Get('relation-kinds')
  @Op({ summary: 'How contacts stand to each other: from is the <kind> of to', access: 'reference.read', returns: ChoicesDto })
  relationKinds(): ChoicesDto {
    return { data: FIXED_LISTS['relation-kinds'] };
  }

  @Get('contact-kinds')
  @Op({ summary: 'Kinds of contacts', access: 'reference.read', returns: ChoicesDto })
  contactKinds(): ChoicesDto {
    return { data: FIXED_LISTS['contact-kinds'] };
  }

  @Get('name-kinds')
  @Op({ summary: 'Kinds of other names', access: 'reference.read', returns: ChoicesDto })
  nameKinds(): ChoicesDto {
    return { data: FIXED_LISTS['name-kinds'] };
  }

  @Get('event-kinds')
  @Op({ summary: 'Kinds of events and deadlines', access: 'reference.read', returns: ChoicesDto })
  eventKinds(): ChoicesDto {
    return { data: FIXED_LISTS['event-kinds'] };
  }

  @Get('task-priorities')
  @Op({ summary: 'Priorities of tasks on a case', access: 'reference.read', returns: ChoicesDto })
  taskPriorities(): ChoicesDto {
    return { data: FIXED_LISTS['task-priorities'] };
  }

  @Get('document-privileges')
  @Op({ summary: 'Why a document need not be handed over', access: 'reference.read', returns: ChoicesDto })
  documentPrivileges(): ChoicesDto {
    return { data: FIXED_LISTS['document-privileges'] };
  }

  @Get('case-access')
  @Op({ summary: 'Who may see a case', access: 'reference.read', returns: ChoicesDto })
  caseAccess(): ChoicesDto {
    return { data: FIXED_LISTS['case-access'] };
  }
}
