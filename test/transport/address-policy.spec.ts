import { WebhooksConfigurationError } from '../../lib/shared/webhooks.error';
import { AddressPolicy } from '../../lib/transport/address-policy';

describe('AddressPolicy', () => {
  const policy = new AddressPolicy();

  describe('by default', () => {
    it.each([
      'https://example.com/hook',
      'http://example.com:8080/hook?a=b',
      'https://EXAMPLE.com./',
      'https://bücher.example/',
      'https://localhost.example.com/',
      'https://93.184.215.14/',
      'https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/',
      'https://[::ffff:93.184.215.14]/',
    ])('accepts %s', (url) => {
      expect(policy.judgeUrl(url)).toBeUndefined();
    });

    it.each([
      ['a loopback address', 'http://127.0.0.1/'],
      ['another loopback address', 'http://127.255.255.254/'],
      ['a decimal address', 'http://2130706433/'],
      ['an octal address', 'http://0177.0.0.01/'],
      ['a hexadecimal address', 'http://0x7f000001/'],
      ['a short address', 'http://127.1/'],
      ['a percent-encoded address', 'http://%31%32%37.0.0.1/'],
      ['full-width digits', 'http://127.0.0.1/'],
      ['circled digits', 'http://①②⑦.⓪.⓪.①/'],
      ['an ideographic full stop', 'http://127。0。0。1/'],
      ['a trailing dot', 'http://127.0.0.1./'],
      ['a URL without slashes', 'http:127.0.0.1'],
      ['backslashes', 'http:\\\\127.0.0.1\\'],
      ['a tab in the address', 'http://127.0\t.0.1/'],
      ['localhost', 'http://localhost/'],
      ['localhost with a dot', 'http://localhost./'],
      ['localhost in capitals', 'http://LOCALHOST/'],
      ['a name below localhost', 'http://app.localhost:3000/'],
      ['the unspecified address', 'http://0.0.0.0/'],
      ['zero', 'http://0/'],
      ['this network', 'http://0.1.2.3/'],
      ['class A private', 'http://10.0.0.1/'],
      ['class B private', 'http://172.16.0.1/'],
      ['the end of class B private', 'http://172.31.255.255/'],
      ['class C private', 'http://192.168.1.1/'],
      ['carrier-grade NAT', 'http://100.64.0.1/'],
      ['link-local', 'http://169.254.1.1/'],
      ['cloud metadata', 'http://169.254.169.254/latest/meta-data/'],
      ['Azure’s wire server', 'http://168.63.129.16/'],
      ['Alibaba’s metadata', 'http://100.100.100.200/'],
      ['Oracle’s metadata', 'http://192.0.0.192/'],
      ['documentation', 'http://192.0.2.1/'],
      ['benchmarking', 'http://198.18.0.1/'],
      ['multicast', 'http://224.0.0.1/'],
      ['reserved', 'http://240.0.0.1/'],
      ['broadcast', 'http://255.255.255.255/'],
      ['IPv6 loopback', 'http://[::1]/'],
      ['IPv6 loopback in full', 'http://[0:0:0:0:0:0:0:1]/'],
      ['IPv6 unspecified', 'http://[::]/'],
      ['IPv4-mapped loopback', 'http://[::ffff:127.0.0.1]/'],
      ['IPv4-mapped loopback in hex', 'http://[::ffff:7f00:1]/'],
      ['IPv4-mapped metadata', 'http://[::ffff:169.254.169.254]/'],
      ['IPv4-compatible loopback', 'http://[::127.0.0.1]/'],
      ['IPv4-translated loopback', 'http://[::ffff:0:127.0.0.1]/'],
      ['NAT64', 'http://[64:ff9b::7f00:1]/'],
      ['NAT64 to a public address', 'http://[64:ff9b::5db8:d70e]/'],
      ['local NAT64', 'http://[64:ff9b:1::7f00:1]/'],
      ['6to4', 'http://[2002:7f00:1::]/'],
      ['Teredo', 'http://[2001:0:53aa:64c::]/'],
      ['unique local', 'http://[fd12:3456:789a::1]/'],
      ['AWS metadata on IPv6', 'http://[fd00:ec2::254]/'],
      ['IPv6 link-local', 'http://[fe80::1]/'],
      ['IPv6 site-local', 'http://[fec0::1]/'],
      ['IPv6 multicast', 'http://[ff02::1]/'],
      ['IPv6 documentation', 'http://[2001:db8::1]/'],
      ['IPv6 that is not assigned', 'http://[4000::1]/'],
    ])('refuses %s and does not say why', (_, url) => {
      expect(policy.judgeUrl(url)).toEqual({
        reason: 'address',
        detail: 'The address of this endpoint is not allowed.',
      });
    });

    it.each([
      ['malformed', 'example.com/hook'],
      ['malformed', '//example.com/hook'],
      ['malformed', 'http://999.1.1.1/'],
      ['malformed', 'http://[fe80::1%25eth0]/'],
      ['malformed', ''],
      ['scheme', 'ftp://example.com/'],
      ['scheme', 'file:///etc/passwd'],
      ['scheme', 'data:text/plain,hello'],
      ['scheme', 'unix:/var/run/docker.sock'],
      ['scheme', 'javascript:alert(1)'],
      ['credentials', 'https://user@example.com/'],
      ['credentials', 'https://user:secret@example.com/'],
      ['fragment', 'https://example.com/#part'],
      ['fragment', 'https://example.com/#'],
      ['port', 'http://example.com:25/'],
      ['port', 'https://example.com:22/'],
      ['port', 'https://example.com:6379/'],
      ['port', 'https://example.com:0/'],
      ['length', `https://example.com/${'a'.repeat(2048)}`],
    ])('refuses the %s of %s', (reason, url) => {
      expect(policy.judgeUrl(url)).toMatchObject({ reason });
    });

    it('accepts a URL of 2048 characters', () => {
      expect(policy.judgeUrl('https://example.com/'.padEnd(2048, 'a'))).toBeUndefined();
    });

    it.each(['jenkins', 'db.internal', 'printer.local', 'router.home.arpa', 'metadata', 'metadata.google.internal.'])(
      'refuses the name %s unresolved, as only a private network knows it',
      (host) => {
        expect(policy.judgeUrl(`http://${host}/`)).toMatchObject({ reason: 'address' });
      },
    );

    it.each(['', 'example.com', '127.0.0.1/8', '0x7f.1', 'fe80::1%eth0'])(
      'permits no connection to %p, which is not a public address',
      (address) => {
        expect(policy.permits(address)).toBe(false);
      },
    );
  });

  describe('with addresses allowed', () => {
    it.each([
      ['loopback', '127.0.0.1'],
      ['loopback', '::1'],
      ['loopback', '::ffff:127.0.0.1'],
      ['private', '10.1.2.3'],
      ['private', '192.168.1.1'],
      ['private', 'fd12::1'],
      ['10.1.0.0/16', '10.1.2.3'],
      ['10.1.2.3', '10.1.2.3'],
      ['fd12::/16', 'fd12::1'],
      ['0.0.0.0/0', '127.0.0.1'],
    ])('%s permits %s', (entry, address) => {
      expect(new AddressPolicy({ allow: [entry] }).permits(address)).toBe(true);
    });

    it.each([
      ['loopback', '10.1.2.3'],
      ['private', '127.0.0.1'],
      ['private', '100.64.0.1'],
      ['10.1.0.0/16', '10.2.0.1'],
      ['10.1.2.3', '10.1.2.4'],
      ['fd12::/16', 'fd13::1'],
      ['0.0.0.0/0', '::1'],
    ])('%s does not permit %s', (entry, address) => {
      expect(new AddressPolicy({ allow: [entry] }).permits(address)).toBe(false);
    });

    it.each([
      '169.254.169.254',
      '169.254.170.2',
      '168.63.129.16',
      '100.100.100.200',
      '192.0.0.192',
      '::ffff:169.254.169.254',
      '64:ff9b::a9fe:a9fe',
      'fd00:ec2::254',
      'fd00:c1::a9fe:a9fe',
      'fd20:ce::254',
    ])('nothing permits %s, where clouds serve credentials', (address) => {
      const allowsAll = new AddressPolicy({ allow: ['0.0.0.0/0', '::/0', 'private', 'metadata.test'] });
      expect(allowsAll.permits(address, 'metadata.test')).toBe(false);
    });

    it('a host name permits whatever it resolves to, and no other name', () => {
      const policy = new AddressPolicy({ allow: ['Receiver.Internal'] });
      expect(policy.permits('10.0.0.1', 'receiver.internal.')).toBe(true);
      expect(policy.permits('10.0.0.1', 'other.internal')).toBe(false);
      expect(policy.permits('10.0.0.1')).toBe(false);
    });

    it('private names pass where their own or any private address is allowed, but not those of credentials', () => {
      const judge = (allow: string[], host: string) => new AddressPolicy({ allow }).judgeUrl(`http://${host}/`);
      expect(judge(['jenkins'], 'jenkins')).toBeUndefined();
      expect(judge(['10.0.0.0/8'], 'db.internal')).toBeUndefined();
      expect(judge(['jenkins'], 'db.internal')).toMatchObject({ reason: 'address' });
      expect(judge(['metadata.google.internal', 'private'], 'metadata.google.internal')).toMatchObject({
        reason: 'address',
      });
    });

    it.each(['localhost', 'loopback', '127.0.0.1', '::1'])('%s makes localhost acceptable', (entry) => {
      expect(new AddressPolicy({ allow: [entry] }).judgeUrl('http://localhost:3000/')).toBeUndefined();
    });

    it.each(['10.0.0.0/33', 'fd00::/129', '10.0.0/8', '10.0.0.300', '10/8', '/8', '10.0.0.0/', '10.0.0.0/8/8', 'a/8'])(
      'refuses to be built with %p',
      (entry) => {
        expect(() => new AddressPolicy({ allow: [entry] })).toThrow(WebhooksConfigurationError);
      },
    );

    it.each(['', 'http://example.com', 'example.com:80', 'a b', '0x7f.1', '[::1]', '*.example.com'])(
      'refuses %p, which is not a host name',
      (entry) => {
        expect(() => new AddressPolicy({ allow: [entry] })).toThrow(/^Expected .* got /);
      },
    );

    it('says what it expected and what it got', () => {
      expect(() => new AddressPolicy({ allow: ['10.0.0.0/33'] })).toThrow(
        new WebhooksConfigurationError(
          'Expected every entry of network.allow to be an IP address, a CIDR such as "10.1.0.0/16", ' +
            'a host name, "loopback" or "private", got "10.0.0.0/33".',
        ),
      );
      expect(() => new AddressPolicy({ allow: 'loopback' as never })).toThrow(
        new WebhooksConfigurationError('Expected network.allow to be a list of texts, got "loopback".'),
      );
    });
  });

  describe('with ports given', () => {
    it('accepts these and no other', () => {
      const policy = new AddressPolicy({ ports: [443, 25] });
      expect(policy.judgeUrl('https://example.com/')).toBeUndefined();
      expect(policy.judgeUrl('http://example.com:25/')).toBeUndefined();
      expect(policy.judgeUrl('http://example.com/')).toEqual({
        reason: 'port',
        detail: 'The port of this endpoint is not allowed.',
      });
    });

    it.each([[[]], [[0]], [[65_536]], [[443.5]], [['443']], [443]])('refuses to be built with %j', (ports) => {
      expect(() => new AddressPolicy({ ports: ports as never })).toThrow(
        /^Expected network\.ports to be a list of ports/,
      );
    });
  });
});
