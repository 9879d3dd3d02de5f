import { safeFileName } from '../files/file-names.js';

const LONGEST_FOLDER = 200;

/** Where a file of an import goes: folders below the one it is imported to, and its name. */
export interface ImportPath {
  folders: string[];
  fileName: string;
}

/**
 * Makes whatever a browser or a ZIP calls a file a path that stays where it is put: `..\..\etc\passwd`, `C:\x` and `/x` lose
 * what leads elsewhere, and every step is a clean name.
 */
export function importPath(given: string): ImportPath {
  const steps = given.replace(/^[a-z]:/i, '').split(/[/\\]/).filter((step) => !/^[\s.]*$/.test(step));
  const names = steps.map((step) => safeFileName(step));
  const fileName = names.pop() ?? safeFileName('');
  return { folders: names.map((name) => [...name].slice(0, LONGEST_FOLDER).join('').trim()), fileName };
}

export const pathText = ({ folders, fileName }: ImportPath): string => [...folders, fileName].join('/');

const LITTER = /^(\.ds_store|thumbs\.db|desktop\.ini|\._.*|~\$.*)$/i;

/** What systems leave lying in folders and nobody means to import. */
export const isLitter = (given: string): boolean => {
  const steps = given.split(/[/\\]/);
  return steps.includes('__MACOSX') || LITTER.test(steps.at(-1) ?? '');
};
