/** Has all times on the page renewed, as happens every half minute, and when the page is seen again. */
export function renewTimes(): void {
  try {
    for (const hidden of [true, false]) {
      Object.defineProperty(document, 'hidden', { configurable: true, value: hidden });
      document.dispatchEvent(new Event('visibilitychange'));
    }
  } finally {
    Reflect.deleteProperty(document, 'hidden');
  }
}
