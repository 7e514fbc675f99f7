import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificate } from '../test/transport/localhost.certificate';
import { repeat } from './alternation';
import { atMost, report, type Measurement } from './measurement';

const IN_FLIGHT_CAP = 32;
const TENANTS = ['tenant'];

interface Run {
  readonly opened: number;
  readonly deliveries: number;
}

/** TLS connections that 1,000 deliveries to one endpoint open at steady state, at full load. */
export const p12: Measurement = {
  id: 'P12',
  title: 'TLS connections per 1,000 deliveries to one endpoint',
  async run(stage) {
    const folder = await mkdtemp(join(tmpdir(), 'webhooks-bench-'));
    try {
      const authority = join(folder, 'receiver.pem');
      await writeFile(authority, certificate);
      const receiver = await stage.receiver({ tls: true });
      const [origin] = await receiver.call('origins');
      const host = await stage.host({ webhooks: { laneCap: IN_FLIGHT_CAP } }, { NODE_EXTRA_CA_CERTS: authority });
      await host.call('subscribe', [{ tenant: TENANTS[0]!, url: `${origin}/0` }]);
      const deliver = async (events: number): Promise<Run> => {
        const before = await receiver.call('counts');
        await host.call('flood', { events, ahead: 250 }, TENANTS);
        const after = await receiver.call('counts');
        return { opened: after.connections - before.connections, deliveries: after.requests - before.requests };
      };
      const first = await deliver(1_000);
      const runs = await repeat(() => deliver(1_000), 5);
      return [
        atMost(IN_FLIGHT_CAP, {
          id: 'P12',
          name: 'TLS connections opened per 1,000 deliveries, steady',
          runs,
          value: (run) => run.opened,
        }),
        report({
          id: 'P12-first',
          name: 'the same for the first 1,000 deliveries',
          runs: [first],
          value: (run) => run.opened,
        }),
      ];
    } finally {
      await stage.strike();
      await rm(folder, { recursive: true });
    }
  },
};
