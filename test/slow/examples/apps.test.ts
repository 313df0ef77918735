/** The apps of examples/ that only a release builds and runs; their types are checked more often (test/system/examples). */
import { join } from 'node:path';
import { after } from 'node:test';
import { servedSite } from '../../support/e2e/sites.ts';
import { AppCopies } from '../../support/examples/app-copies.ts';
import { testApp } from '../../support/examples/test-app.ts';

const apps = new AppCopies();
after(() => apps.remove());

for (const example of ['svelte', 'solid']) testApp(apps, example, (name, app) => servedSite(name, join(app, 'dist')));
