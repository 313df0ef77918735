// Gives Node a page, as Vitest and Jest do: node --import ./jsdom.js --test
import { JSDOM } from 'jsdom';

const { window } = new JSDOM('<!doctype html>', { url: 'http://localhost/', pretendToBeVisual: true });
// What Node has too, but does not work with the page's elements.
const ofThePage = ['AbortController', 'AbortSignal', 'CustomEvent', 'Event', 'EventTarget', 'navigator'];
const missing = Object.getOwnPropertyNames(window).filter((name) => !(name in globalThis));
for (const name of [...missing, ...ofThePage])
  Object.defineProperty(globalThis, name, { value: Reflect.get(window, name), configurable: true, writable: true });
