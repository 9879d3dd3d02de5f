import pg from 'pg';

type Parser = (text: string) => unknown;

/** `2026-11-21 01:02:03.25+00` -> `2026-11-21T01:02:03.25Z`; all sessions run in UTC, any other offset is kept. */
function instant(text: string): string {
  const iso = `${text.slice(0, 10)}T${text.slice(11)}`;
  if (iso.endsWith('+00')) return `${iso.slice(0, -3)}Z`;
  return /[+-]\d\d$/.test(iso) ? `${iso}:00` : iso;
}

const asIs: Parser = (text) => text;
const own = new Map<number, Parser>([
  [20, asIs], // int8: beyond what a JavaScript number holds
  [1700, asIs], // numeric: money and quantities are decimal strings, end to end
  [1082, asIs], // date
  [1083, asIs], // time
  [1114, asIs], // timestamp
  [1184, instant],
  [1186, asIs], // interval
  [1115, arrayOf(asIs)],
  [1182, arrayOf(asIs)],
  [1185, arrayOf(instant)],
  [1016, arrayOf(asIs)],
  [1231, arrayOf(asIs)],
]);

function arrayOf(parse: Parser): Parser {
  const library = pg.types as unknown as { arrayParser: { create(text: string, parse: Parser): { parse(): unknown } } };
  return (text) => library.arrayParser.create(text, parse).parse();
}

/** How a column's text becomes what the API answers: exact numbers and dates as strings, instants as ISO 8601. */
export function wireParser(oid: number): Parser {
  return own.get(oid) ?? (pg.types.getTypeParser(oid, 'text') as Parser);
}
