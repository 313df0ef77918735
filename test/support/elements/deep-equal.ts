/** Fails unless both are the same node, and prints both: mocha's own comparison of two nodes walks the whole page. */
export function expectSame(actual: Node | null | undefined, expected: Node | null | undefined, what = ''): void {
  if ((actual ?? null) === (expected ?? null)) return;
  throw new Error(`${what ? `${what}: ` : ''}expected ${describe(expected)}, got ${describe(actual)}`);
}

function describe(node: Node | null | undefined): string {
  if (!node) return 'no node';
  return node instanceof Element ? `<${node.localName} class="${node.getAttribute('class') ?? ''}">` : node.nodeName;
}
