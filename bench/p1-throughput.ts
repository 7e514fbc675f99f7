import { alternate } from './alternation';
import type { Flooded } from './flood';
import { FullLoad } from './full-load';
import { atLeast, report, type Measurement, type Result } from './measurement';

type Round = Record<'peer' | 'axios' | 'undici' | 'sqlite' | 'mariadb', Flooded>;

/** Durable deliveries per second, publish → recorded outcome, ÷ BullMQ + axios + an attempt row in Postgres. */
export const p1: Measurement = {
  id: 'P1',
  title: 'durable deliveries per second',
  async run(stage) {
    const load = await FullLoad.on(stage, await stage.receiver());
    const runs: Round[] = await alternate({
      peer: await load.queue(4_000),
      axios: await load.host('axios', 'postgres', 8_000),
      undici: await load.host('undici', 'postgres', 12_000),
      sqlite: await load.host('axios', 'sqlite', 4_000),
      mariadb: await load.host('axios', 'mysql', 4_000),
    });
    return results(runs);
  },
};

function results(runs: readonly Round[]): Result[] {
  const figure = (id: string, name: string, value: (round: Round) => number) => ({ id, name, runs, value });
  const ratio = (name: keyof Round) => (round: Round) => round[name].perSecond / round.peer.perSecond;
  const rate = (name: keyof Round) => (round: Round) => round[name].perSecond;
  return [
    atLeast(3, figure('P1-axios', 'durable deliveries/s on Postgres, axios ÷ peer', ratio('axios'))),
    atLeast(6, figure('P1-undici', 'durable deliveries/s on Postgres, undici ÷ peer', ratio('undici'))),
    report(figure('P1-sqlite', 'the same on SQLite, axios ÷ peer', ratio('sqlite'))),
    report(figure('P1-mariadb', 'the same on MariaDB, axios ÷ peer', ratio('mariadb'))),
    report(figure('P1-peer-rate', 'the peer (BullMQ + axios + attempt row), deliveries/s', rate('peer'))),
    report(figure('P1-axios-rate', 'axios transport on Postgres, deliveries/s', rate('axios'))),
    report(figure('P1-undici-rate', 'undici transport on Postgres, deliveries/s', rate('undici'))),
  ];
}
