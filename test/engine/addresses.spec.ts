import { axiosTransport, defineTopic, InvalidSubscriptionError, type ResolveHost } from 'nestjs-webhooks';
import { undiciTransport } from 'nestjs-webhooks/undici';
import { describeEachDatabase } from '../support/databases';
import { hostForEach } from '../support/host';

class Shipment {
  id!: string;
}

const OrderShipped = defineTopic('order.shipped', Shipment);
const LOOPBACK = { address: '127.0.0.1', family: 4 };
const PUBLIC = { address: '93.184.215.14', family: 4 };

/** What names resolve to from now on. */
let addresses = [PUBLIC];
const resolveHost: ResolveHost = (_hostname, _options, callback) => callback(null, addresses);

describeEachDatabase({ only: ['sqlite'] }, (database) => {
  describe.each([
    ['axios', axiosTransport({ resolveHost })],
    ['undici', undiciTransport({ resolveHost })],
  ])('A host that sends over %s to names', (_, transport) => {
    const given = hostForEach(database, {
      topics: [OrderShipped],
      webhooks: { network: { allow: ['allowed.test'] }, transport, retry: { jitter: 0 } },
    });

    beforeEach(() => {
      addresses = [PUBLIC];
    });

    const at = (host: string) => given.host.receiver.url('/hook').replace('127.0.0.1', host);

    it.each(['http://10.0.0.1/', 'http://2130706433/', 'http://localhost/', 'http://private.test/'])(
      'refuses the subscription of %s with the same words',
      async (url) => {
        addresses = [LOOPBACK];
        await expect(given.host.subscribe({ url })).rejects.toThrow(
          new InvalidSubscriptionError([{ field: 'url', message: 'The address of this endpoint is not allowed' }]),
        );
      },
    );

    it.each([
      ['http://example.test/#part', 'a fragment'],
      ['http://example.test:25/', 'port'],
    ])('refuses the subscription of %s', async (url, what) => {
      await expect(given.host.subscribe({ url })).rejects.toThrow(what);
    });

    it('checks a changed URL too', async () => {
      const { id } = await given.host.subscribe({ url: at('public.test') });
      addresses = [LOOPBACK];
      const change = given.host.subscriptions.update(id, { url: at('private.test') });
      await expect(change).rejects.toThrow(InvalidSubscriptionError);
    });

    it('tries a name three times that leads to a refused address after it was subscribed', async () => {
      const { host } = given;
      await host.subscribe({ url: at('flips.test') });
      addresses = [LOOPBACK];
      await host.webhooks.publish(OrderShipped, { id: 'A-1' });
      await host.clock.advance('4d');
      const [delivery] = (await host.deliveries.list({})).data;
      expect(delivery).toMatchObject({ state: 'failed', attemptCount: 3 });
      const refused = { failure: 'address_refused', durationMs: 0, status: null, responseBody: null };
      expect(await host.deliveries.attemptsOf(delivery!.id)).toMatchObject([refused, refused, refused]);
      expect(host.receiver).toHaveBeenTried(0);
    });

    it('delivers when DNS has only erred', async () => {
      const { host } = given;
      await host.subscribe({ url: at('allowed.test') });
      addresses = [{ address: '169.254.169.254', family: 4 }];
      await host.webhooks.publish(OrderShipped, { id: 'A-1' });
      await host.clock.advance('1s');
      addresses = [LOOPBACK];
      await host.clock.advance('10s');
      expect(host.receiver).toHaveBeenTried(1);
      expect((await host.deliveries.list({})).data).toMatchObject([{ state: 'delivered', attemptCount: 2 }]);
    });
  });
});
