/** Operates the campaign page of the Lifecycle stories as a user would. */
import { expect, userEvent, waitFor } from 'storybook/test';
import { waitForElement, findOptional, find, waitForText, textOf } from './find.ts';

/** The button ignores a press right after its action changed, because it may have been meant for the previous one. */
const GUARD_MS = 600;

/** The page of one story. */
export class CampaignPageDriver {
  constructor(private readonly canvas: HTMLElement) {}

  /** An element of the page by its name or class. */
  part(...path: readonly string[]): HTMLElement {
    return find(this.canvas, 'story-campaign-page', ...path);
  }

  /** Waits until the list is there. */
  async ready(): Promise<void> {
    await waitForElement(this.canvas, 'story-campaign-page', 'campaign-list', '[part=row]');
  }

  /** Shows the campaigns of the other system. */
  async system(label: string): Promise<void> {
    const buttons = this.part('.systems').querySelectorAll('button');
    await userEvent.click([...buttons].find((button) => textOf(button) === label)!);
    await this.ready();
  }

  /** Chooses a campaign in the list. */
  async choose(name: string): Promise<void> {
    await waitFor(() => expect(this.#row(name)).toBeTruthy());
    await userEvent.click(this.#row(name)!);
    await waitFor(() => expect(textOf(this.part('campaign-header', '[part=name]'))).toBe(name));
  }

  /** Waits until header and list show this status of the campaign. */
  async shows(name: string, label: string): Promise<void> {
    const text = new RegExp(`^${label}$`);
    await waitForText(() => this.part('campaign-header', 'campaign-status-tag', '[part=label]'), text);
    await waitFor(() => expect(this.#row(name)).toBeTruthy());
    const row = this.#row(name)!.closest<HTMLElement>('[part=row]')!;
    await waitForText(() => find(row, 'campaign-status-tag', '[part=label]'), text);
  }

  /** Records every label of the header’s tag from now on. Returns a function that gives them in order. */
  listen(): () => readonly string[] {
    const label = this.part('campaign-header', 'campaign-status-tag', '[part=label]');
    const labels = [textOf(label)];
    const observer = new MutationObserver(() => {
      if (labels.at(-1) !== textOf(label)) labels.push(textOf(label));
    });
    observer.observe(label, { childList: true, characterData: true, subtree: true });
    return () => labels;
  }

  /** The button in the header. */
  get offer(): HTMLElement {
    return this.part('campaign-header', 'campaign-action-button', '[part=button]');
  }

  /** Presses the button in the header, once it accepts a press. */
  async press(verb: string): Promise<void> {
    await waitForText(() => this.offer, new RegExp(verb));
    await pause(GUARD_MS);
    await userEvent.click(this.offer);
  }

  /** Confirms the dialog of an action. */
  async confirm(): Promise<void> {
    await waitForElement(
      this.canvas,
      'story-campaign-page',
      'campaign-header',
      'campaign-action-button',
      '[part=confirm]',
    );
    await pause(GUARD_MS);
    await userEvent.click(this.part('campaign-header', 'campaign-action-button', '[part=confirm-go]'));
  }

  /** Turns a switch of the control panel, or presses a button there. A panel that was closed is closed again. */
  async simulate(label: string): Promise<void> {
    const panel = this.part('story-control-panel').shadowRoot!;
    const closed = findOptional(panel, '#groups[hidden]') !== undefined;
    if (closed) await userEvent.click(find(panel, '.bar .button'));
    const controls = panel.querySelectorAll<HTMLElement>('label, .groups button');
    const control = [...controls].find((one) => textOf(one) === label);
    if (!control) throw new Error(`The control panel has no "${label}".`);
    await userEvent.click(control.querySelector('input') ?? control);
    if (closed) await userEvent.click(find(panel, '.bar .button'));
  }

  #row(name: string): HTMLElement | undefined {
    const names = this.part('campaign-list').shadowRoot!.querySelectorAll<HTMLElement>('[part=name]');
    return [...names].find((one) => textOf(one) === name);
  }
}

/** Waits. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
