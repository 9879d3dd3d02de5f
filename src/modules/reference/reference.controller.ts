import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ALL_PERMISSIONS, PERMISSIONS, ROLE_NAMES, ROLES } from '../../common/auth/permissions.js';
import { Op } from '../../common/http/operation.js';
import { Answer, OneOf } from '../../common/validation/fields.js';
import { Database } from '../../database/database.js';
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
}
