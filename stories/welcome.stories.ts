import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import '../src/define.ts';
import { openBackend, backendOf } from './support/story-backend.ts';
import './support/story.styles.ts';

const meta: Meta = { title: 'Welcome', tags: ['!autodocs'], beforeEach: openBackend };
export default meta;
type Story = StoryObj;

const MARKUP = `<script type="module">
  import 'campaign-status-kit/define';
</script>

<campaign-provider src="/api">
  <campaign-list system="flows"></campaign-list>
</campaign-provider>`;

/** What the kit is, how to use these stories, and where to continue. */
export const ReadMeFirst: Story = {
  name: 'Read me first',
  render: (_args, context) =>
    html`<article class="prose">
      <h1>Campaign status you can trust</h1>
      <p>
        Web components that show what a campaign is doing, say why, and offer the one action that is legal now. They
        never claim more than the backend has said: a lost connection, an unanswered request or an old error shows as
        what it is.
      </p>
      <campaign-provider src=${backendOf(context).src}>
        <p>
          A tag fits into a sentence: the spring sale is
          <campaign-status-tag system="flows" campaign-id="spring-sale-launch"></campaign-status-tag>. Hover it, focus
          it or press it to read the reason.
        </p>
      </campaign-provider>

      <h2>How to use these stories</h2>
      <ul>
        <li>
          <a href="./?path=/story/lifecycle--flows-and-python">Lifecycle</a> shows all elements on one page, with a
          simulated backend. The bar at the bottom suggests what to try next.
        </li>
        <li>
          There, switch a channel off, cut the feed, or refuse the next action: most of what goes wrong in real life is
          one press away. The rest, such as a user who is signed out, has a story with its element.
        </li>
        <li>
          <a href="./?path=/story/scenarios--channel-goes-down">Scenarios</a> play by themselves: a channel that goes
          down, a refused Force stop, a lost feed. A timeline shows what the backend did beside what the page learned.
          The address is a link to share.
        </li>
        <li>
          Each story has its own backend. Reload to start again. Theme, brand, language, direction, density and text
          size are in the toolbar above.
        </li>
      </ul>

      <h2>If you design or run campaigns</h2>
      <p>
        Start with <a href="./?path=/story/lifecycle--flows-and-python">Lifecycle</a>. Each element has one page, in one
        order: what it is for, its parts, all its states, its words, what it does when the connection is lost. See the
        <a href="./?path=/docs/elements-status-tag--docs">status tag</a>. Foundations list each
        <a href="./?path=/docs/foundations-colour--docs">colour</a>, size and motion once, and
        <a href="./?path=/story/foundations-contrast-and-icons--colours">measure</a> the contrast of every pair.
      </p>

      <h2>If you build the page</h2>
      <p>
        Put a provider around your page and elements where they belong. That is all for a backend that speaks the HTTP
        contract.
      </p>
      <pre tabindex="0"><code>${MARKUP}</code></pre>
      <p>The documentation page of each element lists its attributes, events, parts and custom properties.</p>

      <h2>If you bring the backend</h2>
      <p>
        Serve the HTTP contract, or write an adapter: a list, then its changes. A system of campaigns is a table of
        statuses, and a third one is shown by the
        <a href="./?path=/story/elements-list--six-statuses">list with six statuses</a>.
      </p>
    </article>`,
};
