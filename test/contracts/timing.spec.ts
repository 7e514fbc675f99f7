import { defineTopic, Transport, type Answer, type OutgoingRequest } from 'nestjs-webhooks';
import { ewarehousing, packcloud } from 'nestjs-webhooks/contracts';
import { describeContracts } from './contracts-host';

const OrderCreated = defineTopic('order.created');

class Recorder extends Transport {
  readonly requests: OutgoingRequest[] = [];

  send(request: OutgoingRequest): Promise<Answer> {
    this.requests.push(request);
    return Promise.resolve({
      kind: 'response',
      status: 204,
      headers: {},
      body: '',
      truncated: false,
      durationMs: 1,
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

describe('A request of a contract', () => {
  const recorder = new Recorder();
  const contracts = [ewarehousing(), packcloud()];
  describeContracts({ contracts, topics: [OrderCreated], webhooks: { transport: () => recorder } }, (host) => {
    it.each([
      ['ewarehousing', 10_000],
      ['packcloud', 3_000],
    ])('of %s may take %d ms', async (contract, timeoutMs) => {
      const wanted = { url: 'https://example.com/hook', topics: ['order.created'], tenant: 'acme', contract };
      const { id } = await host().subscriptions.create({ ...wanted, secret: 's' });
      recorder.requests.length = 0;
      await host().webhooks.publish(OrderCreated, { id: 'A-1' }, { tenant: 'acme' });
      await host().webhooks.idle();
      expect(recorder.requests).toMatchObject([{ url: 'https://example.com/hook', timeoutMs }]);
      await host().subscriptions.remove(id);
    });
  });
});
