// https://github.com/lit/lit/tree/main/packages/labs/virtualizer
import '@lit-labs/virtualizer';
import { html } from 'lit';
import { exposeHost, ListHost } from '../host-element.ts';

const row = ({ name, status, at }) =>
  html`<div class="row" style="width: 100%; height: 40px; display: grid; grid-template-columns: 4fr 1fr 2fr 1fr">
    <span>${name}</span><span>${status}</span><time>${at}</time><button>Start</button>
  </div>`;
const key = ({ id }) => id;

class VirtualizerHost extends ListHost {
  get scroller() {
    return this.querySelector('lit-virtualizer');
  }

  render() {
    return html`<lit-virtualizer
      scroller
      style="height: 100%"
      .items=${[...this.view.shown]}
      .renderItem=${row}
      .keyFunction=${key}
    ></lit-virtualizer>`;
  }
}
customElements.define('virtualizer-host', VirtualizerHost);

exposeHost(document.createElement('virtualizer-host'), '.row');
