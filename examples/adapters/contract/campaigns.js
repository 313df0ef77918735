// @ts-nocheck: plain JavaScript, as a host without types writes it.
import { httpAdapter } from 'campaign-status-kit';

const src = 'http://127.0.0.1:8787';

export function campaignAdapter(options = {}) {
  return httpAdapter({ src, ...options });
}
