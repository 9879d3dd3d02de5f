// What a large upload costs in memory: `scripts/test-postgres run -- node test/bench/large-upload.mjs [--mb 1024] [--s3]`.
// Starts the product on the database of TEST_DATABASE_URL, uploads one file, downloads it again, and prints the peak of
// the process's resident memory (VmHWM of /proc). Exit code 1 above 300 MB, or when the bytes are not the same.
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const LIMIT_MB = 300;
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const { values } = parseArgs({ options: { mb: { type: 'string', default: '1024' }, s3: { type: 'boolean' } } });
const megabytes = Number(values.mb);
const folder = mkdtempSync(join(tmpdir(), 'lexiflow-large-'));
const children = [];

function launch(args, env = {}) {
  const child = spawn(process.execPath, args, { cwd: root, env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env }, stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  child.stdout.setEncoding('utf8');
  return child;
}
const printed = (child, pattern) => new Promise((resolve, reject) => {
  let text = '';
  child.stdout.on('data', (piece) => {
    const match = pattern.exec((text += piece));
    if (match) resolve(match[1]);
  });
  child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
});
const memory = (pid, what) => Math.round(Number(new RegExp(`${what}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024);

async function storage() {
  if (!values.s3) return {};
  const port = await printed(launch(['test/support/s3-server.mjs', join(folder, 's3'), 'large']), /(\d+)\n/);
  return { STORAGE: 's3', S3_BUCKET: 'large', S3_ENDPOINT: `http://127.0.0.1:${port}`, S3_ACCESS_KEY_ID: 'S3RVER', S3_SECRET_ACCESS_KEY: 'S3RVER' };
}

async function post(url, path, token, body) {
  const answer = await fetch(url + path, { method: 'POST', headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }, body: JSON.stringify(body) });
  const json = await answer.json();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${JSON.stringify(json)}`);
  return json;
}

/** A form of so many megabytes, made as it is sent. */
async function* form(caseId, hash) {
  yield Buffer.from(`--b\r\ncontent-disposition: form-data; name="caseId"\r\n\r\n${caseId}\r\n--b\r\ncontent-disposition: form-data; name="file"; filename="scan.dat"\r\n\r\n`);
  const piece = randomBytes(1024 * 1024);
  for (let i = 0; i < megabytes; i++) {
    piece.writeUInt32BE(i);
    const bytes = Buffer.from(piece);
    hash.update(bytes);
    yield bytes;
  }
  yield Buffer.from('\r\n--b--\r\n');
}

function upload(url, token, caseId, hash) {
  return new Promise((resolve, reject) => {
    const sending = request(`${url}/v1/documents`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'multipart/form-data; boundary=b' } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (piece) => (text += piece)).on('end', () => resolve({ status: answer.statusCode, body: JSON.parse(text) }));
    });
    sending.once('error', reject);
    void pipeline(Readable.from(form(caseId, hash)), sending).catch(reject);
  });
}

async function measure() {
  const product = launch(['scripts/run.mjs', 'main'], {
    DATABASE_URL: process.env.TEST_DATABASE_URL, DATA_DIR: folder, PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'fatal', ALLOW_SIGNUP: 'true', JOBS_IN_PROCESS: 'false', RATE_LIMIT_PER_MINUTE: '0', ...(await storage()),
  });
  const url = (await printed(product, / is ready after .* on (http:\S+)/)).replace('localhost', '127.0.0.1');
  const login = { email: `ada@large-${product.pid}.example`, password: 'a quill is a pen' };
  await post(url, '/v1/firms', undefined, { name: `Large ${product.pid}`, adminEmail: login.email, adminGivenName: 'Ada', adminFamilyName: 'Large', adminPassword: login.password });
  const { accessToken: token } = await post(url, '/v1/auth/login', undefined, login);
  const client = await post(url, '/v1/clients', token, { contact: { kind: 'person', familyName: 'Large' } });
  const { id: caseId } = await post(url, '/v1/cases', token, { title: 'Large files', clientId: client.id });
  const atRest = memory(product.pid, 'VmRSS');
  writeFileSync(`/proc/${product.pid}/clear_refs`, '5'); // from here on: the peak of the boot is none of this
  const hash = createHash('sha256');
  const started = performance.now();
  const { status, body } = await upload(url, token, caseId, hash);
  const seconds = (performance.now() - started) / 1000;
  const sha256 = hash.digest('hex');
  if (status !== 201 || body.currentVersion.sha256 !== sha256) throw new Error(`the upload was answered ${status}: ${JSON.stringify(body)}`);
  const afterUpload = memory(product.pid, 'VmHWM');
  const back = createHash('sha256');
  const answer = await fetch(`${url}/v1/documents/${body.id}/content`, { headers: { authorization: `Bearer ${token}` } });
  for await (const piece of answer.body) back.update(piece);
  const peak = memory(product.pid, 'VmHWM');
  const same = back.digest('hex') === sha256;
  console.log(`${megabytes} MB ${values.s3 ? 'to S3' : 'to a folder'}: ${seconds.toFixed(1)} s (${(megabytes / seconds).toFixed(0)} MB/s); at rest ${atRest} MB, peak of the upload ${afterUpload} MB, of the download ${peak} MB; ${same ? 'the same bytes came back' : 'OTHER BYTES CAME BACK'}`);
  return same && peak < LIMIT_MB;
}

try {
  process.exitCode = (await measure()) ? 0 : 1;
} finally {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
