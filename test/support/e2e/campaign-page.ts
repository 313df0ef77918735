import assert from 'node:assert/strict';
import type { CDPSession, ConsoleMessage, ElementHandle, HTTPRequest, KeyInput, Page } from 'puppeteer-core';
import type { ControlCommand } from '../../../mocks/index.ts';
import {
  flows,
  python,
  statusView,
  type CampaignRecord,
  type CampaignRef,
  type Lifecycle,
} from '../../../src/index.ts';
import { find, middleOf, rowsOf, textOf, type ShownRow } from './page-functions.ts';
import type { SimulationStep, Site } from './sites.ts';
import { pause, until } from '../until.ts';

/**
 * A press right after the button has changed by itself is ignored: it may have been meant for the previous action (ms).
 */
const GUARD_MS = 600;
/** A feed that was lost is back within this time (ms): the longest backoff, and time for the attempt. */
const BACK_MS = 45_000;

const lifecycles = new Map<string, Lifecycle>([flows, python].map((lifecycle) => [lifecycle.system, lifecycle]));

/** The state that the backend reports about itself. */
export interface SimulationState {
  readonly systems: readonly { readonly system: string; readonly campaigns: readonly CampaignRecord[] }[];
}

/** A page with campaigns, used as a person does: by mouse, keys and touch. */
export class CampaignPage {
  readonly #problems: string[] = [];
  #tolerated: RegExp[] = [];
  /** URLs of the page's action requests. */
  readonly actions: string[] = [];
  #cdp: CDPSession | undefined;

  private constructor(
    readonly page: Page,
    readonly site: Site,
  ) {
    page.on('console', (message: ConsoleMessage) => {
      if (['error', 'warn'].includes(message.type()))
        this.#problems.push(`console: ${message.text()} ${message.location().url ?? ''}`);
    });
    page.on('pageerror', (error) => this.#problems.push(`uncaught: ${String(error)}`));
    page.on('request', (request: HTTPRequest) => {
      const { protocol, hostname, pathname } = new URL(request.url());
      if (protocol.startsWith('http') && hostname !== '127.0.0.1') this.#problems.push(`request: ${request.url()}`);
      if (pathname.includes('/actions/')) this.actions.push(decodeURIComponent(pathname.split('/campaigns/')[1] ?? ''));
    });
  }

  /** Opens the page and waits until its list is there. */
  static async open(page: Page, site: Site): Promise<CampaignPage> {
    const opened = new CampaignPage(page, site);
    await page.setViewport({ width: 1280, height: 900 });
    // tsx names functions with a helper that does not exist in the page.
    await page.evaluateOnNewDocument('globalThis.__name = (f) => f');
    await page.evaluateOnNewDocument(() => {
      addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
        console.error(`policy violated: ${violatedDirective} ${blockedURI}`),
      );
    });
    await page.goto(site.url + (site.start ?? ''));
    // A story's play function runs first; wait for its end.
    if (site.path.length)
      await page.waitForFunction('globalThis.__STORYBOOK_ADDONS_CHANNEL__?.last("storyFinished")', { polling: 50 });
    await until(async () => (await opened.rows()).length > 0, 'the list is there');
    return opened;
  }

  /** Allows these console messages from now on, because the test provokes them. */
  tolerate(...patterns: RegExp[]): void {
    this.#tolerated.push(...patterns);
  }

  /** Fails if the page logged anything on its console, sent a request elsewhere, or violated its policy. */
  assertQuiet(): void {
    const left = this.#problems
      .splice(0)
      .filter((problem) => !this.#tolerated.some((pattern) => pattern.test(problem)));
    assert.deepEqual(left, []);
  }

  // --- input ------------------------------------------------------------------------------------------------------------

  /** Waits for an element, and returns it. */
  async element(...path: readonly string[]): Promise<ElementHandle<HTMLElement>> {
    return until(async () => {
      const handle = await this.page.evaluateHandle(find, path);
      return handle.asElement() as ElementHandle<HTMLElement> | null;
    }, path.join(' > '));
  }

  /** True if the element is there. */
  async has(...path: readonly string[]): Promise<boolean> {
    // An element can't leave the page as a value, but its handle can.
    return (await this.page.evaluateHandle(find, path)).asElement() !== null;
  }

  async #middle(path: readonly string[]): Promise<{ x: number; y: number }> {
    let covered: string | undefined;
    return until(
      async () => {
        const found = await (await this.element(...path)).evaluate(middleOf);
        covered = found?.covered;
        return covered === undefined && found;
      },
      () => `room for ${path.join(' > ')}; it is ${covered ? `covered by ${covered}` : 'without size'}`,
    );
  }

  /** Moves the mouse there. */
  async hover(...path: readonly string[]): Promise<void> {
    const { x, y } = await this.#middle(path);
    await this.page.mouse.move(x, y, { steps: 4 });
  }

  /** Moves the mouse there and clicks. */
  async click(...path: readonly string[]): Promise<void> {
    const { x, y } = await this.#middle(path);
    await this.page.mouse.move(x, y, { steps: 3 });
    await this.page.mouse.click(x, y);
  }

  /** Turns touch emulation on or off. */
  async touchScreen(enabled: boolean): Promise<void> {
    await (await this.cdp()).send('Emulation.setTouchEmulationEnabled', { enabled, maxTouchPoints: 1 });
  }

  /** Touches with one finger. */
  async tap(...path: readonly string[]): Promise<void> {
    const { x, y } = await this.#middle(path);
    const cdp = await this.cdp();
    await cdp.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] });
    await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  }

  /** Presses keys, one after the other. */
  async press(...keys: readonly KeyInput[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Moves the mouse away from everything. */
  async away(): Promise<void> {
    await this.page.mouse.move(2, 2, { steps: 2 });
  }

  /** Moves mouse and focus out of the rows, so that they may move again. */
  async leave(): Promise<void> {
    await this.away();
    await this.page.mouse.click(2, 2);
  }

  async cdp(): Promise<CDPSession> {
    return (this.#cdp ??= await this.page.createCDPSession());
  }

  // --- reading ----------------------------------------------------------------------------------------------------------

  /** The text that an element shows. */
  async text(...path: readonly string[]): Promise<string> {
    return (await this.element(...path)).evaluate(textOf);
  }

  /** The accessible name and description of an element. */
  async spoken(
    ...path: readonly string[]
  ): Promise<{ role: string; name: string; description: string; disabled: boolean }> {
    const node = await until(
      async () => {
        const id = await (await this.element(...path)).backendNodeId();
        const { nodes } = await (await this.cdp()).send('Accessibility.getFullAXTree');
        return nodes.find(({ backendDOMNodeId }) => backendDOMNodeId === id);
      },
      `${path.join(' > ')} is in the accessibility tree`,
    );
    const text = (value: unknown): string => (typeof value === 'string' ? value : '');
    return {
      role: text(node.role?.value),
      name: text(node.name?.value),
      description: text(node.description?.value),
      disabled: node.properties?.some(({ name, value }) => name === 'disabled' && value.value === true) ?? false,
    };
  }

  /** Every row of the list. */
  async rows(): Promise<ShownRow[]> {
    const list = await this.element(...this.list);
    return list.evaluate(rowsOf);
  }

  // --- the page's parts -------------------------------------------------------------------------------------------------

  get list(): readonly string[] {
    return [...this.site.path, 'campaign-list'];
  }

  /** The tag of a campaign in the list. */
  tag(name: string): readonly string[] {
    return [...this.list, `row=${name}`, 'campaign-status-tag', '[part=tag]'];
  }

  /** The message popup of a campaign in the list, while it is open. */
  popup(name: string): readonly string[] {
    return [...this.list, `row=${name}`, 'campaign-status-tag', '[part=popup]'];
  }

  header(...path: readonly string[]): readonly string[] {
    return [...this.site.path, 'campaign-header', ...path];
  }

  /** The header's button. */
  get button(): readonly string[] {
    return this.header('campaign-action-button', '[part=button]');
  }

  get guide(): readonly string[] {
    return [...this.site.path, 'recovery-guide'];
  }

  /** Clicks a link to a system or to a campaign. */
  async #follow(...path: readonly string[]): Promise<void> {
    await Promise.all([this.site.loadsPages && this.page.waitForNavigation(), this.click(...path)]);
  }

  /** Shows the campaigns of a system. */
  async system(label: string): Promise<void> {
    await this.#follow(...this.site.system(label));
    const { system } = [...lifecycles.values()].find((one) => one.label === label)!;
    await until(async () => {
      const list = await this.element(...this.list);
      return (await list.evaluate((element) => (element as unknown as { system: string }).system)) === system;
    }, `the list of ${label}`);
    await until(async () => (await this.rows()).length > 0, 'its rows');
  }

  /** Opens a campaign from the list. */
  async choose(name: string): Promise<void> {
    await this.#follow(...this.list, `row=${name}`, '[part=name]');
    await this.reads(this.header('[part=name]'), new RegExp(`^${name}$`));
  }

  /** Waits until the text of an element matches. */
  async reads(path: readonly string[], pattern: RegExp, ms?: number): Promise<string> {
    let last = '';
    return until(
      async () => pattern.test((last = await this.text(...path))) && last,
      () => `${path.join(' > ')} reads ${pattern}; it reads "${last}"`,
      ms,
    );
  }

  /** Records the header's tag in every frame. @returns a function that stops and returns the texts in order */
  async watchHeader(): Promise<() => Promise<string[]>> {
    const label = await this.element(...this.header('campaign-status-tag', '[part=label]'));
    const notes = await label.evaluateHandle((element) => {
      const texts: string[] = [];
      const look = (): void => {
        const text = element.textContent.trim();
        if (texts.at(-1) !== text) texts.push(text);
        if (element.isConnected) requestAnimationFrame(look);
      };
      look();
      return texts;
    });
    return () => notes.jsonValue();
  }

  /** Waits until header and list agree that the campaign has this status. */
  async shows(name: string, label: string, ms?: number): Promise<void> {
    await this.reads(this.header('campaign-status-tag', '[part=label]'), new RegExp(`^${label}$`), ms);
    await this.reads([...this.tag(name), '[part=label]'], new RegExp(`^${label}$`), ms);
  }

  /** Clicks the header's button, once it offers this action and accepts a press. */
  async act(verb: string): Promise<void> {
    await this.reads(this.button, new RegExp(`^${verb}`));
    await pause(GUARD_MS);
    await this.click(...this.button);
  }

  /** Asserts that the header's button is disabled, gives this reason, and sends nothing when pressed. */
  async assertDisabled(reason: RegExp): Promise<void> {
    const before = this.actions.length;
    let actual: unknown;
    await until(
      async () => {
        const { disabled, description } = await this.spoken(...this.button);
        actual = { disabled, description };
        return disabled && reason.test(description);
      },
      () => `the button is disabled, and says ${reason}; it says ${JSON.stringify(actual)}`,
    );
    await pause(GUARD_MS);
    await this.click(...this.button);
    await this.reads(this.header('campaign-action-button', '[part=popup]'), reason);
    await this.press('Escape');
    await until(
      async () => !(await this.has(...this.header('campaign-action-button', '[part=popup]'))),
      'Escape closes the reason',
    );
    assert.equal(this.actions.length, before, 'nothing was sent');
  }

  // --- the backend ------------------------------------------------------------------------------------------------------

  /** Makes something happen on the platform: by the page's own control if it has one. */
  async simulate(step: SimulationStep): Promise<void> {
    const label = this.site.control(step);
    if (label === undefined) return this.command(step.command);
    const panel = this.#panel;
    if (await this.has(...panel, '#groups[hidden]')) await this.click(...panel, '.bar .button');
    const box = (await this.has(...panel, `label=${label}`))
      ? [`label=${label}`, 'input']
      : [`.groups button=${label}`];
    await this.click(...panel, ...box);
  }

  /** Closes the control panel, if the page has one: on a narrow screen it covers most of the rest. */
  async closeSimulation(): Promise<void> {
    const panel = this.#panel;
    if (await this.has(...panel, '#groups:not([hidden])')) await this.click(...panel, '.bar .button');
  }

  get #panel(): readonly string[] {
    return [...this.site.path, 'story-control-panel'];
  }

  /** Runs a control of the simulated backend directly, without the page. */
  async command(command: ControlCommand): Promise<void> {
    const error = await this.page.evaluate(async (body) => {
      const { src } = document.querySelector('campaign-provider') as Element & { src: string };
      const answer = await fetch(`${src.replace(/\/$/, '')}/_sim`, { method: 'POST', body: JSON.stringify(body) });
      return answer.ok ? '' : answer.text();
    }, command);
    assert.equal(error, '');
  }

  /** The whole state of the backend. */
  stage(): Promise<SimulationState> {
    return this.page.evaluate(async () => {
      const { src } = document.querySelector('campaign-provider') as Element & { src: string };
      return (await (await fetch(`${src.replace(/\/$/, '')}/_sim`)).json()) as SimulationState;
    });
  }

  /** The backend's record of one campaign. */
  async record({ system, id }: CampaignRef): Promise<CampaignRecord> {
    const { systems } = await this.stage();
    const record = systems.find((one) => one.system === system)?.campaigns.find((one) => one.id === id);
    assert.ok(record, `the backend has ${system} ${id}`);
    return record;
  }

  /** Asserts that the backend refuses every action that is not legal now, gives a reason, and changes nothing. */
  async assertRefusals(ref: CampaignRef): Promise<void> {
    const lifecycle = lifecycles.get(ref.system)!;
    const { status, revision, missing = [] } = await this.record(ref);
    this.tolerate(/status of 4(12|22) .*\/actions\//);
    const offered = statusView(lifecycle, status, { missing }).action;
    const actionNames = new Set([...lifecycles.values()].flatMap(({ actions }) => Object.keys(actions)));
    for (const action of actionNames) {
      if (offered?.action === action && !offered.disabled) continue;
      const { answer, detail } = await this.page.evaluate(
        async ({ system, id }, wanted, expect) => {
          const { src } = document.querySelector('campaign-provider') as Element & { src: string };
          const response = await fetch(`${src.replace(/\/$/, '')}/${system}/campaigns/${id}/actions/${wanted}`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
            body: JSON.stringify({ expect }),
          });
          const problem = (await response.json()) as { detail?: string };
          return { answer: response.status, detail: problem.detail ?? '' };
        },
        ref,
        action,
        { status, revision },
      );
      assert.ok([412, 422].includes(answer), `${action} from ${status} was answered ${answer}`);
      assert.notEqual(detail, '', `${action} from ${status} was refused without a reason`);
      this.actions.pop();
    }
    const after = await this.record(ref);
    assert.deepEqual([after.status, after.revision], [status, revision], 'nothing changed');
  }

  /** Waits until every row shows what the backend has. */
  async assertEqualsBackend(label: string): Promise<void> {
    const lifecycle = [...lifecycles.values()].find((one) => one.label === label)!;
    let difference: unknown;
    await until(
      async () => {
        const rows = new Map((await this.rows()).map((row) => [row.id, row]));
        const { systems } = await this.stage();
        const { campaigns } = systems.find(({ system }) => system === lifecycle.system)!;
        difference =
          campaigns
            .map((record) => [expectedRow(lifecycle, record), rows.get(record.id)])
            .find(([wanted, row]) => JSON.stringify(wanted) !== JSON.stringify(row)) ??
          (rows.size === campaigns.length ? undefined : `${rows.size} rows for ${campaigns.length} campaigns`);
        return difference === undefined;
      },
      () => `the screen equals the backend; it differs in ${JSON.stringify(difference)}`,
      BACK_MS,
    );
  }
}

/** What the list must show of a record. */
function expectedRow(lifecycle: Lifecycle, record: CampaignRecord): ShownRow {
  const { status, missing, denied } = record;
  const { action } = statusView(lifecycle, status, { missing, denied });
  const name = record.name ?? record.id;
  return {
    name,
    id: record.id,
    status: lifecycle.statuses[status]?.label ?? status,
    since: '',
    action: action ? `${lifecycle.actions[action.action]?.label ?? ''} ${name}` : '',
    disabled: action?.disabled !== undefined,
  };
}
