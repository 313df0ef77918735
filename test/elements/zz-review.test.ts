import { expect, fixture, html } from '@open-wc/testing';
import { simulateBackend, simulatedAdapter } from '../../mocks/index.ts';
import '../../src/define.ts';
import type { CampaignHeader } from '../../src/elements/campaign-header/campaign-header.ts';
import type { CampaignLog } from '../../src/elements/campaign-log/campaign-log.ts';
import type { CampaignList } from '../../src/elements/campaign-list/campaign-list.ts';
import type { RecoveryGuide } from '../../src/elements/recovery-guide/recovery-guide.ts';
import type { CampaignActionButton } from '../../src/elements/campaign-action-button/campaign-action-button.ts';
import { flows } from '../../src/lifecycle/index.ts';
import { safeHref } from '../../src/elements/shared/routes.ts';
import { createCampaignStore } from '../../src/store/index.ts';
import { click, focused, hover, nextFrame, until } from '../setup/browser.ts';
import { onStage } from './support/stage.ts';
import { StubStore } from './support/stub-store.ts';

const a = { system: 'flows', id: 'a' };
const b = { system: 'flows', id: 'b' };
const p = { system: 'python', id: 'p' };
const q = { system: 'python', id: 'q' };
const sr = (e: Element) => e.shadowRoot!;
const txt = (e: Element) => sr(e).textContent!.replace(/\s+/g, ' ').trim();

describe('review', () => {
  let store: StubStore;
  beforeEach(() => {
    store = new StubStore();
    store.show(a, { status: 'error', name: 'Alpha', message: 'broken', at: 5 });
    store.show(b, { status: 'active', name: 'Beta' });
    store.show(p, { status: 'error', name: 'Papa', missing: [] });
    store.show(q, { status: 'error', name: 'Quebec', missing: [] });
  });

  it('guide: old view under the new id', async () => {
    const stage = await onStage(store, html`<recovery-guide system="flows" campaign-id="a"></recovery-guide>`);
    const guide = stage.querySelector('recovery-guide') as RecoveryGuide;
    await guide.updateComplete;
    guide.campaignId = 'b';
    store.change(a, { message: 'again', at: 6 });
    await guide.updateComplete; await nextFrame();
    expect(txt(guide)).to.contain('Nothing to recover');
  });
  it('guide: says nothing about an old recovery when handed over', async () => {
    const stage = await onStage(store, html`<recovery-guide system="flows" campaign-id="b"></recovery-guide>`);
    const guide = stage.querySelector('recovery-guide') as RecoveryGuide;
    store.show(b, { status: 'error', name: 'Beta', message: 'x', at: 1 });
    await guide.updateComplete; await nextFrame();
    store.show(b, { status: 'active', name: 'Beta' });
    await guide.updateComplete; await nextFrame();
    expect(txt(guide)).to.contain('Recovered');
    guide.campaignId = 'a';
    await guide.updateComplete; await nextFrame();
    stage.said.length = 0;
    guide.campaignId = 'b';
    await guide.updateComplete; await nextFrame();
    expect(stage.said).to.deep.equal([]);
  });
  it('guide: a recovery that is only last known', async () => {
    const stage = await onStage(store, html`<recovery-guide system="flows" campaign-id="a"></recovery-guide>`);
    const guide = stage.querySelector('recovery-guide') as RecoveryGuide;
    await guide.updateComplete;
    store.show(a, { status: 'active', name: 'Alpha' });
    await guide.updateComplete; await nextFrame();
    store.show(a, { status: 'active', name: 'Alpha', stale: { asOf: store.time, why: 'feed' } });
    await guide.updateComplete; await nextFrame();
    expect(txt(guide)).to.contain('Last known');
  });
  it('guide: kind of dependency that is a word of ours', async () => {
    store.show(a, { status: 'error', name: 'Alpha', message: 'broken', cause: { kind: 'other', id: 'x', name: 'X' } });
    const stage = await onStage(store, html`<recovery-guide system="flows" campaign-id="a"></recovery-guide>`);
    const guide = stage.querySelector('recovery-guide') as RecoveryGuide;
    await guide.updateComplete;
    expect(txt(guide)).to.contain('other X');
  });
  it('header: hidden change of another campaign', async () => {
    const stage = await onStage(store, html`<campaign-header system="flows" campaign-id="a"></campaign-header>`);
    const header = stage.querySelector('campaign-header') as CampaignHeader;
    await header.updateComplete; await nextFrame();
    Object.defineProperty(document, 'hidden', { value: true, configurable: true });
    store.change(a, { message: 'other' });
    header.campaignId = 'b';
    await header.updateComplete;
    delete (document as { hidden?: boolean }).hidden;
    document.dispatchEvent(new Event('visibilitychange'));
    expect(stage.said).to.deep.equal([]);
  });
  it('header: absent id with bidi', async () => {
    store.show({ system: 'flows', id: 'x\u202ey' }, { presence: 'absent' });
    const stage = await onStage(store, html`<campaign-header system="flows" campaign-id=${'x\u202ey'}></campaign-header>`);
    const header = stage.querySelector('campaign-header') as CampaignHeader;
    await header.updateComplete;
    expect(sr(header).querySelector('.note')!.textContent).to.not.contain('\u202e');
  });
  it('log: another campaign is followed from its end', async () => {
    const lines = (n: number, w: string) => Array.from({ length: n }, (_, i) => ({ text: `${w} ${i}` }));
    store.write(p, { entries: lines(200, 'p'), dropped: 0, state: 'live' });
    store.write(q, { entries: lines(300, 'q'), dropped: 0, state: 'live' });
    const stage = await onStage(store, html`<campaign-log system="python" campaign-id="p"></campaign-log>`);
    const log = stage.querySelector('campaign-log') as CampaignLog;
    await log.updateComplete; await nextFrame();
    sr(log).querySelector('.lines')!.scrollTop = 10;
    await nextFrame(); await log.updateComplete;
    expect(log.following).to.equal(false);
    log.campaignId = 'q';
    await log.updateComplete; await nextFrame();
    expect(log.following).to.equal(true);
    expect(txt(log)).to.not.contain('Jump');
  });
  it('log: label with bidi', async () => {
    store.show(p, { status: 'error', name: 'Pa\u202epa', missing: [] });
    const stage = await onStage(store, html`<campaign-log system="python" campaign-id="p"></campaign-log>`);
    const log = stage.querySelector('campaign-log') as CampaignLog;
    await log.updateComplete; await nextFrame();
    expect(sr(log).querySelector('.lines')!.getAttribute('aria-label')).to.not.contain('\u202e');
  });
  it('list: connection message with bidi', async () => {
    (store.connection('flows') as unknown as { set(v: unknown): void }).set({ state: 'forbidden', since: 0, cause: { code: 'forbidden', message: 'a\u202eb' }, counters: {} as never });
    const stage = await onStage(store, html`<campaign-list system="flows"></campaign-list>`);
    const list = stage.querySelector('campaign-list') as CampaignList;
    await list.updateComplete; await nextFrame();
    expect(txt(list)).to.contain('a').and.not.contain('\u202e');
  });
  it('links: credentials', () => {
    expect(safeHref('https://bank.com@evil.com/')).to.equal(undefined);
    expect(safeHref('https://u:p@evil.com/')).to.equal(undefined);
  });
  it('button: dialog open, handed another campaign', async () => {
    const stage = await onStage(store, html`<campaign-action-button system="python" campaign-id="p"></campaign-action-button>`);
    const button = stage.querySelector('campaign-action-button') as CampaignActionButton;
    await button.updateComplete; await nextFrame();
    await click(sr(button).querySelector('.action')!);
    await nextFrame();
    expect(txt(button)).to.contain('Papa');
    button.campaignId = 'q';
    await button.updateComplete; await nextFrame();
    await new Promise((r) => setTimeout(r, 600));
    const go = sr(button).querySelector<HTMLElement>('.confirm-go');
    console.log('dialog after', !!go, txt(button));
    if (go) await click(go);
    console.log(JSON.stringify(store.performed));
    expect(store.performed).to.deep.equal([]);
  });
  it('disposed store', async () => {
    const backend = simulateBackend({ seed: 1, scene: 'empty', tickMs: 0 });
    backend.campaigns.add({ system: 'flows', id: 'a', name: 'A', status: 'active' });
    const real = createCampaignStore({ adapter: simulatedAdapter(backend) });
    const stage = await onStage(real, html`<campaign-status-tag system="flows" campaign-id="a"></campaign-status-tag><campaign-action-button system="flows" campaign-id="a"></campaign-action-button><campaign-list system="flows"></campaign-list><recovery-guide system="flows" campaign-id="a"></recovery-guide>`);
    await until(() => txt(stage.querySelector('campaign-status-tag')!).includes('Active'));
    await nextFrame();
    real.dispose();
    await nextFrame(); await nextFrame();
    const out = [...stage.querySelectorAll('campaign-status-tag, campaign-action-button, campaign-list, recovery-guide')].map((e) => txt(e));
    console.log('disposed:', JSON.stringify(out), sr(stage.querySelector('campaign-action-button')!).querySelector('.action')?.getAttribute('aria-disabled'));
    backend.dispose();
    expect(out[0]).to.contain('Last known');
  });
  it('list: gone row since', async () => {
    const backend = simulateBackend({ seed: 1, scene: 'empty', tickMs: 0 });
    backend.campaigns.add({ system: 'flows', id: 'a', name: 'A', status: 'active' });
    backend.campaigns.add({ system: 'flows', id: 'b', name: 'B', status: 'active' });
    const real = createCampaignStore({ adapter: simulatedAdapter(backend) });
    const list = await fixture<CampaignList>(html`<campaign-list .store=${real} system="flows"></campaign-list>`);
    await until(() => sr(list).querySelectorAll('.body .row').length === 2);
    await hover(sr(list).querySelector('.body .row')!);
    backend.campaigns.remove({ system: 'flows', id: 'a' });
    await nextFrame(); await nextFrame();
    const row = sr(list).querySelector('.body .row.gone')!;
    console.log('gone row:', row.textContent, '|', row.querySelector('time')?.textContent, row.querySelector('.by')?.textContent);
    expect(row.querySelector('time')!.textContent).to.equal('');
    real.dispose(); backend.dispose();
  });
  it('provider: report and lifecycles anew', async () => {
    const backend = simulateBackend({ seed: 1, scene: 'empty', tickMs: 0 });
    const adapter = simulatedAdapter(backend);
    const el = await fixture<any>(html`<campaign-provider .adapter=${adapter} .lifecycles=${[flows]} .report=${() => {}}></campaign-provider>`);
    const one = el.currentStore;
    el.report = () => {};
    el.lifecycles = [flows];
    await el.updateComplete;
    expect(el.currentStore).to.equal(one);
    backend.dispose();
  });
  it('list: summary of the old system', async () => {
    const stage = await onStage(store, html`<campaign-list system="flows"></campaign-list>`);
    const list = stage.querySelector('campaign-list') as CampaignList;
    await list.updateComplete; await nextFrame();
    (store.list('flows') as unknown as { set(v: unknown): void }).set({ ids: [], total: 0, counts: new Map([['error', 3]]), complete: true });
    await list.updateComplete;
    list.system = 'python';
    await list.updateComplete;
    await new Promise((r) => setTimeout(r, 1200));
    expect(stage.said).to.deep.equal([]);
  });
  it('check again that fails', async () => {
    const stage = await onStage(store, html`<campaign-action-button system="python" campaign-id="p"></campaign-action-button>`);
    store.change(p, { request: { action: 'stop', since: 0, phase: 'uncertain' } });
    await nextFrame();
    const button = stage.querySelector('campaign-action-button') as CampaignActionButton;
    await click(sr(button).querySelector('.outcome')!);
    await nextFrame();
    await click([...sr(button).querySelectorAll('button')].find((x) => x.textContent!.includes('Check again'))!);
    await nextFrame();
    console.log('check again says', JSON.stringify(stage.said), focused()?.className);
  });
});
