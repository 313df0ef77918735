/** Makes the page update all its times, as it does every half minute and when it becomes visible. */
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
