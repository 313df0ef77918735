import type { Routes } from '../../routes.ts';

/** No page is known. */
export const noRoutes: Routes = Object.freeze({});
