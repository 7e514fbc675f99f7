import { Turns } from '../../lib/replays/turns';

describe('Taking turns', () => {
  let ends: (() => void)[];
  let begun: string[];

  beforeEach(() => ([ends, begun] = [[], []]));

  const begin = (turns: Turns, name: string, group = name) =>
    turns.take(group, () => {
      begun.push(name);
      return new Promise<void>((resolve) => ends.push(resolve));
    });
  const endNext = async () => {
    ends.shift()!();
    await new Promise(setImmediate);
  };

  it('lets so many begin, and another one when one of them has ended', async () => {
    const turns = new Turns(2);
    const all = ['a', 'b', 'c', 'd'].map((name) => begin(turns, name));
    expect(begun).toEqual(['a', 'b']);
    await endNext();
    expect(begun).toEqual(['a', 'b', 'c']);
    for (let count = 0; count < 3; count++) await endNext();
    await Promise.all(all);
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
  });

  it('lets nobody wait behind all that somebody else wants', async () => {
    const turns = new Turns(1);
    for (const name of ['a1', 'a2', 'a3', 'a4']) void begin(turns, name, 'a');
    for (const name of ['b1', 'b2']) void begin(turns, name, 'b');
    void begin(turns, 'c1', 'c');
    for (let count = 0; count < 7; count++) await endNext();
    expect(begun).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4']);
  });

  it('goes on after one that failed', async () => {
    const turns = new Turns(1);
    await expect(turns.take('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(turns.take('a', () => Promise.resolve('yes'))).resolves.toBe('yes');
  });
});
