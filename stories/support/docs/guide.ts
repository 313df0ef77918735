/** The guides of docs/ that this Storybook shows, for links among them. */
const shown: Readonly<Record<string, string>> = {
  'frameworks.md': 'for-developers-in-your-framework--docs',
  'testing.md': 'for-developers-testing-your-pages--docs',
  'lists.md': 'for-developers-lists--docs',
};

/** A guide as it is shown here: links to other guides lead to their pages, and other files of the package are named only. */
export function guide(markdown: string): string {
  return markdown
    .replace(/<!--.*?-->\n/g, '')
    .replace(/\[([^\]]+)\]\((?!https?:|#)([^)#]+)[^)]*\)/g, (_link, label: string, file: string) =>
      shown[file] ? `[${label}](?path=/docs/${shown[file]})` : `${label} (\`${file.replace('../', '')}\`)`,
    );
}
