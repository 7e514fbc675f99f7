import type { HeldSubscription } from '../../lib/replays/replays.repository';
import { ReplaysRepository } from '../../lib/replays/replays.repository';
import { Database } from '../../lib/storage/database';
import { write } from '../retention/world';
import { describeEachDatabase } from '../support/databases';
import { hostForEach } from '../support/host';

describeEachDatabase((database) => {
  const given = hostForEach(database);

  it('Subscriptions that are on again come in the order in which they were turned off, however many there are', async () => {
    const { host } = given;
    const numbers = Array.from({ length: 1_100 }, (_, number) => number);
    const heldSince = (number: number) => 1_000 - (number % 7);
    const rows = numbers.map((number) => ({
      ...{ id: `sub_${String(number).padStart(4, '0')}`, contract: 'standard', url: 'https://example.com/' },
      ...{ topics: '["*"]', metadata: '{}', enabled: 1, secrets: '[]', created_at: 0, updated_at: 0 },
      ...{ held_since: heldSince(number), off_since: heldSince(number) },
    }));
    await write(host.app.get(Database), 'subscription', rows);
    const replays = host.app.get(ReplaysRepository);
    const found: HeldSubscription[] = [];
    let page = await replays.heldThoughOn(undefined);
    while (page.length > 0) {
      found.push(...page);
      page = await replays.heldThoughOn(page.at(-1));
    }
    const expected = rows.sort((one, other) => one.held_since - other.held_since || (one.id < other.id ? -1 : 1));
    expect(found.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
  });
});
