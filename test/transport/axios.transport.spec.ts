import axios from 'axios';
import { WebhooksConfigurationError } from '../../lib/shared/webhooks.error';
import { AddressPolicy } from '../../lib/transport/address-policy';
import { AxiosTransport } from '../../lib/transport/axios.transport';
import type { TransportOptions } from '../../lib/transport/transport-options';
import { closeReceivers, deadUrl, httpReceiver } from './receiver';
import { transportConformance } from './transport.conformance';

transportConformance('AxiosTransport', ({ policy, ...options }) => new AxiosTransport(policy, options));

describe('AxiosTransport', () => {
  const policy = new AddressPolicy({ allow: ['loopback'] });
  const transport = new AxiosTransport(policy);
  const environment = { ...process.env };

  afterEach(closeReceivers);

  afterAll(() => transport.close());

  const post = (url: string) =>
    transport.send({ method: 'POST', url, headers: {}, body: '{"a": 1 }', timeoutMs: 10_000 });

  it('takes nothing from the defaults and interceptors of the axios that the host uses', async () => {
    const receiver = await httpReceiver();
    const interceptor = axios.interceptors.request.use((config) => {
      config.headers.set('x-host', 'leaked');
      return config;
    });
    axios.defaults.headers.common.authorization = 'leaked';
    axios.defaults.params = { leaked: true };
    try {
      const own = new AxiosTransport(policy);
      await own.send({ method: 'POST', url: receiver.url, headers: {}, body: '{"a": 1 }', timeoutMs: 10_000 });
      await own.close();
    } finally {
      axios.interceptors.request.eject(interceptor);
      delete axios.defaults.headers.common.authorization;
      delete axios.defaults.params;
    }
    const [received] = receiver.received;
    expect(received!.path).toBe('/hook');
    expect(Object.keys(received!.headers).sort()).toEqual(['connection', 'content-length', 'host', 'user-agent']);
    expect(received!.body.toString()).toBe('{"a": 1 }');
  });

  it('ignores the proxy of the environment', async () => {
    const receiver = await httpReceiver();
    const proxy = await deadUrl();
    Object.assign(process.env, { http_proxy: proxy, HTTP_PROXY: proxy, all_proxy: proxy, no_proxy: '' });
    try {
      expect(await post(receiver.url)).toMatchObject({ kind: 'response', status: 200 });
    } finally {
      process.env = environment;
    }
  });

  it.each<[TransportOptions, string]>([
    [{ responseBodyLimitBytes: -1 }, 'Expected responseBodyLimitBytes to be a whole number of at least 0, got -1.'],
    [{ idleConnections: 1.5 }, 'Expected idleConnections to be a whole number of at least 0, got 1.5.'],
    [{ idleConnectionMs: NaN }, 'Expected idleConnectionMs to be a whole number of at least 1, got NaN.'],
  ])('refuses the options %j', (options, message) => {
    expect(() => new AxiosTransport(policy, options)).toThrow(new WebhooksConfigurationError(message));
  });
});
