import { expect, fixture, html } from '@open-wc/testing';
import '../../src/define.ts';
import { routeTo, type Routes } from '../../src/elements/routes.ts';
import type { CampaignProvider } from '../../src/provider/campaign-provider.ts';
import { until } from '../support/browser.ts';
import { StubStore } from '../support/elements/stub-store.ts';

const ref = { system: 'flows', id: 'spring' };

/** Addresses from a backend or a host's route that must not become links. */
const unsafe = [
  'javascript:alert(1)',
  'JavaScript:alert(1)',
  ' javascript:alert(1)',
  '\tjavascript:alert(1)',
  'java\nscript:alert(1)',
  'java\tscript:alert(1)',
  '\u0000javascript:alert(1)',
  '\u0001javascript:alert(1)',
  'javascript:alert(1)//https://example.com/',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:msgbox(1)',
  'blob:https://example.com/5f3c',
  'file:///etc/passwd',
  'filesystem:https://example.com/x',
  'mailto:ada@example.com',
  'ms-settings:privacy',
  'https://bank.example@elsewhere.example/',
  'https://me:secret@elsewhere.example/',
  '//me:secret@elsewhere.example/',
  'https://',
  'http://[::1',
];

/** Addresses that become links, and where they lead. */
const safe: readonly (readonly [string, string])[] = [
  ['https://example.com/channels', 'https://example.com/channels'],
  ['HTTPS://EXAMPLE.com/channels', 'https://example.com/channels'],
  ['/channels/email', `${location.origin}/channels/email`],
  // As in a browser: another site, with the protocol of this page. The user can see where it leads.
  ['//elsewhere.example/x', `${location.protocol}//elsewhere.example/x`],
  ['\\\\elsewhere.example\\x', `${location.protocol}//elsewhere.example/x`],
  ['/a?next=javascript:alert(1)#"><script>', `${location.origin}/a?next=javascript:alert(1)#%22%3E%3Cscript%3E`],
];

/** The links of a guide for a channel that is fixed at this address. */
async function links(href: string, routes: Routes = {}): Promise<readonly HTMLAnchorElement[]> {
  const store = new StubStore();
  store.show(ref, { status: 'error', name: 'Spring sale', cause: { kind: 'channel', id: 'c', name: 'the channel' } });
  store.diagnose(ref, {
    dependencies: [{ kind: 'channel', id: 'c', name: 'the channel', state: 'stopped', ...(href ? { href } : {}) }],
    outlook: 'fails-again',
  });
  const around = await fixture<CampaignProvider>(html`
    <campaign-provider .store=${store} .routes=${routes}>
      <recovery-guide system=${ref.system} campaign-id=${ref.id}></recovery-guide>
    </campaign-provider>
  `);
  const guide = around.querySelector('recovery-guide')!;
  await until(() => guide.shadowRoot!.querySelector('[part=link]'));
  return [...guide.shadowRoot!.querySelectorAll('a')];
}

describe('links', () => {
  for (const href of unsafe)
    it(`${JSON.stringify(href)} from a backend is none: a button stands there, which the host hears of`, async () => {
      expect(await links(href)).to.deep.equal([]);
    });

  for (const href of unsafe)
    it(`${JSON.stringify(href)} as a route of the host's is none either`, async () => {
      expect(await links('', { channels: () => href, agents: href })).to.deep.equal([]);
    });

  for (const [href, to] of safe)
    it(`${JSON.stringify(href)} leads to ${to}, and tells that page nothing`, async () => {
      const [link] = await links(href);
      expect(link!.href).to.equal(to);
      expect(link!.rel).to.equal('noopener noreferrer');
    });

  const to = (id: string): string | undefined =>
    routeTo({ campaign: '/all/{system}/{id}/edit' }, 'campaign', { ref: { ...ref, id } });

  for (const id of [
    '../../admin',
    '//elsewhere.example',
    'a?b#c',
    'javascript:alert(1)',
    '{id}',
    '%2e%2e',
    '\u0000',
    '\ud800',
  ])
    it(`the id ${JSON.stringify(id)} leaves neither its place in a route nor its site`, () => {
      const { origin, pathname, search, hash } = new URL(to(id)!);
      expect([origin, search, hash]).to.deep.equal([location.origin, '', '']);
      expect(pathname).to.equal(`/all/flows/${encodeURIComponent(id.toWellFormed())}/edit`);
    });

  for (const id of ['.', '..'])
    it(`the id ${id} has no page: an address can not hold it`, () => {
      expect(to(id)).to.equal(undefined);
    });
});
