import { alternate } from './alternation';
import { below, report, type Measurement } from './measurement';
import type { EventLoopDelay } from './observations';
import type { Host } from './stage';

const SECONDS = 10;
const PER_SECOND = 500;
const TENANTS = Array.from({ length: 100 }, (_, index) => `tenant-${index}`);

interface Round {
  readonly idle: EventLoopDelay;
  readonly busy: EventLoopDelay;
}

/** The host's event loop while it publishes and delivers 500 events/s to 100 endpoints that answer in 50 ms. */
export const p9: Measurement = {
  id: 'P9',
  title: "the host's event loop at 500 deliveries/s",
  async run(stage) {
    const receiver = await stage.receiver();
    const host = await stage.host();
    const [origin] = await receiver.call('origins');
    await host.call(
      'subscribe',
      TENANTS.map((tenant, index) => ({ tenant, url: `${origin}/slow/${index}` })),
    );
    await deliver(host, 2);
    const runs: Round[] = await alternate({
      idle: () => host.call('eventLoopDelay', SECONDS / 2),
      busy: async () => {
        const [delay] = await Promise.all([host.call('eventLoopDelay', SECONDS), deliver(host, SECONDS)]);
        return delay;
      },
    });
    const figure = (id: string, name: string, value: (round: Round) => number) => ({ id, name, runs, value });
    return [
      below(
        20,
        figure('P9', 'event loop delay p99 at 500 deliveries/s, ms', ({ busy }) => busy.p99),
      ),
      report(figure('P9-max', 'the longest event loop delay at 500 deliveries/s, ms', ({ busy }) => busy.max)),
      report(figure('P9-idle', 'event loop delay p99 of the same host idle, ms', ({ idle }) => idle.p99)),
    ];
  },
};

function deliver(host: Host, seconds: number): Promise<unknown> {
  return host.call('flow', [{ perSecond: PER_SECOND, tenants: TENANTS }], seconds);
}
