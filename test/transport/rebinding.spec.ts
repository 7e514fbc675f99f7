import { AddressPolicy } from '../../lib/transport/address-policy';
import { EndpointCheck } from '../../lib/transport/endpoint-check';
import { DnsServer, type Records } from './dns-server';
import { closeReceivers, listenersOnLoopback, type Receiver } from './receiver';
import { aRequest, describeTransports } from './transports';

const PUBLIC = '93.184.215.14';

describeTransports('and a name server that lies', (transports) => {
  let receivers: Receiver[];
  let port: number;
  let server: DnsServer | undefined;

  beforeEach(async () => {
    receivers = await listenersOnLoopback((response) => response.end('reached'));
    port = receivers[0]!.port;
  });

  afterEach(async () => {
    await server?.close();
    await closeReceivers();
  });

  const answering = async (zone: Record<string, readonly Records[]>) => (server = await DnsServer.start(zone));
  const connections = () => receivers.map((receiver) => receiver.connections);
  const none = [0, 0, 0, 0];

  it.each(['127.0.0.1', '127.0.0.2', '::1', '::ffff:127.0.0.1', '169.254.169.254', '10.0.0.1'])(
    'connects to nothing when it says %s once the endpoint was checked',
    async (address) => {
      const policy = new AddressPolicy();
      const { resolveHost } = await answering({ 'flips.test': [[PUBLIC], [address]] });
      const url = `http://flips.test:${port}/`;
      expect(await new EndpointCheck(policy, { resolveHost }).refusalOf(url)).toBeUndefined();
      const answer = await transports.send({ url }, { policy, resolveHost });
      expect(answer).toMatchObject({ failure: 'address_refused', durationMs: 0 });
      expect(server!.asked('flips.test')).toBe(2);
      expect(connections()).toEqual(none);
    },
  );

  it.each<[string, Records]>([
    ['with a second address that is private', [PUBLIC, '127.0.0.1']],
    ['with a first address that is private', ['127.0.0.1', PUBLIC]],
    ['public on IPv4 and private on IPv6', [PUBLIC, '::1']],
    ['public on IPv6 and private on IPv4', ['2606:4700::1111', '127.0.0.1']],
    ['as another name, which is that of this machine', ['localhost']],
    ['as another name and yet another', ['alias.test']],
  ])('connects to nothing when it answers %s', async (_, records) => {
    const policy = new AddressPolicy();
    const { resolveHost } = await answering({
      'lies.test': [records],
      'alias.test': [['localhost']],
      localhost: [['127.0.0.1', '::1']],
    });
    const url = `http://lies.test:${port}/`;
    expect(await new EndpointCheck(policy, { resolveHost }).refusalOf(url)).toMatchObject({ reason: 'address' });
    expect(await transports.send({ url }, { policy, resolveHost })).toMatchObject({ failure: 'address_refused' });
    expect(connections()).toEqual(none);
  });

  describe('that flips from an allowed address to a refused one', () => {
    const policy = new AddressPolicy({ allow: ['127.0.0.2'] });
    const flipping = () => answering({ 'flips.test': [['127.0.0.2'], ['127.0.0.1']] });

    it('connects to what was judged, and asks no second time', async () => {
      const { resolveHost } = await flipping();
      const answer = await transports.send({ url: `http://flips.test:${port}/` }, { policy, resolveHost });
      expect(answer).toMatchObject({ kind: 'response', body: 'reached' });
      expect(server!.asked('flips.test')).toBe(1);
      expect(connections()).toEqual([0, 1, 0, 0]);
    });

    it('stays with what was judged as long as the connection is kept', async () => {
      const { resolveHost } = await flipping();
      const transport = transports.make({ policy, resolveHost });
      const request = aRequest({ url: `http://flips.test:${port}/` });
      for (let count = 0; count < 3; count++) expect(await transport.send(request)).toMatchObject({ status: 200 });
      expect(connections()).toEqual([0, 1, 0, 0]);
    });

    it('judges anew with every new connection', async () => {
      const { resolveHost } = await flipping();
      const transport = transports.make({ policy, resolveHost, idleConnections: 0 });
      const request = aRequest({ url: `http://flips.test:${port}/` });
      expect(await transport.send(request)).toMatchObject({ status: 200 });
      expect(await transport.send(request)).toMatchObject({ failure: 'address_refused' });
      expect(connections()).toEqual([0, 1, 0, 0]);
    });
  });

  it('says of a name that does not exist only that, and of a refused one nothing more than of its address', async () => {
    const policy = new AddressPolicy();
    const { resolveHost } = await answering({ 'refused.test': [['10.0.0.1']] });
    const settings = { policy, resolveHost };
    const unknown = await transports.send({ url: 'http://unknown.test/' }, settings);
    expect(unknown).toMatchObject({ failure: 'dns', detail: 'The host name could not be resolved (ENOTFOUND).' });
    const named = await transports.send({ url: 'http://refused.test/' }, settings);
    expect(named).toEqual(await transports.send({ url: 'http://10.0.0.1/' }, settings));
  });
});
