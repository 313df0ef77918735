/** The HTML code blocks of a page of the docs. @param page its path from the root of the repository */
export async function htmlBlocks(page: string): Promise<string[]> {
  const text = await (await fetch(`/${page}`)).text();
  return [...text.matchAll(/^```html\n([\s\S]*?)^```$/gm)].map((match) => match[1]!);
}

/**
 * Inserts a block into the page. Its scripts don't run: import what they need in the test. @returns the element to
 * remove afterwards
 */
export function show(block: string): HTMLElement {
  const page = document.createElement('div');
  page.append(...new DOMParser().parseFromString(block, 'text/html').body.children);
  document.body.append(page);
  return page;
}
