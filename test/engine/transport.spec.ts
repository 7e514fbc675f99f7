import { defineTopic, Transport, type Answer, type OutgoingRequest } from 'nestjs-webhooks';
import { undiciTransport } from 'nestjs-webhooks/undici';
import { describeEachDatabase } from '../support/databases';
import { hostForEach } from '../support/host';

class Shipment {
  id!: string;
}

const OrderShipped = defineTopic('order.shipped', Shipment);

class PretendedTransport extends Transport {
  readonly sent: OutgoingRequest[] = [];
  isClosed = false;

  send(request: OutgoingRequest): Promise<Answer> {
    this.sent.push(request);
    return Promise.resolve({ kind: 'response', status: 204, headers: {}, body: '', truncated: false, durationMs: 1 });
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}

describeEachDatabase({ only: ['sqlite'] }, (database) => {
  describe('with the transport on undici', () => {
    const given = hostForEach(database, {
      topics: [OrderShipped],
      webhooks: { transport: undiciTransport(), responseLimitBytes: 5 },
    });

    it('delivers, and keeps as much of the answer as the options say', async () => {
      const { host } = given;
      host.receiver.answers(200, {}, { body: 'thank you' });
      const { secrets } = await host.subscribe();
      await host.webhooks.publish(OrderShipped, { id: 'A-1' });
      await host.webhooks.idle();
      expect(host.received(secrets.current())).toMatchObject([{ type: 'order.shipped', data: { id: 'A-1' } }]);
      const { data } = await host.deliveries.list({ limit: 1 });
      expect(await host.deliveries.attemptsOf(data[0]!.id)).toMatchObject([{ status: 200, responseBody: 'thank' }]);
    });
  });

  describe("with a transport of the host's own", () => {
    const made: PretendedTransport[] = [];
    const own = () => made[made.push(new PretendedTransport()) - 1]!;
    const given = hostForEach(database, { topics: [OrderShipped], webhooks: { transport: own } });

    it('sends through it and closes it with the application', async () => {
      await given.host.subscribe();
      await given.host.webhooks.publish(OrderShipped, { id: 'A-1' });
      await given.host.webhooks.idle();
      expect(made).toMatchObject([{ sent: [{ method: 'POST' }], isClosed: false }]);
      await given.host.app.close();
      expect(made).toMatchObject([{ isClosed: true }]);
    });
  });
});
