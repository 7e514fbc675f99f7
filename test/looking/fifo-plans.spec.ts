import { DeliveriesRepository } from 'nestjs-webhooks';
import { WAITS_ITS_TURN } from '../../lib/deliveries/sequence';
import { SequencesRepository } from '../../lib/deliveries/sequences.repository';
import { Database } from '../../lib/storage/database';
import { describeEachDatabase, type DatabaseHandle } from '../support/databases';
import { Host } from '../support/host';
import { fillTables, fillWaiting, idOf, slowParts } from './plans';

const SUBSCRIPTION = idOf('sub', 99);
const LONG = `${SUBSCRIPTION}.long`;

describeEachDatabase((kind) => {
  let handle: DatabaseHandle;
  let host: Host;
  let database: Database;
  let sequences: SequencesRepository;

  beforeAll(async () => {
    handle = await kind.create();
    host = await Host.start(handle);
    database = host.app.get(Database);
    sequences = host.app.get(SequencesRepository);
    await fillTables(database);
    await fillWaiting(database, SUBSCRIPTION, LONG, WAITS_ITS_TURN);
  }, 120_000);

  afterAll(async () => {
    await host.stop();
    await handle.drop();
  });

  const slow = async (action: () => Promise<unknown>) => {
    const spies = [jest.spyOn(database, 'read'), jest.spyOn(database, 'commit')];
    await action();
    const statements = spies.flatMap((spy) => spy.mock.calls.map(([statement]) => statement));
    spies.forEach((spy) => spy.mockRestore());
    expect(statements.length).toBeGreaterThan(0);
    const parts = await Promise.all(statements.map((statement) => slowParts(database, statement)));
    return parts.flatMap((found, index) => found.map((part) => `${part}: ${statements[index]!.sql}`));
  };

  it('finds the first of a sequence by index, however many wait behind it', async () => {
    expect(await slow(() => sequences.heads([LONG, `${SUBSCRIPTION}.none`]))).toEqual([]);
    expect(await sequences.heads([LONG])).toEqual(new Map([[LONG, { id: idOf('dlv', 200_000), waits: false }]]));
  });

  it('steps from sequence to sequence, however many deliveries each has', async () => {
    const names = await sequences.names(SUBSCRIPTION, undefined, 500);
    expect(names).toHaveLength(500);
    expect(await sequences.names(SUBSCRIPTION, LONG, 500)).toEqual([]);
    const scanned = (await slow(() => sequences.names(SUBSCRIPTION, undefined, 500))).filter(
      (part) => !part.startsWith('scan: WITH RECURSIVE'),
    );
    expect(scanned).toEqual([]);
  });

  it('reads a lane, sets aside and lets go by index', async () => {
    const content = await host.app.get(DeliveriesRepository).laneContent(SUBSCRIPTION, Date.now(), 10);
    expect(content).toMatchObject({ due: [{ id: idOf('dlv', 200_000) }], more: false, othersWait: true });
    expect(await slow(() => sequences.hold([idOf('dlv', 200_000)]))).toEqual([]);
    expect(await slow(() => sequences.letGo([idOf('dlv', 200_000)], 1))).toEqual([]);
    expect(await slow(() => sequences.letAnyGo(SUBSCRIPTION, 1, 10))).toEqual([]);
  });

  it('asks what may come before by index, where all but a few events are fanned out', async () => {
    const eventIds = Array.from({ length: 200 }, (_, index) => idOf('evt', 1_000 + index));
    // What is not fanned out yet is grouped, which is as much as there is of it.
    const found = await slow(() => sequences.awaiting(SUBSCRIPTION, eventIds));
    const grouped = kind.kind === 'postgres' ? /^sort: SELECT e.id/ : /^(sort|scan): SELECT e.id/;
    expect(found.filter((part) => !grouped.test(part))).toEqual([]);
  });
});
