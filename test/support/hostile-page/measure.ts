/** What the browser made of an element and of everything below it, shadow roots included. */
export interface Measured {
  readonly nodes: readonly {
    /** From the place, such as `campaign-header > h3[part=name]`. */
    readonly path: string;
    /** Left, top, width and height in CSS px, from the place's corner. */
    readonly box: readonly [number, number, number, number];
    /** Its computed style: an index of `styles`. */
    readonly style: number;
  }[];
  /** Each computed style that occurs, as values in the order of `properties`. */
  readonly styles: readonly (readonly string[])[];
  readonly properties: readonly string[];
}

/** Runs in the page. Boxes say where elements are, so that computed sizes are left out of the styles. */
export function measure(place: Element): Measured {
  const derived =
    /^(width|height|(inline|block)-size|perspective-origin|transform-origin|(inset|top|left|right|bottom)(-.*)?)$/;
  const properties = [...getComputedStyle(place)].filter((name) => !derived.test(name));
  const origin = place.getBoundingClientRect();
  const indexes = new Map<string, number>();
  const styles: string[][] = [];
  const nodes: Measured['nodes'][number][] = [];

  const styleOf = (element: Element): number => {
    const computed = getComputedStyle(element);
    const values = properties.map((name) => computed.getPropertyValue(name));
    const key = values.join('\n');
    let index = indexes.get(key);
    if (index === undefined) indexes.set(key, (index = styles.push(values) - 1));
    return index;
  };
  const visit = (element: Element, above: string): void => {
    const part = element.getAttribute('part');
    const path = `${above}${element.localName}${part ? `[part=${part}]` : ''}`;
    const { left, top, width, height } = element.getBoundingClientRect();
    nodes.push({ path, box: [left - origin.left, top - origin.top, width, height], style: styleOf(element) });
    const below = `${path} > `;
    for (const child of tested.rootOf(element)?.children ?? []) visit(child, below);
    for (const child of element.children) visit(child, below);
  };
  /** Elements of the page itself are not measured, only those of the kit in it. */
  const enter = (element: Element): void => {
    if (element.localName === 'campaign-provider') visit(element, '');
    else for (const child of [...(tested.rootOf(element)?.children ?? []), ...element.children]) enter(child);
  };
  enter(place);
  return { nodes, styles, properties };
}

/** A computed value that is another one on the hostile page. */
export interface StyleDifference {
  readonly path: string;
  readonly property: string;
  readonly clean: string;
  readonly hostile: string;
}

/** Boxes that are this far apart (CSS px) are the same: layouts round. */
const SAME_PX = 0.6;

/** Compares a place on two pages. */
export function differences(
  clean: Measured,
  hostile: Measured,
): { readonly boxes: readonly string[]; readonly styles: readonly StyleDifference[] } {
  const paths = ({ nodes }: Measured): string => nodes.map(({ path }) => path).join('\n');
  if (paths(clean) !== paths(hostile)) return { boxes: ['The elements are others.'], styles: [] };
  const boxes: string[] = [];
  const styles: StyleDifference[] = [];
  clean.nodes.forEach(({ path, box, style }, index) => {
    const other = hostile.nodes[index]!;
    if (box.some((value, side) => Math.abs(value - other.box[side]!) > SAME_PX))
      boxes.push(`${path}: ${box.map(Math.round).join(' ')} became ${other.box.map(Math.round).join(' ')}`);
    clean.properties.forEach((property, column) => {
      const [before, after] = [clean.styles[style]![column]!, hostile.styles[other.style]![column]!];
      if (before !== after) styles.push({ path, property, clean: before, hostile: after });
    });
  });
  return { boxes, styles };
}
