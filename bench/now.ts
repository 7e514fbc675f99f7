/** Milliseconds on the machine's monotonic clock, which all processes share. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Resolves when `condition` holds, false when it does not within `limitMs`. */
export async function eventually(condition: () => Promise<boolean>, limitMs: number, everyMs = 20): Promise<boolean> {
  const deadline = now() + limitMs;
  while (now() < deadline) {
    if (await condition()) return true;
    await pause(everyMs);
  }
  return false;
}
