/** Waits until a condition holds, in real time only. @param seen describes the state in the error if it never does */
export async function until(
  holds: () => boolean | Promise<boolean>,
  seen: () => string = () => '',
  ms = 30_000,
): Promise<void> {
  for (const end = Date.now() + ms; !(await holds()); await new Promise((resolve) => setTimeout(resolve, 5)))
    if (Date.now() > end) throw new Error(`not true within ${ms} ms: ${String(holds)} ${seen()}`);
}
