import { expect } from '@open-wc/testing';
import { html, render } from 'lit';
import { keyed } from '../../src/elements/shared/templates/keyed.ts';

describe('each', () => {
  let place: HTMLElement;
  beforeEach(() => {
    place = document.createElement('div');
  });

  /** Words keyed by their first letters: words with the same first letter are the same item. */
  function show(...words: string[]): HTMLElement[] {
    render(
      html`<ul>
        ${keyed(
          words,
          (word) => word[0],
          (word) => html`<li>${word}</li>`,
        )}
      </ul>`,
      place,
    );
    return [...place.querySelectorAll('li')];
  }
  const texts = (items: readonly HTMLElement[]): string[] => items.map((item) => item.textContent);

  it('keeps the nodes of an item, wherever it goes and whatever it becomes', () => {
    const [alpha, bravo, charlie] = show('alpha', 'bravo', 'charlie');
    const after = show('charlie', 'delta', 'apple');
    expect(texts(after)).to.deep.equal(['charlie', 'delta', 'apple']);
    expect([after[0], after[2]]).to.deep.equal([charlie, alpha]);
    expect(bravo!.isConnected).to.equal(false);
  });

  it('does not move what is in its place already', () => {
    show('alpha', 'bravo', 'charlie', 'delta');
    const moved: string[] = [];
    const observer = new MutationObserver(() => {});
    observer.observe(place, { childList: true, subtree: true });
    show('alpha', 'charlie', 'delta', 'echo');
    for (const { addedNodes } of observer.takeRecords())
      for (const node of addedNodes) if (node instanceof HTMLElement) moved.push(node.textContent);
    observer.disconnect();
    expect(moved).to.deep.equal(['echo']);
  });

  it('shows nothing, and something again', () => {
    show('alpha');
    expect(show()).to.deep.equal([]);
    expect(texts(show('bravo', 'alpha'))).to.deep.equal(['bravo', 'alpha']);
  });

  it('leaves nothing behind of what goes', () => {
    show();
    const nodes = (): number => place.querySelector('ul')!.childNodes.length;
    const before = nodes();
    for (let n = 0; n < 50; n++) {
      show(...Array.from({ length: 5 }, (_, k) => String.fromCharCode(97 + ((n + k) % 26))));
      show();
    }
    expect(nodes()).to.equal(before);
  });
});
