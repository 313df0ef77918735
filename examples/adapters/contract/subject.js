// @ts-nocheck: plain JavaScript, as a host without types writes it.
import { remoteBackendControl } from 'campaign-status-kit/mocks';
import { campaignAdapter } from './campaigns.js';

export default {
  system: 'flows',
  createAdapter: () => campaignAdapter(),
  // Of the simulated backend. For your own, see "Backend control" in docs/conformance.md.
  control: remoteBackendControl('http://127.0.0.1:8787', 'flows'),
};
