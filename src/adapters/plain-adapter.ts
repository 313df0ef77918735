import { plainObject } from '../util/plain-object.ts';
import type { CampaignAdapter } from './contract.ts';

const MEMBERS = [
  'watch',
  'act',
  'idempotent',
  'get',
  'diagnose',
  'log',
  'actMany',
  'history',
  'reauthenticate',
] as const satisfies readonly (keyof CampaignAdapter)[];

/** An instance of a class as a plain object. */
export function plainAdapter(adapter: CampaignAdapter<unknown>): CampaignAdapter<unknown> {
  return plainObject(adapter, MEMBERS);
}
