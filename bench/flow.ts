import { now, pause } from './now';

export interface Stream {
  readonly perSecond: number;
  /** Whose events these are, in turn. */
  readonly tenants: readonly string[];
}

/** One published event, its times in milliseconds on the machine's clock. */
export interface Published {
  readonly id: string;
  readonly calledAt: number;
  readonly committedAt: number;
}

export type Publish = (index: number, tenant: string) => Promise<{ readonly id: string }>;

/** Publishes at a steady rate, whatever becomes of what was published; answers all of it, in order. */
export async function flow({ perSecond, tenants }: Stream, seconds: number, publish: Publish): Promise<Published[]> {
  const startedAt = now();
  const published: Promise<Published>[] = [];
  for (let index = 0; index < perSecond * seconds; index++) {
    const waitMs = startedAt + (index / perSecond) * 1_000 - now();
    if (waitMs > 0) await pause(waitMs);
    published.push(timed(() => publish(index, tenants[index % tenants.length]!)));
  }
  return Promise.all(published);
}

async function timed(publish: () => Promise<{ readonly id: string }>): Promise<Published> {
  const calledAt = now();
  const { id } = await publish();
  return { id, calledAt, committedAt: now() };
}
