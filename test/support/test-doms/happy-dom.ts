/** Gives Node the page of happy-dom. */
import { Window } from 'happy-dom';

const window = new Window({ url: 'http://localhost/' });
// What Node has too, but does not work with the page's elements.
const ofThePage = ['AbortController', 'AbortSignal', 'CustomEvent', 'Event', 'EventTarget', 'navigator'];
const missing = Object.getOwnPropertyNames(window).filter((name) => !(name in globalThis));
for (const name of [...missing, ...ofThePage])
  Object.defineProperty(globalThis, name, { value: Reflect.get(window, name), configurable: true, writable: true });
