import {
  allOf,
  appWide,
  basic,
  defineTopic,
  echoedSecret,
  hmac,
  rsa,
  timestamped,
  urlAndForm,
  type SignatureScheme,
} from 'nestjs-webhooks';
import { DELIVERY_PROFILES, type DeliveryProfiles } from '../../lib/deliveries/delivery-profile';
import { describeEachDatabase } from '../support/databases';
import { hostForEach } from '../support/host';

class Shipment {
  id!: string;
}

const OrderShipped = defineTopic('order.shipped', Shipment);
const header = 'X-Signature';
const everything = hmac({ header, content: ({ method, url, body }) => `${method} ${url} ${body}` });
const platform = rsa({ header });

const SCHEMES: [string, SignatureScheme][] = [
  ['method, URL and body', everything],
  ['URL and form', urlAndForm({ header: 'X-Twilio-Signature' })],
  ['a list with the time', timestamped({ header: 'Stripe-Signature' })],
  [
    'a secret in two headers, and credentials',
    allOf(echoedSecret({ header: ['HTTP_AUTH', 'Auth'] }), basic({ user: 'webhooks' })),
  ],
  ['a key of the platform', appWide(platform, [platform.generateSecret()])],
];

describeEachDatabase({ only: ['sqlite'] }, (database) => {
  const given = hostForEach(database, { topics: [OrderShipped] });

  it.each(SCHEMES)('A request that arrives is verified by %s', async (_what, scheme) => {
    const { host } = given;
    const profile = host.app.get<DeliveryProfiles>(DELIVERY_PROFILES).get('standard')!;
    jest.spyOn(profile, 'signatureFor').mockReturnValue(scheme);
    const url = host.receiver.url('/hook');
    const { secrets } = await host.subscribe({ url: `${url}?a=b c&d=é` });
    await host.webhooks.publish(OrderShipped, { id: 'Zoë 🦊' });
    await host.webhooks.idle();
    const [request] = host.receiver.requests;
    const received = { ...request!, url: new URL(request!.path, url).href };
    const now = host.clock.now();
    expect(() => scheme.verify(received, secrets.at(now), { now })).not.toThrow();
  });
});
