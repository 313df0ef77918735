/** What custom-elements.json says of an element. */
import manifest from '../../../custom-elements.json' with { type: 'json' };

interface Named {
  readonly name: string;
  readonly description?: string;
}
interface Attribute extends Named {
  readonly fieldName: string;
}
interface Member extends Named {
  readonly kind: string;
  readonly static?: boolean;
  readonly readonly?: boolean;
  readonly attribute?: string;
  readonly type?: { readonly text: string };
  readonly default?: string;
  readonly parameters?: readonly Named[];
}
interface Event extends Named {
  readonly type: { readonly text: string };
}
interface Property extends Named {
  readonly default: string;
}

/** The documentation of an element. */
export interface ElementDocs {
  readonly tagName: string;
  readonly attributes?: readonly Attribute[];
  readonly members: readonly Member[];
  readonly events?: readonly Event[];
  readonly slots?: readonly Named[];
  readonly cssParts?: readonly Named[];
  readonly cssStates?: readonly Named[];
  readonly cssProperties?: readonly Property[];
}

const declarations = manifest.modules.flatMap(
  ({ declarations }) => declarations as readonly Partial<ElementDocs>[] | undefined,
);

/** @throws Error if there is no such element */
export function docsOf(tagName: string): ElementDocs {
  const found = declarations.find((declaration) => declaration?.tagName === tagName);
  if (!found) throw new Error(`The manifest has no <${tagName}>.`);
  return found as ElementDocs;
}
