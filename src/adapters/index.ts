export * from './contract.ts';
export { eventsFromResponse, type ServerSentEvent } from './event-stream.ts';
export { httpAdapter, type HttpAdapterOptions } from './http.ts';
export {
  pollingAdapter,
  type PolledCampaign,
  type PolledList,
  type PolledPush,
  type PollingAdapterOptions,
} from './polling.ts';
export { actResultFromResponse, errorFromResponse } from './responses.ts';
export { routeAdapter } from './route.ts';
export {
  shareAcrossTabs,
  type ShareOptions,
  type SharingEnvironment,
  type TabChannel,
  type TabLocks,
} from './share-across-tabs.ts';
export { sleep } from '../util/sleep.ts';
