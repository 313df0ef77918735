import { VERSION } from './version.ts';

const warned = new Set<string>();

/**
 * Registers an element class. A name that is taken stays as it is: two bundles on one page must not throw. If the present class
 * is of another version of the kit, or not of the kit at all, that is said once on the console.
 */
export function defineElement(
  name: string,
  elementClass: CustomElementConstructor,
  registry: CustomElementRegistry = customElements,
): void {
  const present = registry.get(name);
  if (!present) {
    registry.define(name, elementClass);
    return;
  }
  const version = (present as { version?: string }).version;
  if (version === VERSION || warned.has(name)) return;
  warned.add(name);
  console.warn(
    `<${name}> is already defined by ${version ? `campaign-status-kit ${version}` : 'something else'}; ` +
      `that one stays, and the one of campaign-status-kit ${VERSION} is not used.`,
  );
}
