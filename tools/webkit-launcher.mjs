// Runs tests in WebKit: WebKitGTK's own browser on a virtual screen, controlled over WebDriver. Its page offers the part of
// Puppeteer's page that the test runner's commands use: keys, mouse and size.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @typedef {NonNullable<import('@web/test-runner').TestRunnerConfig['browsers']>[number]} BrowserLauncher */
/** @typedef {{ width: number, height: number }} Size */

/**
 * Without a window manager, the window under the pointer has the focus. The pointer rests in the middle of the screen: here on the
 * browser's toolbar, whatever the size of the window.
 */
const SCREEN = '600x20x24';
/** The viewport of a new page, as in the other engines. */
const VIEWPORT = { width: 800, height: 600 };
/** A busy machine may be slow; in ms. */
const TIMEOUT = 120_000;

/** Keys that WebDriver names by a private code point. A key of one character is that character. */
const keyCodes = new Map(
  Object.entries({
    Tab: '\uE004',
    Enter: '\uE007',
    Shift: '\uE008',
    Control: '\uE009',
    Alt: '\uE00A',
    Escape: '\uE00C',
    Space: ' ',
    PageUp: '\uE00E',
    PageDown: '\uE00F',
    End: '\uE010',
    Home: '\uE011',
    ArrowLeft: '\uE012',
    ArrowUp: '\uE013',
    ArrowRight: '\uE014',
    ArrowDown: '\uE015',
    F2: '\uE032',
  }),
);

/** @param {{ driver: string, screen: string, env: Record<string, string | undefined> }} options programs, and their environment */
export function webkitLauncher({ driver, screen, env }) {
  /** @type {import('node:child_process').ChildProcess[]} */
  const processes = [];
  /** @type {Promise<WebKitPage> | undefined} */
  let opened;
  /** The test session that has the page. @type {{ id: string, url: string, page: WebKitPage } | undefined} */
  let active;
  let settings = '';
  const end = () => {
    for (const it of processes.splice(0)) it.kill();
    if (settings) rmSync(settings, { recursive: true, force: true });
  };

  async function open() {
    process.once('exit', end);
    for (const signal of ['SIGHUP', 'SIGTERM']) process.once(signal, () => process.exit(1));
    // The screen chooses a free number and writes it to its third file.
    const xvfb = spawn(screen, ['-displayfd', '3', '-screen', '0', SCREEN, '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    processes.push(xvfb);
    const [number] = await once(/** @type {import('node:stream').Readable} */ (xvfb.stdio[3]), 'data');
    // As in the other engines, two presses by a test are no double click, however soon one comes after the other.
    settings = mkdtempSync(join(tmpdir(), 'webkit-'));
    mkdirSync(join(settings, 'gtk-3.0'));
    writeFileSync(join(settings, 'gtk-3.0', 'settings.ini'), '[Settings]\ngtk-double-click-time=0\n');
    writeFileSync(join(settings, 'gtk-3.0', 'gtk.css'), '* { min-width: 0; margin: 0; padding: 0; font-size: 2px; }\n');
    const port = await freePort();
    const options = {
      DISPLAY: `:${String(number).trim()}`,
      XDG_CONFIG_HOME: settings,
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1', // root and plain containers can't have one
      NO_AT_BRIDGE: '1',
    };
    processes.push(
      spawn(driver, [`--port=${port}`, '--host=127.0.0.1'], { stdio: 'ignore', env: { ...env, ...options } }),
    );
    return WebKitPage.open(`http://127.0.0.1:${port}`);
  }

  /** @type {BrowserLauncher & { getPage(id: string): WebKitPage }} */
  const launcher = {
    name: 'WebKit',
    type: 'puppeteer', // so that the runner's commands use the page
    concurrency: 1, // the driver has one session at a time
    async startSession(id, url) {
      const page = await (opened ??= open());
      active = { id, url, page };
      await page.setViewport(VIEWPORT);
      await page.goto(url);
    },
    isActive: (id) => active?.id === id,
    getBrowserUrl: (id) => (active?.id === id ? active.url : undefined),
    getPage(id) {
      if (active?.id !== id) throw new Error(`The session ${id} has no page.`);
      return active.page;
    },
    async stopSession() {
      await active?.page.goto('about:blank');
      active = undefined;
      return {};
    },
    startDebugSession: () =>
      Promise.reject(new Error('WebKit runs on a virtual screen, so nobody can debug it there.')),
    async stop() {
      await (await opened)?.close();
      end();
    },
  };
  return launcher;
}

/** A port that nobody uses now. The driver takes no 0. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  server.close();
  await once(server, 'close');
  return port;
}

class WebKitPage {
  #session;

  /** @param {string} session its address */
  constructor(session) {
    this.#session = session;
  }

  /** Waits for the driver, and opens a browser. @param {string} driver its address */
  static async open(driver) {
    for (const end = Date.now() + TIMEOUT; ;) {
      const ready = await fetch(`${driver}/status`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (ready) break;
      if (Date.now() > end) throw new Error(`WebKitWebDriver does not answer at ${driver}.`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const { sessionId } = /** @type {{ sessionId: string }} */ (
      await command('POST', `${driver}/session`, { capabilities: {} })
    );
    return new WebKitPage(`${driver}/session/${sessionId}`);
  }

  /** @param {string} url */
  goto(url) {
    return this.#post('url', { url });
  }

  close() {
    return command('DELETE', this.#session);
  }

  /** Gives the viewport this size: the window is larger by the browser's toolbar. @param {Size} size */
  async setViewport({ width, height }) {
    const measure = async () => {
      const script = 'return [innerWidth, innerHeight]';
      const inner = /** @type {[number, number]} */ (await this.#post('execute/sync', { script, args: [] }));
      const outer = /** @type {Size} */ (await command('GET', `${this.#session}/window/rect`));
      return { inner, outer };
    };
    const { inner, outer } = await measure();
    if (inner[0] === width && inner[1] === height) return;
    await this.#post('window/rect', {
      width: outer.width + width - inner[0],
      height: outer.height + height - inner[1],
    });
    for (const end = Date.now() + 5000; ;) {
      const { inner } = await measure();
      if (inner[0] === width && inner[1] === height) return;
      if (Date.now() > end) throw new Error(`The viewport is ${inner.join(' × ')}, not ${width} × ${height}.`);
    }
  }

  keyboard = {
    /** @param {string} text */
    type: (text) => this.#keys([...text].flatMap(typed)),
    /** @param {string} key */
    press: (key) => this.#keys([down(key), up(key)]),
    /** @param {string} key */
    down: (key) => this.#keys([down(key)]),
    /** @param {string} key */
    up: (key) => this.#keys([up(key)]),
  };

  mouse = {
    /** @param {number} x @param {number} y */
    move: (x, y) => this.#pointer([moveTo(x, y)]),
    /** @param {number} x @param {number} y @param {{ button?: string }} [options] */
    click: (x, y, { button } = {}) => this.#pointer([moveTo(x, y), press(button), release(button)]),
    /** @param {{ button?: string }} [options] */
    down: ({ button } = {}) => this.#pointer([press(button)]),
    /** @param {{ button?: string }} [options] */
    up: ({ button } = {}) => this.#pointer([release(button)]),
  };

  /** @param {{ type: string }[]} actions */
  #keys(actions) {
    return this.#input({ type: 'key', id: 'keyboard', actions });
  }

  /** @param {{ type: string }[]} actions */
  #pointer(actions) {
    return this.#input({ type: 'pointer', id: 'mouse', actions });
  }

  /**
   * Sends input. The driver may answer before the page has handled it, so this waits for the last event and a frame of the page.
   *
   * @param {{ type: string, id: string, actions: { type: string }[] }} device
   */
  async #input(device) {
    const event = lastEvents.get(device.actions.at(-1)?.type ?? '');
    if (event) await this.#post('execute/sync', { script: `(${expectEvent})(arguments[0])`, args: [event] });
    await this.#post('actions', { actions: [device] });
    await this.#post('execute/async', { script: `(${afterEvent})(arguments[0])`, args: [] });
  }

  /** @param {string} path @param {object} body */
  #post(path, body) {
    return command('POST', `${this.#session}/${path}`, body);
  }
}

/** The event of the page that ends an action. A move has none if the pointer is there already. */
const lastEvents = new Map(
  Object.entries({ keyDown: 'keydown', keyUp: 'keyup', pointerDown: 'mousedown', pointerUp: 'mouseup' }),
);

/** Runs in the page, before the input. The event may also go elsewhere, such as to a frame. @param {string} type */
function expectEvent(type) {
  const expected = new Promise((resolve) => {
    addEventListener(type, resolve, { capture: true, once: true });
    setTimeout(resolve, 500);
  });
  Reflect.set(globalThis, '__expectedEvent', expected);
}

/** Runs in the page, after the input. @param {() => void} answer */
function afterEvent(answer) {
  const expected = Promise.resolve(Reflect.get(globalThis, '__expectedEvent'));
  void expected.then(() => requestAnimationFrame(() => setTimeout(answer)));
}

/** @param {string} key */
const down = (key) => ({ type: 'keyDown', value: codeOf(key) });
/** @param {string} key */
const up = (key) => ({ type: 'keyUp', value: codeOf(key) });
/** The driver does not press Shift for a capital letter. @param {string} key */
const typed = (key) =>
  key === key.toLowerCase() ? [down(key), up(key)] : [down('Shift'), down(key), up(key), up('Shift')];

/** @param {number} x @param {number} y */
const moveTo = (x, y) => ({ type: 'pointerMove', x, y, duration: 0 });
const buttons = ['left', 'middle', 'right'];
const press = (button = 'left') => ({ type: 'pointerDown', button: buttons.indexOf(button) });
const release = (button = 'left') => ({ type: 'pointerUp', button: buttons.indexOf(button) });

/** @param {string} key */
function codeOf(key) {
  const code = keyCodes.get(key) ?? key;
  if ([...code].length !== 1) throw new Error(`The key ${key} has no code in tools/webkit-launcher.mjs.`);
  return code;
}

/** @param {string} method @param {string} url @param {object} [body] */
async function command(method, url, body) {
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(TIMEOUT),
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const { value } = /** @type {{ value: unknown }} */ (await response.json());
  if (response.ok) return value;
  const { error, message } = /** @type {{ error: string, message: string }} */ (value);
  throw new Error(`WebDriver ${new URL(url).pathname}: ${error}: ${message}`);
}
