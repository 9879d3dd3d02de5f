import { Inject, Injectable } from '@nestjs/common';
import { jwtVerify, SignJWT, errors } from 'jose';
import { tokenExpired, unauthenticated, type Problem } from '../../common/errors/problem.js';
import { Environment } from '../../config/environment.js';
import { ENGINE } from '../../database/database.module.js';
import type { Engine } from '../../database/engine.js';

export interface AccessClaims {
  firmId: string;
  userId: string;
  sessionId: string;
  role: string;
}

const MAX_CACHED = 10_000;

/**
 * Short-lived signed tokens. A checked signature is remembered, because checking it costs more than reading a row; that
 * session and user are still good is checked by every unit of work, in the database.
 */
@Injectable()
export class AccessTokens {
  private readonly key: Uint8Array;
  private readonly known = new Map<string, { claims: AccessClaims; expiresAt: number }>();

  constructor(
    private readonly environment: Environment,
    @Inject(ENGINE) engine: Engine,
  ) {
    this.key = new TextEncoder().encode(environment.JWT_SECRET ?? engine.folder.secret('access-token-signing-key', 48));
  }

  get lifetimeSeconds(): number {
    return this.environment.ACCESS_TOKEN_MINUTES * 60;
  }

  sign(claims: AccessClaims): Promise<string> {
    return new SignJWT({ fid: claims.firmId, sid: claims.sessionId, role: claims.role })
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .setSubject(claims.userId)
      .setIssuer('lexiflow')
      .setIssuedAt()
      .setExpirationTime(`${this.lifetimeSeconds}s`)
      .sign(this.key);
  }

  /** The claims of a token seen before, without a promise: the hot path. */
  recall(token: string): AccessClaims | undefined {
    const found = this.known.get(token);
    return found && found.expiresAt > Date.now() ? found.claims : undefined;
  }

  /** Claims, or the problem to answer with. */
  async verify(token: string): Promise<AccessClaims | Problem> {
    try {
      const { payload } = await jwtVerify(token, this.key, { issuer: 'lexiflow', typ: 'at+jwt', algorithms: ['HS256'] });
      const claims: AccessClaims = { firmId: payload['fid'] as string, userId: payload.sub!, sessionId: payload['sid'] as string, role: payload['role'] as string };
      if (this.known.size >= MAX_CACHED) this.known.delete(this.known.keys().next().value!);
      this.known.set(token, { claims, expiresAt: payload.exp! * 1000 });
      return claims;
    } catch (error) {
      return error instanceof errors.JWTExpired ? tokenExpired() : unauthenticated('The access token is not valid.');
    }
  }
}
