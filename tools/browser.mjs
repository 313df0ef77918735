// Finds a browser for the tests: a named one, an installed one, or the one that comes along as an npm package.
import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

/** @type {Partial<Record<NodeJS.Platform, string[]>>} */
const installed = {
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
 * What `puppeteer.launch` takes. `BROWSER_PATH` or `CHROME_PATH` names a browser; `BUNDLED_BROWSER=1` takes the packaged one
 * though others are installed.
 *
 * @returns {Promise<{executablePath: string, args: string[], headless: true | 'shell', env: Record<string, string | undefined>, timeout: number}>}
 */
export async function findBrowser() {
  const { env } = process;
  const named = env.BROWSER_PATH || env.CHROME_PATH;
  if (named) {
    if (!existsSync(named)) throw new Error(`BROWSER_PATH or CHROME_PATH names ${named}, and there is no such file.`);
    return { executablePath: named, args, headless: true, env, timeout };
  }
  if (!env.BUNDLED_BROWSER) {
    const found = installed[process.platform]?.find((path) => existsSync(path));
    if (found) return { executablePath: found, args, headless: true, env, timeout };
  }
  if (process.platform === 'linux' && process.arch === 'x64') {
    const home = await unpack();
    return {
      executablePath: join(home, 'chromium'),
      args,
      headless: 'shell',
      timeout,
      env: {
        ...env,
        LD_LIBRARY_PATH: [join(home, 'al2023', 'lib'), env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
        FONTCONFIG_PATH: join(home, 'fonts'),
      },
    };
  }
  throw new Error(
    'The tests need a browser and found none. Install Chrome, Chromium or Edge, or set BROWSER_PATH to the program file of one.',
  );
}

/** Unpacks the packaged browser once, with the libraries and the font that a bare machine lacks. */
async function unpack() {
  const bin = fileURLToPath(new URL('../bin/', import.meta.resolve('@sparticuz/chromium')));
  const cache = fileURLToPath(new URL('../node_modules/.cache/', import.meta.url));
  const home = join(cache, `chromium-${statSync(join(bin, 'chromium.br')).size}`);
  if (!existsSync(home)) {
    // The package unpacks into the temporary folder and takes any file there for a whole one, also one that another process
    // still writes or that belongs to another user. So: a folder of our own, put in its place when complete.
    const half = `${home}.${process.pid}`;
    const { TMPDIR, AWS_LAMBDA_JS_RUNTIME } = process.env;
    mkdirSync(half, { recursive: true });
    Object.assign(process.env, { TMPDIR: half, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' }); // this makes it bring its libraries
    try {
      await (await import('@sparticuz/chromium')).default.executablePath();
      renameSync(half, home);
    } catch (error) {
      rmSync(half, { recursive: true, force: true });
      if (!existsSync(home)) throw error; // else another process was faster
    } finally {
      restore('TMPDIR', TMPDIR);
      restore('AWS_LAMBDA_JS_RUNTIME', AWS_LAMBDA_JS_RUNTIME);
    }
  }
  // Written each time, for it names this folder and the checkout may have moved.
  writeFileSync(
    join(home, 'fonts', 'fonts.conf'),
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>${home}/fonts</dir><cachedir>${home}/fonts-cache</cachedir>
</fontconfig>`,
  );
  return home;
}

/** @param {string} name @param {string | undefined} value */
function restore(name, value) {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
