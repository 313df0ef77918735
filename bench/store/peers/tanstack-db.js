// https://tanstack.com/db: a collection that is written through its sync, and a live query for each list and campaign.
import { createCollection, createLiveQueryCollection, eq, inArray } from '@tanstack/db';
import { exposeStore, WINDOW } from '../subject.ts';

exposeStore(() => {
  let sync;
  const all = createCollection({
    getKey: (row) => row.id,
    startSync: true,
    sync: { sync: (given) => void (sync = given) },
  });
  const write = (type, rows) => {
    sync.begin();
    for (const value of rows) sync.write({ type, value });
    sync.commit();
  };
  const live = (changed, query) => {
    const collection = createLiveQueryCollection({ query, startSync: true });
    collection.subscribeChanges(changed);
    return collection;
  };
  return {
    load(rows) {
      write('insert', rows);
      sync.markReady();
    },
    list(order, statuses, changed) {
      const list = live(changed, (query) => {
        const rows = query.from({ row: all });
        const some = statuses.length ? rows.where(({ row }) => inArray(row.status, statuses)) : rows;
        return some.orderBy(({ row }) => row[order]);
      });
      return () => {
        const ids = [];
        for (const id of list.keys()) if (ids.push(id) === WINDOW) break;
        return ids;
      };
    },
    one(id, changed) {
      live(changed, (query) => query.from({ row: all }).where(({ row }) => eq(row.id, id)));
    },
    apply: (rows) => write('update', rows),
    status: (id) => all.get(id)?.status,
  };
});
