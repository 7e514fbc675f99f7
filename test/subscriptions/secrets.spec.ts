import { inspect } from 'node:util';
import { Secrets } from '../../lib/subscriptions/secrets';

const HOUR = 3_600_000;

describe('Secrets', () => {
  it('show themselves in no log, no JSON and no text', () => {
    const subscription = { id: 'sub_1', secrets: Secrets.of('whsec_hidden') };
    subscription.secrets.current();
    const shown = [
      JSON.stringify(subscription),
      `${subscription.secrets as unknown as string}`,
      inspect(subscription, { showHidden: true, depth: 9 }),
      JSON.stringify({ ...subscription.secrets }),
      JSON.stringify(Object.getOwnPropertyDescriptors(subscription.secrets)),
    ];
    expect(shown.join('\n')).not.toContain('hidden');
    expect(shown[0]).toBe('{"id":"sub_1","secrets":"[secrets]"}');
  });

  it('are opened when they are asked for, once, and again after a failure', () => {
    const open = jest.fn().mockImplementationOnce(() => {
      throw new Error('no key');
    });
    open.mockReturnValue([{ secret: 'whsec_a', endsAt: null }]);
    const secrets = Secrets.from(open as never);
    expect(open).not.toHaveBeenCalled();
    expect(() => secrets.current()).toThrow('no key');
    expect([secrets.current(), secrets.current()]).toEqual(['whsec_a', 'whsec_a']);
    expect(open).toHaveBeenCalledTimes(2);
  });

  it('sign with the newest first, and with those before it until they end', () => {
    const secrets = Secrets.of('a').rotated('b', { now: 0, endsAt: HOUR });
    expect(secrets.current()).toBe('b');
    expect([secrets.at(0), secrets.at(HOUR - 1), secrets.at(HOUR)]).toEqual([['b', 'a'], ['b', 'a'], ['b']]);
  });

  it('overlap with several, of which none is given longer than it had', () => {
    const twice = Secrets.of('a')
      .rotated('b', { now: 0, endsAt: HOUR })
      .rotated('c', { now: 0, endsAt: 3 * HOUR });
    expect(twice.all()).toEqual([
      { secret: 'c', endsAt: null },
      { secret: 'b', endsAt: 3 * HOUR },
      { secret: 'a', endsAt: HOUR },
    ]);
  });

  it('forget those that have ended when they are rotated next', () => {
    const later = Secrets.of('a')
      .rotated('b', { now: 0, endsAt: HOUR })
      .rotated('c', { now: HOUR, endsAt: 2 * HOUR });
    expect(later.all().map(({ secret }) => secret)).toEqual(['c', 'b']);
  });

  it('end at once where there is no overlap, even those that cannot be read', () => {
    const unreadable = Secrets.from(() => {
      throw new Error('no key');
    });
    expect(unreadable.rotated('b', { now: 5, endsAt: 5 }).all()).toEqual([{ secret: 'b', endsAt: null }]);
  });

  it('do not sign twice with one that comes back', () => {
    const back = Secrets.of('a').rotated('b', { now: 0, endsAt: HOUR }).rotated('a', { now: 0, endsAt: HOUR });
    expect(back.at(0)).toEqual(['a', 'b']);
  });
});
