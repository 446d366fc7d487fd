/** Owns waiting for a condition rather than for a time. */

const LOOK_AGAIN = 20;

/** Looks again and again until something holds. Throws when it does not within so many milliseconds. */
export async function until(holds: () => Promise<boolean>, patience: number): Promise<void> {
  const end = performance.now() + patience;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`It did not happen within ${patience} ms.`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
  }
}
