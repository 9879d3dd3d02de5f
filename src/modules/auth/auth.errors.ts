import { problem } from '../../common/errors/problem.js';
import { whenViolated } from '../../common/errors/database-errors.js';

export const loginFailed = problem(401, 'login_failed', 'E-mail and password do not fit');
export const chooseFirm = problem(409, 'choose_firm', 'This e-mail and password fit several firms: name one in "firm"');
export const loginThrottled = problem(429, 'login_throttled', 'Too many failed logins');
export const refreshRefused = problem(401, 'refresh_refused', 'This refresh token is not valid any more');
export const linkRefused = problem(400, 'link_refused', 'This link is not valid any more');
export const wrongPassword = problem(422, 'wrong_password', 'The current password is wrong');
export const permissionsExceeded = problem(422, 'permissions_exceeded', 'A key cannot permit more than its owner may do');
export const expiryExceeded = problem(422, 'expiry_exceeded', 'A key cannot make one that outlives it');
export const alreadyRevoked = problem(409, 'already_revoked', 'This key is revoked already');

whenViolated('api_keys_name_check', problem(422, 'invalid_name', 'A key needs a name'), '/name');
