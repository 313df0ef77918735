/** Functions that run inside the page. Each is sent there separately, so none may use another. */

type StoryWindow = typeof globalThis & {
  readonly __STORYBOOK_ADDONS_CHANNEL__?: {
    last(event: string): readonly unknown[] | undefined;
    once(event: string, listener: () => void): void;
    emit(event: string, data: unknown): void;
  };
};

/** Stops the wall clock. Timers and `performance.now()` go on, so that play functions still run. */
export function stopClock(at: number): void {
  globalThis.Date = new Proxy(Date, {
    construct: (target, parts, newTarget) =>
      Reflect.construct(target, parts.length > 0 ? parts : [at], newTarget) as Date,
    get: (target, key) => (key === 'now' ? () => at : (Reflect.get(target, key) as unknown)),
  });
}

/** How the story ended; `undefined` while it runs. */
export function storyEnd(): { readonly failure?: string } | undefined {
  const { __STORYBOOK_ADDONS_CHANNEL__: channel } = globalThis as StoryWindow;
  // `storyFinished` alone reports "success" even after a play function threw.
  for (const event of ['playFunctionThrewException', 'storyThrewException', 'storyErrored', 'storyMissing']) {
    const args = channel?.last(event);
    if (args) return { failure: `${event}: ${JSON.stringify(args[0])}` };
  }
  return channel?.last('storyFinished') && {};
}

/** Sets what Storybook's toolbar sets, and waits until the story is rendered with it. */
export function setGlobals(globals: Readonly<Record<string, string>>): Promise<void> {
  const { __STORYBOOK_ADDONS_CHANNEL__: channel } = globalThis as StoryWindow;
  return new Promise((resolve) => {
    channel?.once('storyFinished', resolve);
    channel?.emit('updateGlobals', { globals });
  });
}

/**
 * Waits for fonts and elements, finishes every animation and transition, and removes the focus from text fields, whose
 * caret blinks.
 */
export async function settle(): Promise<void> {
  const roots: (Document | ShadowRoot)[] = [document];
  for (const root of roots)
    for (const { shadowRoot } of root.querySelectorAll('*')) if (shadowRoot) roots.push(shadowRoot);
  for (const { activeElement } of roots)
    if (activeElement?.matches(':read-write')) (activeElement as HTMLElement).blur();
  await document.fonts.ready;
  for (const root of roots)
    for (const element of root.querySelectorAll<Element & { updateComplete?: Promise<boolean> }>('*'))
      while (element.updateComplete && !(await element.updateComplete));
  for (const animation of roots.flatMap((root) => root.getAnimations()))
    if (animation.effect?.getComputedTiming().endTime === Infinity) animation.cancel();
    else animation.finish();
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
}
