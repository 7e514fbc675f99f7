import { Batcher } from '../../lib/shared/batcher';

describe('A batcher', () => {
  it('handles alone who calls alone, and together who calls while a batch is under way', async () => {
    const batches: number[][] = [];
    const batcher = new Batcher<number, number>(async (items) => {
      batches.push(items);
      if (items.length === 1) batcher.add(2).then(String, String);
      await Promise.resolve();
      return items;
    });
    await batcher.add(1);
    await Promise.all([batcher.add(3), batcher.add(4)]);
    expect(batches).toEqual([[1], [2, 3, 4]]);
  });

  it('answers everybody with the result of their own item', async () => {
    const batcher = new Batcher<number, string>((items) => Promise.resolve(items.map((item) => `<${item}>`)));
    await expect(Promise.all([batcher.add(1), batcher.add(2)])).resolves.toEqual(['<1>', '<2>']);
  });

  it('lets no batch hold more items than it may', async () => {
    const sizes: number[] = [];
    const batcher = new Batcher<number, number>((items) => Promise.resolve((sizes.push(items.length), items)), {
      most: 2,
    });
    await Promise.all([1, 2, 3, 4, 5].map((item) => batcher.add(item)));
    expect(sizes).toEqual([2, 2, 1]);
  });

  it('lets no batch grow heavier than it may, unless one item is too heavy by itself', async () => {
    const batches: number[][] = [];
    const batcher = new Batcher<number, number>((items) => Promise.resolve((batches.push(items), items)), {
      weight: { most: 10, of: (item) => item },
    });
    await Promise.all([4, 6, 1, 50, 2, 3].map((item) => batcher.add(item)));
    expect(batches).toEqual([[4, 6], [1], [50], [2, 3]]);
  });

  it('refuses one item without its neighbours', async () => {
    const batcher = new Batcher<number, number>((items) =>
      items.includes(2) ? Promise.reject(new Error('not 2')) : Promise.resolve(items),
    );
    const results = await Promise.allSettled([1, 2, 3].map((item) => batcher.add(item)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('tries no more items when three in a row were refused', async () => {
    let calls = 0;
    const batcher = new Batcher<number, number>(() => Promise.reject(new Error(`refusal ${++calls}`)));
    const results = await Promise.allSettled([1, 2, 3, 4, 5].map((item) => batcher.add(item)));
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    expect(calls).toBe(4);
  });
});
