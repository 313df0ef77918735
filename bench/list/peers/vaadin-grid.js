// https://vaadin.com/docs/latest/components/grid: a data provider, whose cache is cleared when rows have changed.
import '@vaadin/grid';
import { RowsView } from '../rows-view.ts';
import { exposeList } from '../subject.ts';

const view = new RowsView();
const grid = document.createElement('vaadin-grid');
let scheduled = false;

function refresh() {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    grid.clearCache();
  });
}

exposeList({
  mount(box, rows) {
    view.load(rows);
    grid.innerHTML = `
      <vaadin-grid-column path="name" flex-grow="4"></vaadin-grid-column>
      <vaadin-grid-column path="status"></vaadin-grid-column>
      <vaadin-grid-column path="at" flex-grow="2"></vaadin-grid-column>
      <vaadin-grid-column path="action"></vaadin-grid-column>`;
    grid.style.height = '100%';
    grid.itemIdPath = 'id';
    grid.dataProvider = ({ page, pageSize }, done) => {
      const from = page * pageSize;
      done(view.shown.slice(from, from + pageSize), view.shown.length);
    };
    box.append(grid);
  },
  query(query) {
    view.query = query;
    grid.scrollToIndex(0);
    refresh();
  },
  apply(rows) {
    view.apply(rows);
    refresh();
  },
  scroller: () => grid.shadowRoot.querySelector('#table'),
  rows: () => grid.shadowRoot.querySelectorAll('#items tr:not([hidden])'),
});
