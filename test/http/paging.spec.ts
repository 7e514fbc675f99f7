import { describeManagement } from './management-host';

describe('A long list', () => {
  describeManagement((host) => {
    const pageAt = async (query: string) => (await host().call('acme', `GET /webhooks/subscriptions${query}`)).body;

    it('is read to its end by cursor, each of 120 subscriptions once and newest first', async () => {
      const made: string[] = [];
      for (let number = 0; number < 120; number++) made.push((await host().subscribe('acme')).id);

      const pages = [await pageAt('')];
      while (pages.at(-1)!.nextCursor !== null) pages.push(await pageAt(`?cursor=${String(pages.at(-1)!.nextCursor)}`));

      expect(pages.map(({ data }) => data.length)).toEqual([50, 50, 20]);
      expect(pages.flatMap(({ data }) => data.map(({ id }) => id))).toEqual(made.reverse());
    });

    it('has no next page when the page is exactly full', async () => {
      expect((await pageAt('?limit=120')).nextCursor).toBeNull();
      expect((await pageAt('?limit=119')).nextCursor).not.toBeNull();
      expect((await pageAt('?limit=250')).data).toHaveLength(120);
    });

    it('goes on where it was when newer items arrive meanwhile', async () => {
      const first = await pageAt('?limit=10');
      const newer = await host().subscribe('acme');
      const second = await pageAt(`?limit=10&cursor=${String(first.nextCursor)}`);
      const ids = [...first.data, ...second.data].map(({ id }) => id);
      expect(new Set(ids).size).toBe(20);
      expect(ids).not.toContain(newer.id);
    });
  });
});
