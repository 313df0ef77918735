/** The element that a host would write around a virtualizer for Lit. */
import { LitElement } from 'lit';
import { RowsView } from './rows-view.ts';
import { exposeList } from './subject.ts';

export abstract class ListHost extends LitElement {
  readonly view = new RowsView();

  abstract get scroller(): Element;

  /** In the light DOM, as the virtualizers' own examples are. */
  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}

/** @param rows finds the rendered rows */
export function exposeHost(host: ListHost, rows: string): void {
  exposeList({
    async mount(box, campaigns) {
      host.view.load(campaigns);
      host.style.display = 'block';
      host.style.height = '100%';
      box.append(host);
      await host.updateComplete;
    },
    async query(query) {
      host.view.query = query;
      host.scroller.scrollTop = 0;
      host.requestUpdate();
      await host.updateComplete;
    },
    apply(changed) {
      // Lit renders in a microtask: once a batch, and a batch comes once a frame.
      host.view.apply(changed);
      host.requestUpdate();
    },
    scroller: () => host.scroller,
    rows: () => host.querySelectorAll(rows),
  });
}
