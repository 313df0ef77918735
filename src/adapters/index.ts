export * from './contract.ts';
export { httpAdapter, type HttpAdapterOptions } from './http.ts';
export { actResultFromResponse, errorFromResponse } from './responses.ts';
export { routeAdapter } from './route.ts';
export { sleep } from './sleep.ts';
