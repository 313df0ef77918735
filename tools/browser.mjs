// The browsers of the tests. On Linux x64 it is the one in the npm package @sparticuz/chromium, with fonts from npm packages only:
// what is installed on a machine changes no result.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** No sandbox, so that root and plain containers work; the rest keeps the browser from calling anywhere. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A busy machine may be slow to start one; in ms. */
const timeout = 120_000;

/**
 * Where browsers are installed.
 *
 * @type {Partial<Record<NodeJS.Platform, string[]>>}
 */
const programs = {
  linux: ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser', 'microsoft-edge-stable'].flatMap(
    (name) => [`/usr/bin/${name}`, `/usr/local/bin/${name}`, `/snap/bin/${name}`],
  ),
  darwin: ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
    (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
  ),
  win32: [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
    .filter((root) => root !== undefined)
    .flatMap((root) => [
      join(root, 'Google/Chrome/Application/chrome.exe'),
      join(root, 'Microsoft/Edge/Application/msedge.exe'),
    ]),
};

/**
 * What `puppeteer.launch` takes.
 *
 * @typedef {{executablePath: string, args: string[], headless: true | 'shell', env: Record<string, string | undefined>, timeout: number}} LaunchOptions
 */

/**
 * The browser for tests and pictures. In this order: the one that `BROWSER_PATH` names; on Linux x64 the packaged one;
 * elsewhere an installed one. With `BUNDLED_BROWSER=1` only the packaged one will do.
 *
 * @returns {Promise<LaunchOptions>}
 */
export async function findBrowser() {
  const packaged = process.platform === 'linux' && process.arch === 'x64';
  if (process.env.BUNDLED_BROWSER) {
    if (!packaged) throw new Error('BUNDLED_BROWSER is set, but the packaged browser runs on Linux x64 only.');
    return packagedBrowser();
  }
  const named = namedBrowser();
  if (named) return named;
  if (packaged) return packagedBrowser();
  const installed = installedBrowser();
  if (installed) return installed;
  throw new Error(
    'The tests found no browser. Install Chrome, Chromium or Edge, or set BROWSER_PATH to the program file of one.',
  );
}

/**
 * A whole Chrome, Chromium or Edge, for tests of what the packaged headless shell does not have, such as the back/forward cache:
 * the one that `BROWSER_PATH` names, or an installed one.
 *
 * @returns {LaunchOptions}
 */
export function fullBrowser() {
  const found = namedBrowser() ?? installedBrowser();
  if (found) return found;
  throw new Error(
    'This test needs a full browser. Install Chrome, Chromium (Debian: apt-get install chromium) or Edge, or set BROWSER_PATH.',
  );
}

/**
 * Firefox and WebKitGTK, with the fonts of the packaged browser, so that texts are as wide as there. Throws with all that is
 * missing, and how to install it.
 */
export async function otherEngines() {
  const firefox = inPath(['firefox-esr', 'firefox'], 'firefox-esr');
  const driver = inPath(['WebKitWebDriver'], 'webkit2gtk-driver');
  const screen = inPath(['Xvfb'], 'xvfb');
  const missing = [firefox, driver, screen].flatMap(({ path, name, debian }) => (path ? [] : [{ name, debian }]));
  if (missing.length > 0)
    throw new Error(
      `The tests in Firefox and WebKit need ${missing.map(({ name }) => name).join(', ')}, and found no such program. ` +
        `They run on Linux; Debian: apt-get install ${missing.map(({ debian }) => debian).join(' ')}`,
    );
  const env = { ...process.env, ...settings(await unpack()) };
  return { firefox: firefox.path, driver: driver.path, screen: screen.path, env };
}

/**
 * The first of these programs that is in the PATH.
 *
 * @param {string[]} names
 * @param {string} debian the package that has it
 */
function inPath(names, debian) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const path = names.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file));
  return { path: path ?? '', name: names.join(' or '), debian };
}

/** @returns {LaunchOptions | undefined} */
function namedBrowser() {
  const path = process.env.BROWSER_PATH;
  if (path && !existsSync(path)) throw new Error(`BROWSER_PATH names ${path}, and there is no such file.`);
  return path ? { executablePath: path, args, headless: true, env: process.env, timeout } : undefined;
}

/** @returns {LaunchOptions | undefined} */
function installedBrowser() {
  const path = programs[process.platform]?.find((file) => existsSync(file));
  return path ? { executablePath: path, args, headless: true, env: process.env, timeout } : undefined;
}

/** @returns {Promise<LaunchOptions>} */
async function packagedBrowser() {
  const home = await unpack();
  return {
    executablePath: join(home, 'chromium'),
    args,
    headless: 'shell',
    timeout,
    env: {
      ...process.env,
      LD_LIBRARY_PATH: [join(home, 'al2023', 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
      ...settings(home),
    },
  };
}

/** Fonts, language and time zone that are the same on each machine. @param {string} home where the browser is unpacked */
function settings(home) {
  return { FONTCONFIG_FILE: writeFontSettings(home), LC_ALL: 'en_US.UTF-8', LANGUAGE: 'en_US', TZ: 'UTC' };
}

/** Unpacks the packaged browser once, with the libraries and the font that a bare machine lacks. */
async function unpack() {
  const bin = fileURLToPath(new URL('../bin/', import.meta.resolve('@sparticuz/chromium')));
  const cache = fileURLToPath(new URL('../node_modules/.cache/', import.meta.url));
  const home = join(cache, `chromium-${statSync(join(bin, 'chromium.br')).size}`);
  if (existsSync(home)) return home;
  // The package unpacks into the temporary folder and takes any file there for a whole one, also one that another process
  // still writes or that belongs to another user. So: a folder of our own, put in its place when complete.
  const half = `${home}.${process.pid}`;
  const { TMPDIR } = process.env;
  mkdirSync(half, { recursive: true });
  process.env.TMPDIR = half;
  try {
    const { inflate } = await import('@sparticuz/chromium');
    await Promise.all(readdirSync(bin).map((archive) => inflate(join(bin, archive))));
    renameSync(half, home);
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    if (!existsSync(home)) throw error; // else another process was faster
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
  return home;
}

/**
 * Fonts for the packaged browser: Open Sans, which it brings along, and DejaVu for monospaced text and for what Open Sans lacks.
 * The fonts of the machine are left out on purpose: with them, text would have other widths on each machine.
 *
 * @param {string} home where the browser is unpacked
 * @returns the settings file; it names folders, so it is written each time, for a checkout that has moved
 */
function writeFontSettings(home) {
  const dejaVu = dirname(fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')));
  const file = join(home, 'fonts.conf');
  const half = `${file}.${process.pid}`;
  writeFileSync(
    half,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(home, 'fonts')}</dir>
  <dir>${dejaVu}</dir>
  <cachedir>${join(home, 'fonts-cache')}</cachedir>
  <alias binding="same"><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
  <match target="pattern">
    <edit name="family" mode="append_last"><string>Open Sans</string><string>DejaVu Sans</string></edit>
  </match>
</fontconfig>
`,
  );
  renameSync(half, file); // whole at once: another browser may be starting
  return file;
}
