/** The kit's tag without a store. */
import '../../../src/elements/campaign-status-tag/define.ts';
import { exposeTag, MESSAGE } from '../subject.ts';

exposeTag({
  create(index, status) {
    const tag = document.createElement('campaign-status-tag');
    tag.setAttribute('system', 'flows');
    tag.setAttribute('name', `Campaign ${index}`);
    tag.setAttribute('status', status);
    tag.setAttribute('message', MESSAGE);
    return tag;
  },
  flip: (tag, _index, status) => tag.setAttribute('status', status),
});
