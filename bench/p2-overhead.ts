import { alternate } from './alternation';
import type { Flooded } from './flood';
import { FullLoad } from './full-load';
import { atLeast, report, type Measurement } from './measurement';

type Round = Record<'ours' | 'request' | 'dispatch', Flooded>;

/** Durable deliveries on the undici transport ÷ what undici does with signed requests and nothing stored. */
export const p2: Measurement = {
  id: 'P2',
  title: 'durable deliveries ÷ bare requests',
  async run(stage) {
    const load = await FullLoad.on(stage, await stage.receiver());
    const runs: Round[] = await alternate({
      ours: await load.host('undici', 'postgres', 12_000),
      request: await load.bare('request', 20_000),
      dispatch: await load.bare('dispatch', 30_000),
    });
    const figure = (id: string, name: string, value: (round: Round) => number) => ({ id, name, runs, value });
    const against = (name: 'request' | 'dispatch') => (round: Round) => round.ours.perSecond / round[name].perSecond;
    return [
      atLeast(0.6, figure('P2', 'durable deliveries/s, undici ÷ bare undici.request + HMAC', against('request'))),
      report(figure('P2-dispatch', 'durable deliveries/s, undici ÷ bare dispatch() + HMAC', against('dispatch'))),
      report(figure('P2-request-rate', 'bare undici.request + HMAC, requests/s', (run) => run.request.perSecond)),
      report(figure('P2-dispatch-rate', 'bare dispatch() + HMAC, requests/s', (run) => run.dispatch.perSecond)),
    ];
  },
};
