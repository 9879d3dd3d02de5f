// `node scripts/client.mjs [FOLDER]`: writes the typed client's schema from the contract of this folder, the project's own
// unless one is named. Files are Blobs there: what a browser has, and Node too.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript';
import ts from 'typescript';

const root = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '..');
const contract = JSON.parse(readFileSync(join(root, 'docs', 'openapi.json'), 'utf8'));
const blob = ts.factory.createTypeReferenceNode('Blob');
const nodes = await openapiTS(contract, { defaultNonNullable: false, transform: (schema) => (schema.format === 'binary' ? blob : undefined) });
writeFileSync(join(root, 'client', 'schema.d.ts'), COMMENT_HEADER + astToString(nodes));
