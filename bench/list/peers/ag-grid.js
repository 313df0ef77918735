// https://www.ag-grid.com/javascript-data-grid/data-update-high-frequency/: asynchronous transactions, rows by id.
import { AllCommunityModule, createGrid, ModuleRegistry } from 'ag-grid-community';
import { exposeList } from '../subject.ts';

ModuleRegistry.registerModules([AllCommunityModule]);

let grid;
let container;

exposeList({
  mount(box, rows) {
    container = box;
    grid = createGrid(box, {
      rowData: [...rows],
      getRowId: ({ data }) => data.id,
      rowHeight: 40,
      columnDefs: [
        { field: 'name', flex: 4, sort: 'asc', comparator: (a, b) => (a < b ? -1 : a > b ? 1 : 0) },
        { field: 'status', flex: 1, filter: 'agTextColumnFilter', filterParams: { maxNumConditions: 3 } },
        { field: 'at', flex: 2, comparator: (a, b) => (a < b ? -1 : a > b ? 1 : 0) },
        { headerName: 'Action', flex: 1, valueGetter: () => 'Start' },
      ],
    });
  },
  async query(query) {
    const sort = query.descending ? 'desc' : 'asc';
    grid.applyColumnState({ state: [{ colId: query.sort, sort }], defaultState: { sort: null } });
    const conditions = query.statuses.map((filter) => ({ filterType: 'text', type: 'equals', filter }));
    await grid.setColumnFilterModel(
      'status',
      conditions.length ? { filterType: 'text', operator: 'OR', conditions } : null,
    );
    grid.onFilterChanged();
  },
  apply: (rows) => grid.applyTransactionAsync({ update: rows }),
  scroller: () => container.querySelector('.ag-grid-viewport'),
  rows: () => container.querySelectorAll('.ag-grid-scrolling-container .ag-row'),
});
