/**
 * Marks in a page between which the session reads the CPU time of the page's main thread. On a busy machine the time of
 * the clock says little; this one leaves out the time of other processes.
 */
export async function measured<T>(name: string, work: () => T | Promise<T>): Promise<T> {
  performance.mark(`bench:begin:${name}`);
  const result = await work();
  performance.mark(`bench:end:${name}`);
  return result;
}
