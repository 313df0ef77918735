/** The blocks of HTML on a page of the docs. @param page its path from the root of the tree */
export async function htmlBlocks(page: string): Promise<string[]> {
  const text = await (await fetch(`/${page}`)).text();
  return [...text.matchAll(/^```html\n([\s\S]*?)^```$/gm)].map((match) => match[1]!);
}

/** Puts a block into the page. What its script does, an import of the test must have done. @returns what to remove again */
export function show(block: string): HTMLElement {
  const page = document.createElement('div');
  page.append(...new DOMParser().parseFromString(block, 'text/html').body.children);
  document.body.append(page);
  return page;
}
