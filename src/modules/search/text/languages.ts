import { stemmer as danish } from '@orama/stemmers/danish';
import { stemmer as dutch } from '@orama/stemmers/dutch';
import { stemmer as english } from '@orama/stemmers/english';
import { stemmer as finnish } from '@orama/stemmers/finnish';
import { stemmer as french } from '@orama/stemmers/french';
import { stemmer as german } from '@orama/stemmers/german';
import { stemmer as hungarian } from '@orama/stemmers/hungarian';
import { stemmer as italian } from '@orama/stemmers/italian';
import { stemmer as norwegian } from '@orama/stemmers/norwegian';
import { stemmer as portuguese } from '@orama/stemmers/portuguese';
import { stemmer as romanian } from '@orama/stemmers/romanian';
import { stemmer as russian } from '@orama/stemmers/russian';
import { stemmer as spanish } from '@orama/stemmers/spanish';
import { stemmer as swedish } from '@orama/stemmers/swedish';
import { stemmer as turkish } from '@orama/stemmers/turkish';
import { COMMON_ENGLISH } from './common-english.js';

/** How words of one language are made comparable. */
export interface Language {
  /** A word in lower case and without accents to what it is indexed as. */
  stem(word: string): string;
  /** Too common to be looked for. */
  isStop(word: string): boolean;
  /** Stems so common that two of them next to each other are indexed as a pair as well, so that phrases of them are found quickly. */
  isCommon(stem: string): boolean;
  /** L'accord: what stands before an apostrophe is a word of its own. */
  elides: boolean;
}

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

// Few: "may" and "will" are a month and a will, "no" and "not" say the opposite.
const STOPS: Record<string, ReadonlySet<string>> = {
  en: words('the of and a to in is that it for as with be by on at this an are was which from or its has have been were their these such'),
  de: words('der die das und in zu den mit von ist im fur des dem auf ein eine als auch es an er so dass aus bei sie nach wird einer um am einem zur zum sind hat oder'),
  fr: words('le la les de des du et en un une a au aux est que qui dans par pour sur ce se il elle d l ou avec sont son sa ses'),
  es: words('el la los las de del y en un una a al que es por para con se su sus lo o como'),
  it: words('il lo la i gli le di del della dei delle e in un una a al alla che per con si da dal dalla nel nella o come'),
  pt: words('o a os as de do da dos das e em um uma ao que por para com se no na nos nas ou como'),
  nl: words('de het een en van in te dat is op voor met zijn aan die door bij of als om tot er'),
};

const STEMMERS: Record<string, (word: string) => string> = {
  da: danish, de: german, en: english, es: spanish, fi: finnish, fr: french, hu: hungarian, it: italian, nl: dutch, no: norwegian, nb: norwegian, pt: portuguese,
  ro: romanian, ru: russian, sv: swedish, tr: turkish,
};

const NONE: ReadonlySet<string> = new Set();
const MOST_REMEMBERED = 200_000;
const known = new Map<string, Language>();

/** The language of a tag like `en` or `de-AT`; words of one we have no stemmer for are indexed as they are. */
export function languageOf(tag: string): Language {
  const code = tag.slice(0, 2).toLowerCase();
  let language = known.get(code);
  if (!language) known.set(code, language = make(code));
  return language;
}

function make(code: string): Language {
  const stops = STOPS[code] ?? NONE;
  const common = code === 'en' ? COMMON_ENGLISH : NONE;
  const stemmer = STEMMERS[code] ?? ((word: string) => word);
  const stems = new Map<string, string>();
  return {
    elides: code === 'fr' || code === 'it',
    isStop: (word) => stops.has(word),
    isCommon: (stem) => common.has(stem),
    stem(word) {
      let stem = stems.get(word);
      if (stem === undefined) {
        if (word.length < 3 || /\d/.test(word)) return word;
        if (stems.size > MOST_REMEMBERED) stems.clear();
        stems.set(word, stem = stemmer(word) || word);
      }
      return stem;
    },
  };
}
