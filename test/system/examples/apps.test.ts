/** The apps of examples/, as a host makes them: installed from the packed package, type-checked, built, and used in a browser. */
import { join } from 'node:path';
import { after } from 'node:test';
import { servedSite } from '../../support/e2e/sites.ts';
import { AppCopies } from '../../support/examples/app-copies.ts';
import { testApp } from '../../support/examples/test-app.ts';

const apps = new AppCopies();
after(() => apps.remove());

for (const example of ['react', 'vue']) testApp(apps, example, (name, app) => servedSite(name, join(app, 'dist')));
