// https://github.com/preactjs/signals: a signal for all campaigns, a computed signal for each list.
import { computed, effect, signal } from '@preact/signals-core';
import { exposeStore } from '../subject.ts';
import { firstIds, withChanges } from '../whole-map.ts';

exposeStore(() => {
  const all = signal(new Map());
  const apply = (rows) => {
    all.value = withChanges(all.value, rows);
  };
  const observe = (derived, changed) =>
    effect(() => {
      void derived.value;
      changed();
    });
  return {
    load: apply,
    list(order, statuses, changed) {
      const list = computed(() => firstIds(all.value, order, statuses));
      observe(list, changed);
      return () => list.value;
    },
    one(id, changed) {
      observe(
        computed(() => all.value.get(id)),
        changed,
      );
    },
    apply,
    status: (id) => all.value.get(id)?.status,
  };
});
