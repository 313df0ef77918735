/** A Map with callbacks: what every other store is compared with. It checks nothing and keeps no order. */
import type { Campaign } from '../../data/campaigns.ts';
import { exposeStore } from '../subject.ts';
import { MapStore } from '../map-store.ts';

exposeStore(() => new MapStore((row): row is Campaign => row !== undefined));
