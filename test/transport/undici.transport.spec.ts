import { getGlobalDispatcher, MockAgent, setGlobalDispatcher } from 'undici';
import { WebhooksConfigurationError } from '../../lib/shared/webhooks.error';
import { AddressPolicy } from '../../lib/transport/address-policy';
import type { TransportOptions } from '../../lib/transport/transport-options';
import { UndiciTransport } from '../../lib/transport/undici.transport';
import { closeReceivers, deadUrl, httpReceiver } from './receiver';
import { transportConformance } from './transport.conformance';

transportConformance('UndiciTransport', ({ policy, ...options }) => new UndiciTransport(policy, options));

describe('UndiciTransport', () => {
  const policy = new AddressPolicy({ allow: ['loopback'] });
  const transport = new UndiciTransport(policy);
  const environment = { ...process.env };

  afterEach(closeReceivers);

  afterAll(() => transport.close());

  const post = (url: string, body = '{}') =>
    transport.send({ method: 'POST', url, headers: {}, body, timeoutMs: 10_000 });

  it('takes nothing from the dispatcher that the host uses', async () => {
    const receiver = await httpReceiver();
    const dispatcher = getGlobalDispatcher();
    const mock = new MockAgent();
    mock.disableNetConnect();
    setGlobalDispatcher(mock);
    try {
      expect(await post(receiver.url)).toMatchObject({ kind: 'response', status: 200 });
    } finally {
      setGlobalDispatcher(dispatcher);
      await mock.close();
    }
  });

  it('ignores the proxy of the environment', async () => {
    const receiver = await httpReceiver();
    const proxy = await deadUrl();
    Object.assign(process.env, { http_proxy: proxy, HTTP_PROXY: proxy, NODE_USE_ENV_PROXY: '1', no_proxy: '' });
    try {
      expect(await post(receiver.url)).toMatchObject({ kind: 'response', status: 200 });
    } finally {
      process.env = environment;
    }
  });

  it('does not send once more when the answer had begun', async () => {
    const receiver = await httpReceiver((response, { body }) => {
      if (body.toString() === 'first') response.end();
      else response.socket!.end('HTTP/1.1 200 OK\r\nx-a: ');
    });
    await post(receiver.url, 'first');
    expect(await post(receiver.url, 'second')).toMatchObject({ kind: 'failure', failure: 'connection' });
    expect(receiver.received).toHaveLength(2);
  });

  it.each<[TransportOptions, string]>([
    [{ responseBodyLimitBytes: -1 }, 'Expected responseBodyLimitBytes to be a whole number of at least 0, got -1.'],
    [{ idleConnections: 1.5 }, 'Expected idleConnections to be a whole number of at least 0, got 1.5.'],
    [{ idleConnectionMs: NaN }, 'Expected idleConnectionMs to be a whole number of at least 1, got NaN.'],
  ])('refuses the options %j', (options, message) => {
    expect(() => new UndiciTransport(policy, options)).toThrow(new WebhooksConfigurationError(message));
  });
});
