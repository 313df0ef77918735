/** Announces a text to a screen reader. @param lang the language of the text; the provider's if not given */
export type Announce = (text: string, lang?: string) => void;

/** Announces nothing. */
export const silent: Announce = () => {};
