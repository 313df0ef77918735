/** The least that shows a status and, with a mouse, its cause. */
import { exposeTag, LABELS, MESSAGE } from '../subject.ts';

exposeTag({
  create(_index, status) {
    const span = document.createElement('span');
    span.className = status;
    span.title = MESSAGE;
    span.textContent = LABELS[status];
    return span;
  },
  flip(span, _index, status) {
    span.className = status;
    span.textContent = LABELS[status];
  },
});
