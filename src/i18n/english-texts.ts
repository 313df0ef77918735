import type { Message } from './message.ts';

/** The English texts that are loaded. Each part of the kit adds what it shows, so that a page loads no other texts. */
export const englishTexts = new Map<string, Message>();

/** Adds English texts to those that every language falls back on. */
export function addEnglish(texts: Readonly<Record<string, Message>>): void {
  for (const key in texts) englishTexts.set(key, texts[key]!);
}
