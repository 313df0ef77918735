import { bootstrapApplication } from '@angular/platform-browser';
import 'campaign-status-kit/define';
import { App } from './app';

bootstrapApplication(App).catch((error: unknown) => console.error(error));
