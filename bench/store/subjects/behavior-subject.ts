/** All campaigns in one BehaviorSubject, each emission a new Map. */
import { BehaviorSubject, distinctUntilChanged, map } from 'rxjs';
import type { Campaign } from '../../data/campaigns.ts';
import { exposeStore } from '../subject.ts';
import { firstIds, withChanges } from '../whole-map.ts';

exposeStore(() => {
  const all = new BehaviorSubject<ReadonlyMap<string, Campaign>>(new Map());
  const apply = (rows: readonly Campaign[]): void => all.next(withChanges(all.value, rows));
  return {
    load: apply,
    list(order, statuses, changed) {
      let ids: readonly string[] = [];
      all.pipe(map((rows) => firstIds(rows, order, statuses))).subscribe((next) => {
        ids = next;
        changed();
      });
      return () => ids;
    },
    one(id, changed) {
      all
        .pipe(
          map((rows) => rows.get(id)),
          distinctUntilChanged(),
        )
        .subscribe(changed);
    },
    apply,
    status: (id) => all.value.get(id)?.status,
  };
});
