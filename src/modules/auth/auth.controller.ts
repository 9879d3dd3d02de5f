import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { weakPassword } from '../../common/auth/passwords.js';
import { Op } from '../../common/http/operation.js';
import type { Page } from '../../common/pagination/page.js';
import { unknownTimeZone } from '../../common/validation/time-zone.js';
import { UpdateMe } from '../users/users.dto.js';
import { Account } from './account.service.js';
import { ApiKeys } from './api-keys.service.js';
import {
  ApiKeyDto, ApiKeyQuery, ChangePassword, CreateApiKey, CreatedApiKeyDto, ForgotPassword, Login, MeDto, RedeemLink, Refresh, SessionDto, SessionQuery,
  TokensDto, UpdateApiKey,
} from './auth.dto.js';
import * as errors from './auth.errors.js';
import { Links } from './links.js';
import { SignIn } from './sign-in.js';

@ApiTags('Signing in')
@Controller('v1/auth')
export class AuthController {
  constructor(
    private readonly signIn: SignIn,
    private readonly links: Links,
    private readonly account: Account,
  ) {}

  @Post('login')
  @Op({
    summary: 'Sign in', access: 'public', unit: 'own', status: 200, returns: TokensDto,
    description: 'The answer is the same, in words and time, for an unknown address and a wrong password.',
    problems: [errors.loginFailed, errors.chooseFirm, errors.loginThrottled],
  })
  login(@Body() input: Login): Promise<TokensDto> {
    return this.signIn.login(input);
  }

  @Post('refresh')
  @Op({
    summary: 'Get new tokens', access: 'public', unit: 'own', status: 200, returns: TokensDto,
    description: 'Each refresh token works once. Using one again ends the session: one of the two users is a thief.', problems: [errors.refreshRefused],
  })
  refresh(@Body() input: Refresh): Promise<TokensDto> {
    return this.signIn.refresh(input.refreshToken);
  }

  @Post('logout')
  @Op({ summary: 'Sign out', access: 'signed-in' })
  logout(): Promise<void> {
    return this.account.logout();
  }

  @Post('password')
  @Op({ summary: 'Change your password', description: 'Every other session of yours ends.', access: 'signed-in', unit: 'own', problems: [errors.wrongPassword, weakPassword] })
  changePassword(@Body() input: ChangePassword): Promise<void> {
    return this.account.changePassword(input);
  }

  @Post('password/forgot')
  @Op({ summary: 'Ask for a link to choose a new password', description: 'The answer does not tell whether the address is known.', access: 'public', unit: 'own', problems: [errors.loginThrottled] })
  forgot(@Body() input: ForgotPassword): Promise<void> {
    return this.links.forgot(input);
  }

  @Post('password/reset')
  @Op({ summary: 'Choose a new password with a link', access: 'public', unit: 'own', status: 200, returns: TokensDto, problems: [errors.linkRefused, weakPassword] })
  reset(@Body() input: RedeemLink): Promise<TokensDto> {
    return this.links.redeem('password_reset', input);
  }

  @Post('invitation/accept')
  @Op({ summary: 'Accept an invitation', access: 'public', unit: 'own', status: 200, returns: TokensDto, problems: [errors.linkRefused, weakPassword] })
  accept(@Body() input: RedeemLink): Promise<TokensDto> {
    return this.links.redeem('invitation', input);
  }
}

@ApiTags('Me')
@Controller('v1/me')
export class MeController {
  constructor(private readonly account: Account) {}

  @Get()
  @Op({ summary: 'Who you are, your firm, and what you may do', access: 'signed-in', returns: MeDto })
  get(): Promise<MeDto> {
    return this.account.me();
  }

  @Patch()
  @Op({ summary: 'Change your own details', access: 'signed-in', returns: MeDto, versioned: true, problems: [unknownTimeZone] })
  update(@Body() changes: UpdateMe): Promise<MeDto> {
    return this.account.updateMe(changes);
  }
}

@ApiTags('Sessions')
@Controller('v1/sessions')
export class SessionsController {
  constructor(private readonly account: Account) {}

  @Get()
  @Op({ summary: 'Your sessions', access: 'signed-in', returns: SessionDto, page: true })
  list(@Query() query: SessionQuery): Promise<Page<SessionDto>> {
    return this.account.sessions(query);
  }

  @Delete(':id')
  @Op({ summary: 'End a session', access: 'signed-in' })
  end(@Param('id') id: string): Promise<void> {
    return this.account.endSession(id);
  }
}

@ApiTags('API keys')
@Controller('v1/api-keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeys) {}

  @Get()
  @Op({ summary: 'Your API keys', access: 'api_keys.own', returns: ApiKeyDto, page: true })
  list(@Query() query: ApiKeyQuery): Promise<Page<ApiKeyDto>> {
    return this.keys.list(query);
  }

  @Get(':id')
  @Op({ summary: 'One API key', access: 'api_keys.own', returns: ApiKeyDto })
  get(@Param('id') id: string): Promise<ApiKeyDto> {
    return this.keys.get(id);
  }

  @Post()
  @Op({
    summary: 'Make an API key', description: 'The key is shown in this answer and never again.', access: 'api_keys.own', returns: CreatedApiKeyDto,
    creates: 'api_keys', secrets: ['key'], problems: [errors.permissionsExceeded, errors.expiryExceeded],
  })
  create(@Body() input: CreateApiKey): Promise<CreatedApiKeyDto> {
    return this.keys.create(input);
  }

  @Patch(':id')
  @Op({ summary: 'Rename an API key', access: 'api_keys.own', returns: ApiKeyDto, versioned: true })
  rename(@Param('id') id: string, @Body() input: UpdateApiKey): Promise<ApiKeyDto> {
    return this.keys.rename(id, input);
  }

  @Delete(':id')
  @Op({ summary: 'Revoke an API key', access: 'api_keys.own', problems: [errors.alreadyRevoked] })
  revoke(@Param('id') id: string): Promise<void> {
    return this.keys.revoke(id);
  }
}
