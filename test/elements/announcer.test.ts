import { aTimeout, expect } from '@open-wc/testing';
import { Announcer } from '../../src/elements/shared/a11y/announcer.ts';
import { axOf, until } from '../support/browser.ts';
import { expectSame } from '../support/elements/deep-equal.ts';

describe('the live region', () => {
  let joined: ReturnType<typeof Announcer.join>;
  let inside: ReturnType<typeof Announcer.join> | undefined;
  const announced: string[] = [];
  const announcedAt: number[] = [];
  let observer: MutationObserver;
  const region = (): HTMLElement => document.querySelector<HTMLElement>('[role=status]')!;

  beforeEach(() => {
    announced.length = announcedAt.length = 0;
    joined = Announcer.join(document.body);
    observer = new MutationObserver(() => {
      if (region()?.textContent) announcedAt[announced.push(region().textContent) - 1] = performance.now();
    });
    observer.observe(region(), { childList: true, characterData: true, subtree: true });
  });

  afterEach(() => {
    observer.disconnect();
    joined.leave();
    // Where the accessibility tree can't be read, a test ends with its dialog open.
    inside?.leave();
    document.body.replaceChildren();
  });

  it('exists before its first text, and is shared by all subscribers', () => {
    const other = Announcer.join(document.createElement('div'));
    expect(document.querySelectorAll('[role=status]')).to.have.length(1);
    expect(region().textContent).to.equal('');
    other.leave();
    expect(region().isConnected).to.equal(true);
  });

  it('does not make a page scroll that fills the window', () => {
    const page = document.createElement('div');
    page.style.blockSize = '100vb';
    document.body.style.margin = '0';
    document.body.prepend(page);
    const { scrollHeight, clientHeight } = document.documentElement;
    page.remove();
    document.body.style.margin = '';
    expect(scrollHeight).to.equal(clientHeight);
  });

  it('announces queued texts together, a second apart, in at most 160 characters', async () => {
    const begun = performance.now();
    joined.announce('First.');
    await until(() => announced.length === 1);
    for (let i = 0; i < 10_000; i++) joined.announce(`Campaign ${i} changed.`);
    joined.announce('Could not start Spring sale.');
    await until(() => announced.length === 2);
    // From before the first text: on a busy machine the observer may learn of that one late.
    expect(announcedAt[1]! - begun).to.be.at.least(990);
    expect(announced[1]).to.match(/Campaign 9999 changed\. Could not start Spring sale\.$/);
    expect(announced[1]!.length).to.be.at.most(160);
    await aTimeout(1200);
    expect(announced).to.have.length(2);
  });

  it('names the language of a text, and announces texts in two languages one after the other', async () => {
    const other = Announcer.join(document.createElement('div'));
    joined.announce('Gestartet.', 'de');
    joined.announce('Aktiv.', 'de');
    other.announce('Removed.', 'en');
    await until(() => announced.length === 1);
    expect(region().lang).to.equal('de');
    await until(() => announced.length === 2);
    expect(region().lang).to.equal('en');
    expect(announced).to.deep.equal(['Gestartet. Aktiv.', 'Removed.']);
    other.leave();
  });

  it('announces an equal text again', async () => {
    joined.announce('Could not stop it.');
    await until(() => announced.length === 1);
    joined.announce('Could not stop it.');
    await until(() => announced.length === 2);
    expect(announced).to.deep.equal(['Could not stop it.', 'Could not stop it.']);
  });

  it('announces inside a modal dialog while one is open, because everything else is inert; and outside again afterwards', async () => {
    for (const root of [document.body, document.createElement('div')]) {
      const dialog = document.createElement('dialog');
      dialog.innerHTML = '<button>inside</button>';
      if (root === document.body) root.append(dialog);
      else {
        document.body.append(root);
        root.attachShadow({ mode: 'open' }).append(dialog);
      }
      dialog.showModal();
      joined.announce('Could not stop it.');
      await until(() => dialog.querySelector('[role=status]')?.textContent === 'Could not stop it.');
      expect((await axOf(dialog.querySelector('[role=status]')!))?.text).to.equal('Could not stop it.');
      dialog.remove();
      joined.announce('Spring sale is Active.');
      await until(() => region()?.textContent === 'Spring sale is Active.', 'it to be announced outside');
      expectSame(region().parentElement, document.body);
      if (root !== document.body) root.remove();
    }
  });

  it('announces inside a modal dialog of a closed shadow root, and one that a member is slotted into', async () => {
    for (const mode of ['closed', 'open'] as const) {
      const host = document.createElement('div');
      const member = document.createElement('div');
      member.append(document.createElement('button'));
      const dialog = document.createElement('dialog');
      const root = host.attachShadow({ mode });
      root.append(dialog);
      if (mode === 'closed') dialog.append(member);
      else {
        host.append(member);
        dialog.append(document.createElement('slot'));
      }
      document.body.append(host);
      inside = Announcer.join(member);
      dialog.showModal();
      member.querySelector('button')!.focus();
      inside.announce('Could not stop it.');
      await until(() => dialog.querySelector('[role=status]')?.textContent === 'Could not stop it.');
      expect((await axOf(dialog.querySelector('[role=status]')!))?.text, mode).to.equal('Could not stop it.');
      inside.leave();
      host.remove();
      joined.announce('Spring sale is Active.');
      await until(() => region()?.textContent === 'Spring sale is Active.', 'it to be announced outside');
    }
  });

  it('announces nothing for a subscriber that has left, and leaves no timer behind', async () => {
    joined.announce('Too late.');
    joined.leave();
    joined.announce('Much too late.');
    await aTimeout(200);
    expect(document.querySelector('[role=status]')).to.equal(null);
  });
});
