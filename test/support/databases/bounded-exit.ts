const LIMIT_MS = 5_000;

/**
 * Ends the run, as failed, when something is still open long after the last spec.
 *
 * Jest runs a single spec file in its own process, where one connection left open (say, by a host that did not start)
 * keeps that process for ever, and with it the pipe that its output goes to.
 */
export function endEvenIfSomethingIsOpen(): void {
  setTimeout(() => {
    console.error(`The specs left something open (${openResources()}), so the run ends here as failed.`);
    console.error('Look for what was not closed with: npx jest --config test/jest.config.cjs --detectOpenHandles');
    process.exit(1);
  }, LIMIT_MS).unref();
}

function openResources(): string {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${count} × ${kind}`).join(', ');
}
