import { Receiver } from './receiver';

expect.extend({
  toHaveBeenTried(receiver: unknown, times: number) {
    if (!(receiver instanceof Receiver))
      throw new TypeError('Expected a Receiver: expect(receiver).toHaveBeenTried(1)');
    const { requests } = receiver;
    const came = requests.map(({ method, path, at }) => `\n  ${method} ${path} at ${at.toISOString()}`).join('');
    const expected = `${this.isNot ? 'not ' : ''}to have been tried ${times} times`;
    return {
      pass: requests.length === times,
      message: () => `Expected the receiver ${expected}, got ${requests.length} requests${came && ':'}${came}`,
    };
  },
});
