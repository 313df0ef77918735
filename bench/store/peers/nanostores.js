// https://github.com/nanostores/nanostores: an atom for all campaigns, a computed store for each list.
import { atom, computed } from 'nanostores';
import { exposeStore } from '../subject.ts';
import { firstIds, withChanges } from '../whole-map.ts';

exposeStore(() => {
  const all = atom(new Map());
  const apply = (rows) => all.set(withChanges(all.get(), rows));
  return {
    load: apply,
    list(order, statuses, changed) {
      const list = computed(all, (rows) => firstIds(rows, order, statuses));
      list.subscribe(changed);
      return () => list.get();
    },
    one(id, changed) {
      computed(all, (rows) => rows.get(id)).subscribe(changed);
    },
    apply,
    status: (id) => all.get().get(id)?.status,
  };
});
