import { alternate } from './alternation';
import { below, report, type Measurement } from './measurement';
import { runTraffic, type Latencies } from './traffic';

const SECONDS = 10;

interface Round {
  readonly publish: Latencies;
  readonly transaction: Latencies;
}

/** Commit → first byte at the receiver, at 200 events/s over 100 endpoints that answer in 50 ms, on Postgres. */
export const p3: Measurement = {
  id: 'P3',
  title: 'commit → first byte at 200 events/s',
  async run(stage) {
    const receiver = await stage.receiver();
    const runs: Round[] = await alternate({
      publish: () => runTraffic(stage, receiver, { seconds: SECONDS }),
      transaction: () => runTraffic(stage, receiver, { seconds: SECONDS, inTransaction: true }),
    });
    const figure = (id: string, name: string, value: (round: Round) => number) => ({ id, name, runs, value });
    return [
      below(
        5,
        figure('P3-p95', 'commit → first byte, p95 ms', (run) => run.publish.sinceCommit.p95),
      ),
      below(
        15,
        figure('P3-p99', 'commit → first byte, p99 ms', (run) => run.publish.sinceCommit.p99),
      ),
      below(
        5,
        figure(
          'P3-transaction-p95',
          "the same in the host's transaction, p95 ms",
          (run) => run.transaction.sinceCommit.p95,
        ),
      ),
      below(
        15,
        figure(
          'P3-transaction-p99',
          "the same in the host's transaction, p99 ms",
          (run) => run.transaction.sinceCommit.p99,
        ),
      ),
      report(figure('P3-p50', 'commit → first byte, p50 ms', (run) => run.publish.sinceCommit.p50)),
      report(figure('P3-call-p99', 'call of publish → first byte, p99 ms', (run) => run.publish.sinceCall.p99)),
    ];
  },
};
