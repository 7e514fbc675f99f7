import { join } from 'node:path';
import { Child } from './child';
import type { HostSettings } from './host.module';
import type { HostCommands } from './host.process';
import type { Publication } from './traffic';

/** What a host says unasked: what became of a publication, or that it had no processor time for longer than its lease. */
export type HostNotice = Publication | { readonly kind: 'lease lost' };

/** A host that sends webhooks, in a process of its own. */
export type HostProcess = Child<HostCommands, HostNotice>;

/** Loads a host's program, so that it can open quickly. */
export function loadHost(onNotice?: (notice: HostNotice) => void): Promise<HostProcess> {
  return Child.start<HostCommands, HostNotice>(join(__dirname, 'host.process.ts'), { onNotice });
}

export async function startHost(settings: HostSettings): Promise<HostProcess> {
  const host = await loadHost();
  await host.call('open', settings);
  return host;
}
