import { hash, verify } from '@node-rs/argon2';
import { problem } from '../errors/problem.js';

export const weakPassword = problem(422, 'weak_password', 'This password is too easy to guess');

// OWASP's minimum is 19 MiB and two passes; memory is what makes guessing dear.
const COST = { algorithm: 2 /* argon2id */, memoryCost: 47_104, timeCost: 1, parallelism: 1 };

/** Runs in the library's thread pool, not on the event loop. Never inside a transaction: it takes tens of milliseconds. */
export const hashPassword = (password: string): Promise<string> => hash(password.normalize('NFKC'), COST);

let decoy: Promise<string> | undefined;

/** True when the password fits. Without a hash the same time is spent on a decoy, so that nobody learns who exists. */
export async function passwordFits(stored: string | null | undefined, password: string): Promise<boolean> {
  decoy ??= hashPassword('no account has this password');
  const fits = await verify(stored ?? (await decoy), password.normalize('NFKC')).catch(() => false);
  return fits && Boolean(stored);
}

const COMMON = new Set([
  'password', 'passwort', '123456789012', 'qwertyuiop', 'letmein', 'iloveyou', 'administrator', 'changeme', 'welcome', 'abcdefghijkl',
]);

/** NIST 800-63B: length counts; composition rules do not. `pointer`: where in the body the password was. */
export function assertStrong(password: string, email: string, pointer = '/password'): void {
  const plain = password.toLowerCase();
  const [name = ''] = email.toLowerCase().split('@');
  const repeated = /^(.{1,3})\1+$/.test(plain);
  const guessable = [...COMMON].some((word) => plain.replace(/[\d!._-]+$/, '') === word) || (name.length > 3 && plain.replace(/[\d!._-]+$/, '') === name);
  if (password.length < 10 || repeated || guessable) {
    throw weakPassword({
      detail: 'Use at least 10 characters that are neither a common word nor your own name; a short sentence is good.',
      errors: [{ pointer, code: 'weak_password', message: 'too easy to guess' }],
    });
  }
}
