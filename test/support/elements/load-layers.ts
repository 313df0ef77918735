import { layersChunk } from '../../../src/elements/campaign-action-button/layers-chunk.ts';
import { popupChunk } from '../../../src/elements/campaign-status-tag/popup-chunk.ts';

// For tests of what an element opens, not of when its code arrives (`test/elements/popup-loading.test.ts`): it is there already.
before(() => Promise.all([popupChunk.load(), layersChunk.load()]));
