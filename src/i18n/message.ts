/** Plural forms, by the categories of `Intl.PluralRules`. */
export type PluralForms = { readonly [K in Intl.LDMLPluralRule]?: string } & { readonly other: string };
/** A text, or its plural forms. */
export type Message = string | PluralForms;
