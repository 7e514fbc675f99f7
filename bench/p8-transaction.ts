import { repeat } from './alternation';
import type { Measurement, Result } from './measurement';
import { median } from './percentiles';

type Transactions = Record<'plain' | 'publishing' | 'plainEntity' | 'registeredEntity', string[]>;

/** What publishing adds to the host's own transaction, counted at the driver from START TRANSACTION to COMMIT. */
export const p8: Measurement = {
  id: 'P8',
  title: "statements in the host's transaction",
  async run(stage) {
    const host = await stage.host();
    const runs = await repeat(() => host.call('transactions'));
    return [
      exactlyOne(
        'P8-publish',
        'statements more with publish(…, { transaction })',
        runs,
        (run) => run.publishing.length - run.plain.length,
      ),
      exactlyOne(
        'P8-entity',
        'statements more where the saved entity is registered',
        runs,
        (run) => run.registeredEntity.length - run.plainEntity.length,
      ),
    ];
  },
};

function exactlyOne(
  id: string,
  name: string,
  runs: readonly Transactions[],
  more: (run: Transactions) => number,
): Result {
  return { id, name, value: median(runs.map(more)), target: '= 1', met: runs.every((run) => more(run) === 1), runs };
}
