/** A list by hand, without any accessibility: rows of one height that are reused, and one update a frame. */
import type { Campaign } from '../../data/campaigns.ts';
import { RowsView } from '../rows-view.ts';
import { exposeList } from '../subject.ts';

const ROW_PX = 40;

const view = new RowsView();
const scroller = document.createElement('div');
const content = document.createElement('div');
const nodes: HTMLElement[] = [];
let scheduled = false;

function update(): void {
  scheduled = false;
  const rows = view.shown;
  content.style.height = `${rows.length * ROW_PX}px`;
  const first = Math.floor(scroller.scrollTop / ROW_PX);
  for (const [index, node] of nodes.entries()) {
    // Each node keeps its place in a ring, so that a scroll changes only what came into sight.
    const place = first + ((((index - first) % nodes.length) + nodes.length) % nodes.length);
    show(node, place, rows[place]);
  }
}

function show(node: HTMLElement, place: number, row: Campaign | undefined): void {
  node.hidden = !row;
  if (!row) return;
  const top = `translateY(${place * ROW_PX}px)`;
  if (node.style.transform !== top) node.style.transform = top;
  const cells = node.children;
  for (const [index, text] of [row.name, row.status, row.at, 'Start'].entries()) {
    const cell = (cells[index] as HTMLElement).firstChild as Text;
    if (cell.data !== text) cell.data = text;
  }
}

function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(update);
}

exposeList({
  mount(box, rows) {
    Object.assign(scroller.style, { height: '100%', overflowY: 'auto', position: 'relative' });
    content.style.position = 'relative';
    const count = Math.ceil(box.clientHeight / ROW_PX) + 2;
    for (let i = 0; i < count; i++) {
      const node = document.createElement('div');
      node.style.cssText = `position: absolute; inset-inline: 0; height: ${ROW_PX}px; display: grid; grid-template-columns: 4fr 1fr 2fr 1fr; align-items: center`;
      node.append(...['span', 'span', 'time', 'button'].map((name) => document.createElement(name)));
      for (const cell of node.children) cell.append('');
      nodes.push(node);
    }
    content.append(...nodes);
    scroller.append(content);
    box.append(scroller);
    scroller.addEventListener('scroll', schedule);
    view.load(rows);
    update();
  },
  query(query) {
    view.query = query;
    scroller.scrollTop = 0;
    schedule();
  },
  apply(rows) {
    view.apply(rows);
    schedule();
  },
  scroller: () => scroller,
  rows: () => nodes.filter(({ hidden }) => !hidden),
});
