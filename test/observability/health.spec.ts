import { Controller, Get, Module } from '@nestjs/common';
import { HealthCheck, HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { defineTopic, type Health } from 'nestjs-webhooks';
import { WebhooksHealthIndicator } from 'nestjs-webhooks/terminus';
import { BacklogRepository } from '../../lib/deliveries/backlog.repository';
import { describeEachDatabase, type DatabaseHandle } from '../support/databases';
import { Host } from '../support/host';

class Shipment {
  id!: string;
}

const OrderShipped = defineTopic('order.shipped', Shipment);

@Controller('health')
class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly webhooks: WebhooksHealthIndicator,
  ) {}

  @Get()
  @HealthCheck()
  check() {
    return this.health.check([() => this.webhooks.isHealthy('webhooks', { backlogAgeMs: 60_000 })]);
  }
}

@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [WebhooksHealthIndicator],
})
class HealthModule {}

describeEachDatabase((database) => {
  let handle: DatabaseHandle;
  let host: Host;

  beforeEach(async () => {
    handle = await database.create();
    host = await Host.start(handle, {
      topics: [OrderShipped],
      imports: [HealthModule],
      webhooks: { shutdownTimeoutMs: 0, retry: { schedule: ['1m'], jitter: 0 } },
    });
  });
  afterEach(async () => {
    await host.stop();
    await handle.drop();
  });

  /** A second attempt that is due and held up, because its endpoint says nothing. */
  async function late(): Promise<void> {
    await host.subscribe();
    host.receiver.answers(500).thenHangs();
    await host.webhooks.publish(OrderShipped, { id: 'A-1' });
    const oneTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
    await host.webhooks.idle();
    await host.clock.advance('1m', oneTurn);
    await host.receiver.waitFor(2);
    await host.clock.advance('61s', oneTurn);
  }

  describe('The health of an engine', () => {
    it('is up where the database answers, the lease is held and nothing is late', async () => {
      expect(await host.webhooks.health({ backlogAgeMs: 0 })).toEqual<Health>({
        status: 'up',
        database: 'up',
        lease: 'held',
        backlogAgeMs: 0,
        problems: [],
      });
    });

    it('is down where something waits for longer than is allowed, and only where that is asked', async () => {
      await late();
      const age = (await host.webhooks.health()).backlogAgeMs!;
      expect(age).toBeGreaterThanOrEqual(61_000);
      expect(await host.webhooks.health()).toMatchObject({ status: 'up' });
      expect(await host.webhooks.health({ backlogAgeMs: age })).toMatchObject({ status: 'up' });
      expect(await host.webhooks.health({ backlogAgeMs: 60_000 })).toMatchObject({
        status: 'down',
        problems: [`The first of what waits is ${age} ms late; at most 60000 are allowed.`],
      });
    });

    it('is down where the database does not answer, at once or ever', async () => {
      const ping = jest.spyOn(host.app.get(BacklogRepository, { strict: false }), 'ping');
      ping.mockRejectedValueOnce(new Error('connection refused'));
      const down = {
        status: 'down',
        database: 'down',
        backlogAgeMs: null,
        problems: ['The database does not answer.'],
      };
      expect(await host.webhooks.health()).toMatchObject(down);
      ping.mockReturnValueOnce(new Promise(() => undefined));
      const answer = host.webhooks.health();
      await host.clock.advance('3s');
      expect(await answer).toMatchObject(down);
      expect(await host.webhooks.health()).toMatchObject({ status: 'up' });
    });

    it('is down while this process has no lease', async () => {
      const { clock, webhooks } = host;
      const stopped = jest.spyOn(clock, 'monotonic').mockReturnValue(clock.monotonic() + 30 * 86_400_000);
      expect(await webhooks.health()).toMatchObject({
        status: 'down',
        lease: 'lost',
        problems: ['This process has no lease, and delivers nothing.'],
      });
      stopped.mockRestore();
    });
  });

  describe('The indicator for Terminus', () => {
    const ask = async () => {
      await host.app.listen(0, '127.0.0.1');
      const answer = await fetch(`${await host.app.getUrl()}/health`);
      return { status: answer.status, body: (await answer.json()) as object };
    };

    it('says so with 200', async () => {
      const webhooks = { status: 'up', database: 'up', lease: 'held', backlogAgeMs: 0, problems: [] };
      expect(await ask()).toMatchObject({ status: 200, body: { status: 'ok', info: { webhooks } } });
    });

    it('says why not with 503', async () => {
      await late();
      expect(await ask()).toMatchObject({ status: 503, body: { error: { webhooks: { status: 'down' } } } });
    });
  });
});
