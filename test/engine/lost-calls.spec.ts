import { DeliveriesRepository, defineTopic } from 'nestjs-webhooks';
import type { Publication, StoredDeliveries } from '../../lib/deliveries/deliveries.repository';
import { LaneNode } from '../../lib/lanes/lane-node';
import { LanesRepository } from '../../lib/lanes/lanes.repository';
import { describeEachDatabase, type TestDatabase, type DatabaseHandle } from '../support/databases';
import { Host } from '../support/host';

class Shipment {
  id!: string;
}

const OrderShipped = defineTopic('order.shipped', Shipment);

const publish = (host: Host) => host.webhooks.publish(OrderShipped, { id: 'A-1' });

async function beat(host: Host): Promise<void> {
  await host.app.get(LaneNode).beat();
  await host.webhooks.idle();
}

/** Two processes, of which the first owns the lane. */
function twoProcesses(database: TestDatabase): { readonly owner: Host; readonly other: Host; readonly lane: string } {
  let handle: DatabaseHandle;
  const given = {} as { owner: Host; other: Host; lane: string };
  beforeEach(async () => {
    handle = await database.create();
    given.owner = await Host.start(handle, { topics: [OrderShipped] });
    given.lane = (await given.owner.subscribe()).id;
    await publish(given.owner);
    await given.owner.webhooks.idle();
    given.other = await Host.start(handle, { topics: [OrderShipped] });
  });
  afterEach(async () => {
    await given.owner.stop();
    await given.other.stop();
    await handle.drop();
  });
  return given;
}

/** While it stores something next, the lane calls already; and its owner answers that before it can see what is stored. */
function answersTooEarly({ owner, other, lane }: { owner: Host; other: Host; lane: string }) {
  const repository = other.app.get(DeliveriesRepository);
  const store = repository.publish.bind(repository);
  const quieten = () => owner.dataSource.query('UPDATE webhooks_lane SET calling = 0');
  return (then: (stored: StoredDeliveries | undefined) => Promise<StoredDeliveries | undefined>) =>
    jest.spyOn(repository, 'publish').mockImplementationOnce(async (publication: Publication) => {
      await owner.app.get(LanesRepository).call([lane]);
      const stored = await store(publication);
      await quieten();
      return then(stored);
    });
}

describeEachDatabase((database) => {
  const given = twoProcesses(database);

  it('calls a lane once more that was calling, and may have been answered, while its delivery was being stored', async () => {
    answersTooEarly(given)((stored) => Promise.resolve(stored));
    await publish(given.other);
    await given.other.webhooks.idle();
    await beat(given.owner);
    expect(given.owner.receiver).toHaveBeenTried(2);
  });

  it('calls the owner of what may have been stored, where the answer was lost', async () => {
    answersTooEarly(given)(() => Promise.reject(new Error('connection lost')));
    await expect(publish(given.other)).rejects.toThrow('connection lost');
    await given.other.webhooks.idle();
    await beat(given.owner);
    expect(given.owner.receiver).toHaveBeenTried(2);
  });

  it('finds what a process had stored that died before it could call', async () => {
    const { owner, other } = given;
    const node = other.app.get(LaneNode);
    jest.spyOn(node, 'call').mockResolvedValue();
    answersTooEarly(given)((stored) => Promise.resolve(stored));
    await publish(other);
    await other.webhooks.idle();
    await beat(owner);
    expect(owner.receiver).toHaveBeenTried(1);
    await owner.dataSource.query(`UPDATE webhooks_node SET lease_until = 0 WHERE id = '${node.id}'`);
    await beat(owner);
    expect(owner.receiver).toHaveBeenTried(2);
  });
});

/** Where a statement does not see, nor wait for, what others are changing while it runs. */
describeEachDatabase({ only: ['postgres'] }, (database) => {
  const given = twoProcesses(database);

  it('delivers what was being stored while the owner of its lane answered an earlier call', async () => {
    const { owner, other, lane } = given;
    await owner.dataSource.query(
      'CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS ' +
        `'BEGIN PERFORM pg_advisory_xact_lock_shared(1); RETURN NEW; END'`,
    );
    await owner.dataSource.query(
      'CREATE TRIGGER wait BEFORE INSERT ON webhooks_delivery FOR EACH ROW EXECUTE FUNCTION wait()',
    );
    await owner.app.get(LanesRepository).call([lane]);
    const lock = owner.dataSource.createQueryRunner();
    await lock.query('SELECT pg_advisory_lock(1)');
    const published = publish(other);
    const waiting = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`;
    while (((await lock.query(waiting)) as unknown[]).length === 0);
    await beat(owner);
    await lock.query('SELECT pg_advisory_unlock(1)');
    await lock.release();
    await published;
    await other.webhooks.idle();
    await beat(owner);
    expect(owner.receiver).toHaveBeenTried(2);
  });
});
