import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { bundleSize } from '../../tools/bundle-size.mjs';
import type { Goal, Group, GroupResult, RunContext } from '../group.ts';
import { spreadOf, type Sample } from '../rounds.ts';
import { bench, peersInstalled } from '../subjects.ts';

const root = join(bench, '..');

/** What a page imports for the same work. A peer that has no nearest set for it is not in the row. */
const sets: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  tag: {
    kit: ['campaign-status-kit/campaign-status-tag/define'],
    lit: ['lit'],
    'web-awesome': ['@awesome.me/webawesome/dist/components/tag/tag.js'],
    shoelace: ['@shoelace-style/shoelace/dist/components/tag/tag.js'],
    spectrum: [
      '@spectrum-web-components/theme/sp-theme.js',
      '@spectrum-web-components/theme/scale-medium.js',
      '@spectrum-web-components/theme/theme-light.js',
      '@spectrum-web-components/badge/sp-badge.js',
    ],
    fluent: ['@fluentui/web-components/badge/define.js'],
    carbon: ['@carbon/web-components/es/components/tag/index.js'],
    ui5: ['@ui5/webcomponents/dist/Tag.js'],
    vaadin: ['@vaadin/badge'],
  },
  'tag and button': {
    kit: ['campaign-status-kit/campaign-status-tag/define', 'campaign-status-kit/campaign-action-button/define'],
    'web-awesome': [
      '@awesome.me/webawesome/dist/components/tag/tag.js',
      '@awesome.me/webawesome/dist/components/button/button.js',
    ],
    shoelace: [
      '@shoelace-style/shoelace/dist/components/tag/tag.js',
      '@shoelace-style/shoelace/dist/components/button/button.js',
    ],
    fluent: ['@fluentui/web-components/badge/define.js', '@fluentui/web-components/button/define.js'],
    carbon: [
      '@carbon/web-components/es/components/tag/index.js',
      '@carbon/web-components/es/components/button/index.js',
    ],
    ui5: ['@ui5/webcomponents/dist/Tag.js', '@ui5/webcomponents/dist/Button.js'],
  },
  'list, header, provider and HTTP adapter': {
    kit: [
      'campaign-status-kit/campaign-list/define',
      'campaign-status-kit/campaign-header/define',
      'campaign-status-kit/campaign-provider/define',
      'campaign-status-kit/adapters/http',
    ],
    vaadin: ['@vaadin/grid', '@vaadin/badge'],
  },
};

export const sizeGroup: Group = {
  name: 'size',
  heading: 'Size',
  method:
    'Bundled with esbuild as a host would, minified, with all packages, and compressed with brotli. "First" is what loads with the import, "later" what dynamic imports load. The other kits\' sets are the nearest to ours; they have no store, no backend connection and no cause of an error.',
  tables: [
    {
      title: 'kB, brotli',
      baseline: 'kit',
      unit: 'kB',
      absolute: true,
      rows: Object.keys(sets).flatMap((set) => [
        { label: `${set}: first`, measure: measureOf(set, 'first') },
        { label: `${set}: later`, measure: measureOf(set, 'lazy') },
      ]),
    },
  ],
  goals: [goal('tag', 9.5), goal('tag and button', 12.5), goal('list, header, provider and HTTP adapter', 40)],
  run,
};

async function run({ note }: RunContext): Promise<GroupResult> {
  note('build');
  const { status } = spawnSync(process.execPath, ['tools/build.mjs'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error('The build failed.');
  const samples: Sample[] = [];
  const missing = new Map<string, string>();
  const subjects = new Set<string>();
  for (const [set, byKit] of Object.entries(sets))
    for (const [subject, imports] of Object.entries(byKit)) {
      const ours = subject === 'kit';
      if (!ours && subject !== 'lit' && !peersInstalled()) continue;
      note(`${subject}, ${set}`);
      try {
        const { first, lazy } = await bundleSize(imports, ours ? root : bench);
        subjects.add(subject);
        for (const [part, { bytes }] of Object.entries({ first, lazy }))
          samples.push({ measure: measureOf(set, part), subject, round: 0, value: bytes / 1000 });
      } catch (error) {
        missing.set(`${subject}, ${set}`, `it could not be bundled: ${String(error)}`);
      }
    }
  return { subjects: [...subjects], samples, missing };
}

function measureOf(set: string, part: string): string {
  return `size/${set}/${part}`;
}

function goal(set: string, limit: number): Goal {
  return {
    work: `First load: ${set}`,
    limit,
    unit: 'kB',
    value: (samples) => spreadOf(samples, { measure: measureOf(set, 'first'), subject: 'kit' }),
  };
}
