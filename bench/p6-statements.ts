import { repeat } from './alternation';
import { atMost, type Measurement } from './measurement';
import { eventually, now, pause } from './now';
import type { Host, Receiver } from './stage';

const TENANTS = Array.from({ length: 8 }, (_, index) => `tenant-${index}`);
const FLOOD = { events: 8_000, ahead: 1_000 };
const QUIET_SECONDS = 10;
const PER_SECOND = 10;

interface Run {
  readonly flood: number;
  readonly trickle: number;
  readonly idle: number;
}

/**
 * What one host process asks of Postgres, counted at the driver. Idle lasts four heartbeats of the default lease, so
 * that these count; at 10 events/s they are counted in.
 */
export const p6: Measurement = {
  id: 'P6',
  title: 'SQL statements',
  async run(stage) {
    const receiver = await stage.receiver();
    const host = await stage.host();
    const [origin] = await receiver.call('origins');
    await host.call(
      'subscribe',
      TENANTS.map((tenant, index) => ({ tenant, url: `${origin}/${index}` })),
    );
    await host.call('flood', { events: 1_000, ahead: 1_000 }, TENANTS);
    const runs: Run[] = await repeat(async () => ({
      flood: (await statements(host, () => host.call('flood', FLOOD, TENANTS))) / FLOOD.events,
      trickle: (await statements(host, () => trickle(host, receiver))) / (PER_SECOND * QUIET_SECONDS),
      idle: (await statements(host, () => pause(QUIET_SECONDS * 1_000))) / QUIET_SECONDS,
    }));
    const figure = (id: string, name: string, value: (run: Run) => number) => ({ id, name, runs, value });
    return [
      atMost(
        0.1,
        figure('P6-full', 'SQL statements per delivery at full load', (run) => run.flood),
      ),
      atMost(
        6,
        figure('P6-trickle', 'SQL statements per delivery at 10 events/s', (run) => run.trickle),
      ),
      atMost(
        0.5,
        figure('P6-idle', 'SQL statements per second when idle', (run) => run.idle),
      ),
    ];
  },
};

async function statements(host: Host, action: () => Promise<unknown>): Promise<number> {
  const before = await host.call('statements');
  await action();
  return (await host.call('statements')) - before;
}

/** Lasts as long as its rate says, and until everything has arrived. */
async function trickle(host: Host, receiver: Receiver): Promise<void> {
  const endsAt = now() + QUIET_SECONDS * 1_000;
  const arrived = (await receiver.call('counts')).requests + PER_SECOND * QUIET_SECONDS;
  await host.call('flow', [{ perSecond: PER_SECOND, tenants: TENANTS }], QUIET_SECONDS);
  await eventually(async () => (await receiver.call('counts')).requests >= arrived, 5_000);
  await pause(Math.max(endsAt - now(), 100));
}
