import { loadHost, type HostProcess } from '../processes/host';
import type { Publication } from '../processes/traffic';

/** What a host has said so far. */
export interface Sayings {
  readonly publications: Publication[];
  /** When it said that it had lost its lease. */
  readonly leaseLosses: number[];
}

/** A process that has loaded everything and waits to be told which host to open. */
interface Spare {
  readonly process: HostProcess;
  readonly sayings: Sayings;
}

/** Loads processes ahead of time, because loading takes longer than anything that is done to them. */
export class Nursery {
  private readonly spares: Promise<Spare>[] = [];

  constructor(private readonly size: number) {}

  /** A process, and where it is noted what it says. */
  async take(): Promise<Spare> {
    this.fill();
    const spare = await this.spares.shift()!;
    this.fill();
    return spare;
  }

  async close(): Promise<void> {
    const spares = await Promise.all(this.spares.splice(0));
    await Promise.all(spares.map(({ process }) => process.end()));
  }

  private fill(): void {
    while (this.spares.length < this.size) this.spares.push(load());
  }
}

async function load(): Promise<Spare> {
  const sayings: Sayings = { publications: [], leaseLosses: [] };
  const process = await loadHost((notice) => {
    if (notice.kind === 'lease lost') sayings.leaseLosses.push(performance.now());
    else sayings.publications.push(notice);
  });
  return { process, sayings };
}
