/** Waits for a promise, but not for longer than `ms`. @throws what it rejects with */
export async function within<T>(
  ms: number,
  promise: Promise<T>,
): Promise<{ readonly late: false; readonly value: T } | { readonly late: true }> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<{ late: true }>((resolve) => {
    timer = setTimeout(() => resolve({ late: true }), ms);
  });
  try {
    return await Promise.race([promise.then((value) => ({ late: false as const, value })), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits. @param ms how long */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
