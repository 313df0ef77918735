import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import '../src/define.ts';
import './support/campaign-page.ts';
import { openStage, stageOf } from './support/stage.ts';
import './support/stories.css';

const meta: Meta = {
  title: 'Lifecycle',
  tags: ['!autodocs'],
  beforeEach: openStage,
  render: (_args, context) => {
    const { backend, src } = stageOf(context);
    return html`<campaign-provider src=${src}>
      <story-campaign-page
        .backend=${backend}
        .chosen=${{ flows: 'spring-sale-launch', python: 'terms-of-service-notice' }}
      ></story-campaign-page>
    </campaign-provider>`;
  },
};
export default meta;
type Story = StoryObj;

export const FlowsAndPython: Story = { name: 'Flows and python' };
