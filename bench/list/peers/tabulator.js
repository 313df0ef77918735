// https://tabulator.info/docs/6.3/update: rows by index. It sorts and filters changed rows only when it is asked to.
import styles from 'tabulator-tables/dist/css/tabulator.min.css?inline';
import { TabulatorFull } from 'tabulator-tables';
import { exposeList } from '../subject.ts';

const sheet = new CSSStyleSheet();
sheet.replaceSync(styles);
document.adoptedStyleSheets.push(sheet);

let table;
let container;
let query = { sort: 'name', descending: false, statuses: [] };
let changed = [];

const sortRows = () => table.setSort(query.sort, query.descending ? 'desc' : 'asc');

async function update() {
  const rows = changed;
  changed = [];
  await table.updateData(rows);
  if (query.statuses.length) table.refreshFilter();
  if (query.sort === 'at') sortRows();
}

exposeList({
  async mount(box, rows) {
    container = box;
    table = new TabulatorFull(box, {
      data: [...rows],
      index: 'id',
      height: '100%',
      layout: 'fitColumns',
      rowHeight: 40,
      columns: [
        { field: 'name', title: 'Name', widthGrow: 4, sorter: 'string' },
        { field: 'status', title: 'Status' },
        { field: 'at', title: 'Since', widthGrow: 2, sorter: 'string' },
        { field: 'action', title: 'Action', formatter: () => 'Start' },
      ],
      initialSort: [{ column: 'name', dir: 'asc' }],
    });
    await new Promise((resolve) => table.on('tableBuilt', resolve));
  },
  query(next) {
    const filtered = next.statuses.join() !== query.statuses.join();
    query = next;
    if (filtered && query.statuses.length) table.setFilter('status', 'in', query.statuses);
    else if (filtered) table.clearFilter();
    sortRows();
  },
  apply(rows) {
    if (changed.length === 0) requestAnimationFrame(update);
    changed.push(...rows);
  },
  scroller: () => container.querySelector('.tabulator-tableholder'),
  rows: () => container.querySelectorAll('.tabulator-row'),
});
