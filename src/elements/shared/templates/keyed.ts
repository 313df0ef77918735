import { noChange } from 'lit';
import { type ChildPart, Directive, directive } from 'lit/directive.js';
import { insertPart, removePart, setChildPartValue } from 'lit/directive-helpers.js';

class Keyed extends Directive {
  #parts = new Map<unknown, ChildPart>();

  render<T>(items: Iterable<T>, _key: (item: T) => unknown, template: (item: T) => unknown): unknown {
    return [...items].map(template);
  }

  override update<T>(
    container: ChildPart,
    [items, key, template]: [Iterable<T>, (item: T) => unknown, (item: T) => unknown],
  ): typeof noChange {
    const keyed = new Map(Array.from(items, (item) => [key(item), item]));
    for (const [name, part] of this.#parts) if (!keyed.has(name)) removeWhole(part);
    const parts = new Map<unknown, ChildPart>();
    // From the end, so that the part that follows is already in its place.
    let next: ChildPart | undefined;
    for (const [name, item] of [...keyed].reverse()) {
      next = insertPart(container, next, this.#parts.get(name));
      setChildPartValue(next, template(item));
      parts.set(name, next);
    }
    this.#parts = parts;
    return noChange;
  }
}

/**
 * A template for each item; an item keeps its nodes as long as its key is there, and no two have the same.
 *
 * Like Lit's `repeat`, which since 3.3.1 leaves a comment behind for each item that goes: in a log, one for each line.
 */
export const keyed = directive(Keyed) as <T>(
  items: Iterable<T>,
  key: (item: T) => unknown,
  template: (item: T) => unknown,
) => unknown;

/** Also its last node, which `removePart` may forget. */
function removeWhole(part: ChildPart): void {
  const { endNode } = part;
  removePart(part);
  (endNode as ChildNode | null)?.remove();
}
