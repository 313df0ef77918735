// https://tanstack.com/virtual/latest/docs/framework/lit/lit-virtual
import { VirtualizerController } from '@tanstack/lit-virtual';
import { html } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import { exposeHost, ListHost } from '../host-element.ts';

const ROW_PX = 40;

class TanStackHost extends ListHost {
  #scroller = createRef();
  #controller = new VirtualizerController(this, {
    getScrollElement: () => this.#scroller.value ?? null,
    count: 0,
    estimateSize: () => ROW_PX,
    overscan: 5,
  });

  get scroller() {
    return this.#scroller.value;
  }

  render() {
    const rows = this.view.shown;
    const virtualizer = this.#controller.getVirtualizer();
    virtualizer.setOptions({
      ...virtualizer.options,
      count: rows.length,
      getItemKey: (index) => rows[index]?.id ?? index,
    });
    return html`<div ${ref(this.#scroller)} style="height: 100%; overflow-y: auto; position: relative">
      <div style="position: relative; height: ${virtualizer.getTotalSize()}px">
        ${virtualizer.getVirtualItems().map(({ index, start }) => {
          const { name, status, at } = rows[index];
          return html`<div
            class="row"
            style="position: absolute; inset-inline: 0; height: ${ROW_PX}px; display: grid; grid-template-columns: 4fr 1fr 2fr 1fr; transform: translateY(${start}px)"
          >
            <span>${name}</span><span>${status}</span><time>${at}</time><button>Start</button>
          </div>`;
        })}
      </div>
    </div>`;
  }
}
customElements.define('tanstack-host', TanStackHost);

exposeHost(document.createElement('tanstack-host'), '.row');
