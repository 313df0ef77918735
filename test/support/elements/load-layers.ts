import { layersChunk } from '../../../src/elements/campaign-action-button/layers-chunk.ts';
import { logChunk } from '../../../src/elements/campaign-log/log-part.ts';
import { popupChunk } from '../../../src/elements/campaign-status-tag/popup-chunk.ts';

// For tests of what an element opens, not of when its code arrives (`popup-loading.test.ts`, `log-loading.test.ts` in
// `test/elements`): it is there already.
before(() => Promise.all([popupChunk.load(), layersChunk.load(), logChunk.load()]));
