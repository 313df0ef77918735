// https://mobx.js.org: an observable Map, changed in one action; a computed value for each list.
import { autorun, computed, observable, runInAction } from 'mobx';
import { exposeStore } from '../subject.ts';
import { firstIds } from '../whole-map.ts';

exposeStore(() => {
  const all = observable.map(undefined, { deep: false });
  const apply = (rows) =>
    runInAction(() => {
      for (const row of rows) all.set(row.id, row);
    });
  return {
    load: apply,
    list(order, statuses, changed) {
      const list = computed(() => firstIds(all, order, statuses));
      autorun(() => {
        list.get();
        changed();
      });
      return () => list.get();
    },
    one(id, changed) {
      autorun(() => {
        all.get(id);
        changed();
      });
    },
    apply,
    status: (id) => all.get(id)?.status,
  };
});
