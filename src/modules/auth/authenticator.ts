import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { permissionsOf } from '../../common/auth/permissions.js';
import { Problem, unauthenticated } from '../../common/errors/problem.js';
import type { Principal } from '../../common/http/request-context.js';
import { AccessTokens, type AccessClaims } from './access-tokens.js';
import { ApiKeyCache, type KnownKey } from './api-key-cache.js';

const principals = new WeakMap<object, Principal>();

/** Finds out who sends a request, from its Authorization header. Never throws: a public route does not care. */
@Injectable()
export class Authenticator {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly keys: ApiKeyCache,
  ) {}

  /** The principal at once when the credential is known, otherwise a promise of it or of the reason there is none. */
  authenticate(request: FastifyRequest): Principal | undefined | Promise<Principal | Problem> {
    const header = request.headers.authorization;
    if (!header) return undefined;
    const token = header.startsWith('Bearer ') ? header.slice(7).trim() : '';
    if (token.startsWith('lfk_')) {
      const key = this.keys.recall(token);
      return key ? ofKey(key) : this.keys.find(token).then((found) => (found ? ofKey(found) : unauthenticated('The API key is not valid.')));
    }
    const claims = this.tokens.recall(token);
    if (claims) return ofClaims(claims);
    return this.tokens.verify(token).then((result) => (result instanceof Problem ? result : ofClaims(result)));
  }

  /** The database refused the credential: forget what was cached of it. */
  forget(principal: Principal): void {
    if (principal.credential.kind === 'key') this.keys.forget(principal.credential.id);
  }
}

function ofClaims(claims: AccessClaims): Principal {
  let principal = principals.get(claims);
  if (!principal) {
    principal = {
      kind: 'user', firmId: claims.firmId, userId: claims.userId, role: claims.role,
      credential: { kind: 'session', id: claims.sessionId }, permissions: permissionsOf(claims.role),
    };
    principals.set(claims, principal);
  }
  return principal;
}

function ofKey(key: KnownKey): Principal {
  let principal = principals.get(key);
  if (!principal) {
    principal = {
      kind: 'user', firmId: key.firmId, userId: key.userId, role: key.role,
      credential: { kind: 'key', id: key.id }, permissions: permissionsOf(key.role, key.permissions),
    };
    principals.set(key, principal);
  }
  return principal;
}
