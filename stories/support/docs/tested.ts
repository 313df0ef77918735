/** How and when the accessibility of an element is tested. */
import { html, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { DocsElement } from './docs-element.ts';

/** `<story-tested suites="campaign-status-tag popup">`: the names of tests in test/elements, separated by spaces. */
export class StoryTested extends DocsElement {
  @property() suites = '';

  protected override render(): TemplateResult {
    return html`<ul>
      <li>
        <b>Every change</b>, in Chromium:
        ${this.suites.split(' ').map((suite) => html`<code>test/elements/${suite}.test.ts</code> `)} with axe, names and
        descriptions in the accessibility tree, keyboard, pointer and touch.
      </li>
      <li><b>Every run of CI</b>: axe on each story; pictures in forced colours, right to left and at 320 px.</li>
      <li><b>Not yet</b>: a person with a screen reader. No claim is made for NVDA, JAWS or VoiceOver.</li>
    </ul>`;
  }
}

customElements.get('story-tested') ?? customElements.define('story-tested', StoryTested);
