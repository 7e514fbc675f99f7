import { inspect } from 'node:util';
import { Credentials } from 'nestjs-webhooks';

describe('Credentials', () => {
  const credential = { type: 'bearer', token: 'hidden-token' } as const;
  const credentials = Credentials.of({ credential, headers: { 'X-Key': 'hidden-value' } });

  it('show themselves in no log and no JSON', () => {
    const subscription = { id: 'sub_1', credentials };
    const shown = [JSON.stringify(subscription), inspect(subscription, { showHidden: true }), `${String(credentials)}`];
    for (const each of shown) expect(each).toContain('[credentials]');
    expect(shown.join()).not.toContain('hidden');
    expect(Object.values(credentials)).toEqual([false]);
  });

  it('give what they hold to whoever asks for it, and are asked again where they could not be read', () => {
    expect(credentials.all()).toEqual({ credential, headers: { 'X-Key': 'hidden-value' } });
    const opened = jest.fn(() => credentials.all());
    opened.mockImplementationOnce(() => {
      throw new Error('not now');
    });
    const lazy = Credentials.from(opened);
    expect(opened).not.toHaveBeenCalled();
    expect(() => lazy.all()).toThrow('not now');
    expect(lazy.all()).toBe(lazy.all());
    expect(opened).toHaveBeenCalledTimes(2);
  });

  it('are none where there is neither a credential nor a header', () => {
    expect(Credentials.of({})).toBe(Credentials.none);
    expect(Credentials.of({ credential: null, headers: {} }).isNone).toBe(true);
    expect(Credentials.none.all()).toEqual({ credential: null, headers: {} });
  });
});
