/** A Map with callbacks that checks each row by hand, as one has to with what comes from a network. */
import type { Campaign } from '../../data/campaigns.ts';
import { exposeStore } from '../subject.ts';
import { MapStore } from '../map-store.ts';

exposeStore(() => new MapStore(isCampaign));

function isCampaign(value: unknown): value is Campaign {
  if (typeof value !== 'object' || value === null) return false;
  const row = value as Record<keyof Campaign, unknown>;
  return (
    isText(row.id) &&
    isText(row.name) &&
    isText(row.status) &&
    Number.isSafeInteger(row.revision) &&
    isText(row.at) &&
    isText(row.message) &&
    isText(row.changedBy) &&
    Array.isArray(row.missing) &&
    row.missing.every(isText)
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 10_000;
}
