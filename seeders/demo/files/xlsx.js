import { xml } from './blocks.js';
import { zipOf } from './zip.js';

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const DATE_STYLE = 1;

/** Excel. Cells are texts, numbers, or dates as YYYY-MM-DD. @param {{ name: string, rows: (string | number)[][] }[]} sheets */
export function xlsxOf(sheets) {
  /** @type {Map<string, number>} */
  const strings = new Map();
  const worksheets = sheets.map(({ rows }) => worksheet(rows, strings));
  return zipOf({
    '[Content_Types].xml': `${DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${[['workbook.xml', 'sheet.main'], ['styles.xml', 'styles'], ['sharedStrings.xml', 'sharedStrings'], ...sheets.map((_, i) => [`worksheets/sheet${i + 1}.xml`, 'worksheet'])].map(([part, kind]) => `<Override PartName="/xl/${part}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${kind}+xml"/>`).join('')}</Types>`,
    '_rels/.rels': `${DECLARATION}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${DECLARATION}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${sheets.map(({ name }, i) => `<sheet name="${xml(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${DECLARATION}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${sheets.map((_, i) => `<Relationship Id="rId${i + 1}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`).join('')}<Relationship Id="rId${sheets.length + 1}" Type="${OFFICE}/styles" Target="styles.xml"/><Relationship Id="rId${sheets.length + 2}" Type="${OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
    'xl/styles.xml': `${DECLARATION}<styleSheet xmlns="${MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`,
    'xl/sharedStrings.xml': `${DECLARATION}<sst xmlns="${MAIN}">${[...strings.keys()].map((text) => `<si><t xml:space="preserve">${xml(text)}</t></si>`).join('')}</sst>`,
    ...Object.fromEntries(worksheets.map((sheet, i) => [`xl/worksheets/sheet${i + 1}.xml`, sheet])),
  });
}

/** @param {(string | number)[][]} rows @param {Map<string, number>} strings */
function worksheet(rows, strings) {
  const cell = (value, at) => {
    if (typeof value === 'number') return `<c r="${at}"><v>${value}</v></c>`;
    if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return `<c r="${at}" s="${DATE_STYLE}"><v>${Date.parse(value) / 86_400_000 + 25_569}</v></c>`;
    if (!strings.has(value)) strings.set(value, strings.size);
    return `<c r="${at}" t="s"><v>${strings.get(value)}</v></c>`;
  };
  const lines = rows.map((row, r) => `<row r="${r + 1}">${row.map((value, c) => cell(value, `${String.fromCharCode(65 + c)}${r + 1}`)).join('')}</row>`);
  return `${DECLARATION}<worksheet xmlns="${MAIN}"><sheetData>${lines.join('')}</sheetData></worksheet>`;
}
