import { defineTopic } from 'nestjs-webhooks';
import { challengeInBody, defineContract, packcloud, type ContractDescription } from 'nestjs-webhooks/contracts';
import { describeContracts } from './contracts-host';

const OrderCreated = defineTopic('order.created');

function broken(name: string, changes: Partial<ContractDescription>) {
  const { description } = packcloud();
  return defineContract({ ...description, path: `${name}/:organizationId/webhooks`, noun: name, ...changes, name });
}

const fail = (): never => {
  throw new TypeError('this.contract.of is not a function');
};
const { description: sound } = packcloud();
const silently = broken('silently', { errors: { ...sound.errors, bodyOf: fail } });
const scopeless = broken('scopeless', { scope: { ...sound.scope, tenantOf: fail } });
const mute = broken('mute', { delivery: { ...sound.delivery, body: fail } });
const unjust = broken('unjust', { delivery: { ...sound.delivery, succeeds: fail } });
const choosy = broken('choosy', {
  delivery: {
    ...sound.delivery,
    handshake: challengeInBody({
      required: true,
      body: (challenge) => ({ challenge }),
      echoes: (answer, challenge) => (answer as { challenge: string }).challenge === challenge,
    }),
  },
});
const contracts = [silently, scopeless, mute, unjust, choosy];

describe('A contract whose own functions throw', () => {
  describeContracts({ contracts, topics: [OrderCreated] }, (host) => {
    const subscribe = (contract: string) => {
      const endpoint = host().receiver.url(`/${contract}`);
      return host().call(`POST /${contract}/acme/webhooks`, { event_code: 'order.created', endpoint, secret: 's' });
    };
    const publish = async () => {
      const { id } = await host().webhooks.publish(OrderCreated, { id: 'A-1' }, { tenant: 'acme' });
      await host().webhooks.idle();
      return id;
    };

    afterEach(async () => {
      for (const { id } of (await host().subscriptions.list()).data) await host().subscriptions.remove(id);
      await host().webhooks.idle();
      host().receiver.clear();
    });

    it('answers 500 in its own words when it cannot say whose a request is', async () => {
      const { status, text } = await host().call('GET /scopeless/acme/webhooks');
      expect([status, text]).toEqual([500, '{"message":"Server Error"}']);
    });

    it('answers all the same when it has no words for an error', async () => {
      const type = { authorization: 'Bearer acme', 'content-type': 'application/json' };
      for (const [route, body] of [
        ['POST', '{}'],
        ['POST', '{'],
        ['PATCH', '{}'],
      ] as const) {
        const { status, text } = await host().send(`${route} /silently/acme/webhooks`, type, body);
        expect(status).toBe(500);
        expect(text).not.toContain('of is not a function');
      }
      expect((await host().call('GET /silently/acme/webhooks')).status).toBe(200);
    });

    it('makes no request when it cannot compose it, and tries again as it says', async () => {
      await subscribe('mute');
      const event = await publish();
      await host().clock.advance('10s');
      await host().clock.advance('100s');
      const [delivery] = (await host().deliveries.list({ event })).data;
      expect(delivery).toMatchObject({ state: 'failed', attemptCount: 3 });
      expect(host().receiver).toHaveBeenTried(0);
    });

    it('has failed when it cannot judge an answer, and does not make the request without end', async () => {
      await subscribe('unjust');
      const event = await publish();
      expect(host().receiver).toHaveBeenTried(1);
      await host().clock.advance('10s');
      await host().clock.advance('100s');
      await host().clock.advance('1d');
      expect(host().receiver).toHaveBeenTried(3);
      const [delivery] = (await host().deliveries.list({ event })).data;
      expect(delivery).toMatchObject({ state: 'failed', attemptCount: 3 });
      expect(await host().deliveries.attemptsOf(delivery!.id)).toMatchObject(
        Array.from({ length: 3 }, () => ({ succeeded: false, status: 204 })),
      );
    });

    it('has no subscription when it does not understand how an endpoint answers its handshake', async () => {
      host().receiver.answers(200, {}, { body: 'null' });
      const { status, body } = await subscribe('choosy');
      expect([status, body]).toMatchObject([422, { errors: { endpoint: [expect.stringContaining('handshake')] } }]);
      expect((await host().subscriptions.list()).data).toEqual([]);
    });
  });
});
