import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module.js';
import { MailModule } from '../mail/mail.module.js';
import { UsersModule } from '../users/users.module.js';
import { AccessTokens } from './access-tokens.js';
import { Account } from './account.service.js';
import { ApiKeyCache } from './api-key-cache.js';
import { ApiKeys } from './api-keys.service.js';
import { ApiKeysController, AuthController, MeController, SessionsController } from './auth.controller.js';
import { Authenticator } from './authenticator.js';
import { InviteJob } from './jobs/invite.job.js';
import { Links } from './links.js';
import { SignIn } from './sign-in.js';

@Module({
  imports: [UsersModule, JobsModule, MailModule],
  controllers: [AuthController, MeController, SessionsController, ApiKeysController],
  providers: [AccessTokens, Account, ApiKeyCache, ApiKeys, Authenticator, InviteJob, Links, SignIn],
  exports: [Authenticator, SignIn],
})
export class AuthModule {}
