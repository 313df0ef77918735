/**
 * Letters of their own that many people type without their stroke, ligature or dot. Of Greek, the final sigma, so that a word is found while
 * it is being typed.
 */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ŧ: 't',
  þ: 'th',
  ı: 'i',
  ς: 'σ',
};
const letters = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'g');

const PLAIN = /^[\x20-\x7e]*$/;
const QUOTES = /[‘’‚‛′ʹʻʼˈ´`＇]/g;
const DOUBLE_QUOTES = /[“”„‟″«»＂]/g;
const DASHES = /[\p{Pd}−]/gu;
/**
 * Accents of alphabetic scripts, and the optional points of Hebrew and Arabic, where they follow a letter. The vowel signs and viramas of other
 * scripts make another word, й is a letter of its own, and so are the kana with a voicing mark.
 */
const ACCENTS =
  /(?<=\p{L}\p{M}*)(?<![иИ](?=\u0306))[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\ufe20-\ufe2f]/gu;
/** Soft hyphens, joiners, marks of direction: nobody sees them. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}|\u0640/gu;

/**
 * Folds a text for searching: what looks or is meant the same becomes the same. Regardless of case, accents, compatibility forms, kinds of
 * blanks, dashes and quotes, letters with strokes, and invisible characters.
 */
export function foldText(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase().replace(QUOTES, "'").replace(/ {2,}/g, ' ').trim();
  return text
    .replace(QUOTES, "'")
    .replace(DOUBLE_QUOTES, '"')
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFKD')
    .replace(INVISIBLE, '')
    .replace(ACCENTS, '')
    .normalize('NFC')
    .replace(letters, (letter) => LETTERS[letter]!)
    .replace(DASHES, '-')
    .replace(/\s+/g, ' ')
    .trim();
}
