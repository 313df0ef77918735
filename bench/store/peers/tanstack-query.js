// https://tanstack.com/query: one query holds all campaigns; each list and each campaign is an observer with `select`. Structural
// sharing is off, as its docs advise for large data.
import { notifyManager, QueryClient, QueryObserver } from '@tanstack/query-core';
import { exposeStore } from '../subject.ts';
import { firstIds, withChanges } from '../whole-map.ts';

notifyManager.setScheduler((run) => queueMicrotask(run));

exposeStore(() => {
  const client = new QueryClient({
    defaultOptions: { queries: { staleTime: Infinity, gcTime: Infinity, structuralSharing: false } },
  });
  const queryKey = ['campaigns'];
  const apply = (rows) => void client.setQueryData(queryKey, (all) => withChanges(all ?? new Map(), rows));
  const observe = (select, changed) => {
    const observer = new QueryObserver(client, { queryKey, select });
    observer.subscribe(changed);
    return () => observer.getCurrentResult().data;
  };
  return {
    load: apply,
    list: (order, statuses, changed) => observe((all) => firstIds(all, order, statuses), changed),
    one: (id, changed) => observe((all) => all.get(id), changed),
    apply,
    frame: () => Promise.resolve(),
    status: (id) => client.getQueryData(queryKey).get(id)?.status,
  };
});
