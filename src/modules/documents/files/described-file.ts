import type { ReceivedFile } from '../../storage/quarantine.js';
import { safeFileName, titleOf } from './file-names.js';
import { sniff, whyRefused } from './media-types.js';

/** A received file as a version says what it is. */
export interface DescribedFile {
  fileName: string;
  /** What a document made of it is called, unless somebody says otherwise. */
  title: string;
  mediaType: string;
  nameMatches: boolean;
  declaredType: string | null;
  /** Why it is not kept where people upload files: it is a program. */
  refused: string | undefined;
}

const DECLARED = /^[\w.+-]{1,100}\/[\w.+-]{1,100}$/;

/** Finds out what a received file is, and under which name it is kept, from its bytes and what its sender says of it. */
export async function describeReceived(file: Pick<ReceivedFile, 'path' | 'size' | 'head'>, name: string, declaredType?: string): Promise<DescribedFile> {
  const fileName = safeFileName(name);
  const declared = declaredType?.split(';')[0]!.trim().toLowerCase() ?? '';
  return {
    fileName, title: titleOf(fileName), ...(await sniff(file, fileName)),
    declaredType: DECLARED.test(declared) ? declared : null,
    refused: whyRefused(file.head, fileName),
  };
}
