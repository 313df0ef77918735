import { readFileSync } from 'node:fs';

/** A story of the built Storybook. */
export interface Story {
  readonly id: string;
  readonly title: string;
  readonly name: string;
}

interface Entry extends Story {
  readonly type: 'story' | 'docs';
  readonly tags?: readonly string[];
}

/** The stories with the tag `picture`. Run `npm run build-storybook` first. */
export function picturedStories(): readonly Story[] {
  const index = new URL('../../../storybook-static/index.json', import.meta.url);
  const { entries } = JSON.parse(readFileSync(index, 'utf8')) as { entries: Record<string, Entry> };
  return Object.values(entries).filter(({ type, tags }) => type === 'story' && tags?.includes('picture'));
}
