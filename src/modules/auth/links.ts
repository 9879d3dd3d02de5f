import { Inject, Injectable } from '@nestjs/common';
import { assertStrong, hashPassword } from '../../common/auth/passwords.js';
import { formatToken, newSecret, parseToken, sameBytes, sha256 } from '../../common/auth/tokens.js';
import { currentRequest } from '../../common/http/request-context.js';
import { newId } from '../../common/ids.js';
import { LOGGER, type Logger } from '../../common/logging/logger.js';
import { Environment } from '../../config/environment.js';
import { Database } from '../../database/database.js';
import { Mail } from '../mail/mail.service.js';
import type { ForgotPassword, RedeemLink, TokensDto } from './auth.dto.js';
import * as errors from './auth.errors.js';
import * as sql from './auth.queries.js';
import { SignIn, throttleKeys } from './sign-in.js';

export type LinkKind = 'invitation' | 'password_reset';
const HOURS: Record<LinkKind, number> = { invitation: 7 * 24, password_reset: 2 };
const PAGE: Record<LinkKind, string> = { invitation: 'invitation', password_reset: 'reset-password' };

interface Recipient {
  id: string; email: string; givenName: string; firmName: string;
}
interface LinkRow {
  id: string; tokenHash: Buffer; kind: LinkKind; userId: string; spent: boolean; email: string; status: string;
}

/** Links sent by e-mail: invitations and forgotten passwords. Each works once, and a new one stops those before it. */
@Injectable()
export class Links {
  constructor(
    private readonly database: Database,
    private readonly mail: Mail,
    private readonly signIn: SignIn,
    private readonly environment: Environment,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Writes link and mail in the caller's transaction. */
  async send(kind: LinkKind, to: Recipient): Promise<void> {
    const token = { firmId: this.database.firmId, id: newId(), secret: newSecret() };
    await this.database.execute(sql.CLOSE_LINKS, [to.id, kind]);
    await this.database.execute(sql.INSERT_LINK, [token.firmId, token.id, to.id, kind, sha256(token.secret), HOURS[kind]]);
    const link = `${this.environment.publicUrl}/${PAGE[kind]}?token=${formatToken('lfl', token)}`;
    await this.mail.send({ to: to.email, ...letter(kind, to, link) });
  }

  /** Answers at once and the same, whoever was meant; what follows from it happens afterwards. */
  async forgot(input: ForgotPassword): Promise<void> {
    const keys = throttleKeys(`forgot:${input.email}`, currentRequest()?.address).slice(0, 1);
    await this.database.read({ kind: 'guest' }, () => this.signIn.assertNotThrottled(keys));
    setImmediate(() => void this.sendResets(input, keys).catch((error: unknown) => this.log.error({ err: error }, 'a reset link could not be sent')));
  }

  /** Sets the password and signs in. */
  async redeem(kind: LinkKind, input: RedeemLink): Promise<TokensDto> {
    const token = parseToken('lfl', input.token);
    if (!token) throw errors.linkRefused();
    const actor = { kind: 'credential', firmId: token.firmId } as const;
    const hash = await hashPassword(input.password);
    const who = await this.database.write(actor, async () => {
      const link = await this.database.first<LinkRow>(sql.LINK, [token.id]);
      if (!link || link.kind !== kind || link.spent || link.status === 'deactivated' || !sameBytes(link.tokenHash, sha256(token.secret))) throw errors.linkRefused();
      assertStrong(input.password, link.email);
      await this.database.execute(sql.SET_PASSWORD, [token.firmId, link.userId, hash]);
      await this.database.execute(sql.USE_LINK, [link.id]);
      await this.database.execute(sql.ACTIVATE_USER, [link.userId]);
      await this.database.execute(sql.END_SESSIONS_OF, [link.userId, 'password_changed', null]);
      const facts = await this.database.first<{ firmId: string; userId: string; role: string; sessionDays: number }>(sql.SIGN_IN_FACTS, [link.userId]);
      return { ...facts!, email: link.email };
    });
    return this.signIn.open(who, throttleKeys(who.email, undefined)[0]); // the mailbox is his: what was guessed before counts no more
  }

  private async sendResets(input: ForgotPassword, keys: Buffer[]): Promise<void> {
    const guest = { kind: 'guest' } as const;
    const candidates = await this.database.read(guest, () => this.database.query<sql.LoginCandidate>(sql.LOGIN_CANDIDATES, [input.email, input.firm ?? null]));
    await this.database.write(guest, () => this.database.execute(sql.LOGIN_FAILED, [keys])); // bounds the mails one address can be sent
    for (const candidate of candidates.filter(({ status }) => status === 'active')) {
      await this.database.write({ kind: 'credential', firmId: candidate.firmId }, async () => {
        const to = await this.database.first<Recipient>(sql.RECIPIENT, [candidate.userId]);
        if (to) await this.send('password_reset', to);
      });
    }
  }
}

function letter(kind: LinkKind, to: Recipient, link: string): { subject: string; text: string } {
  if (kind === 'invitation') {
    return {
      subject: `Your access to ${to.firmName}`,
      text: `Hello ${to.givenName},\n\n${to.firmName} has set up an account for you. Choose a password here:\n\n${link}\n\nThe link works once, for seven days.\n`,
    };
  }
  return {
    subject: 'Choose a new password',
    text: `Hello ${to.givenName},\n\nsomebody, probably you, asked for a new password at ${to.firmName}. Choose one here:\n\n${link}\n\nThe link works once, for two hours. If it was not you, do nothing: your password stays as it is.\n`,
  };
}
