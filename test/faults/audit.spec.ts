import { audit, type Evidence, type Fault, type Findings } from './audit';
import { keyOf, type Arrival } from './counting-receiver';
import { MARKET } from './market';

const event = { id: 'evt_1', topic: 'invoice.paid', tenant: null };
const payload = { serial: 1, entered: true };
const paths = ['/platform', '/platform/invoices'];

function arrival(changes: Partial<Arrival> = {}): Arrival {
  const body = `{"type":"invoice.paid","data":${JSON.stringify(payload)}}`;
  const usual = { sender: 'host-1', path: '/platform', eventId: event.id, body, at: 1, genuine: true };
  return { ...usual, end: 'accepted', ...changes };
}

const everything = paths.map((path) => arrival({ path }));

function findings(changes: Partial<Evidence>): Findings {
  const arrivals = changes.arrivals ?? everything;
  return audit({
    market: MARKET,
    publications: [{ kind: 'accepted', event }],
    stored: [{ ...event, payload }],
    ledger: [event],
    arrivals,
    accepted: new Set(arrivals.filter(({ end }) => end === 'accepted').map(keyOf)),
    timedOut: new Set(),
    faults: [],
    ...changes,
  });
}

function kill(pending: readonly string[]): Fault {
  return { senders: new Set(['host-1']), pending: new Set(pending), beganAt: Infinity, endedAt: Infinity };
}

describe('The audit', () => {
  it('has nothing to say when everybody got what was owed', () => {
    expect(findings({})).toMatchObject({ events: 1, owed: 2, lost: 0, wrong: 0, repeated: 0, unexplained: 0 });
  });

  it('finds a delivery that never came, and one that nobody accepted', () => {
    expect(findings({ arrivals: [everything[0]!] })).toMatchObject({ lost: 1 });
    expect(findings({ arrivals: [everything[0]!, arrival({ path: paths[1], end: 'broken' })] })).toMatchObject({
      lost: 1,
    });
  });

  it('finds an accepted event that the database no longer knows', () => {
    expect(findings({ stored: [], arrivals: [] })).toMatchObject({ lost: 2 });
  });

  it.each<[string, Partial<Evidence>]>([
    ['at the wrong subscription', { arrivals: [...everything, arrival({ path: '/acme/orders' })] }],
    ['with the wrong signature', { arrivals: [arrival({ genuine: false }), everything[1]!] }],
    ['with another body', { arrivals: [arrival({ body: '{"data":{}}' }), everything[1]!] }],
    ['without its row in the ledger', { ledger: [] }],
  ])('finds an event %s', (_, evidence) => expect(findings(evidence)).toMatchObject({ wrong: 1 }));

  it('finds what was rolled back and sent all the same', () => {
    const publications = [{ kind: 'rolled back', event }] as const;
    expect(findings({ publications })).toMatchObject({ wrong: 2 });
  });

  it('explains a repetition only by what was in flight at a fault', () => {
    const arrivals = [...everything, arrival({ sender: 'host-2', at: 2 })];
    expect(findings({ arrivals })).toMatchObject({ repeated: 1, unexplained: 1 });
    expect(findings({ arrivals, faults: [kill([])] })).toMatchObject({ repeated: 1, unexplained: 1, inFlight: 0 });
    const inFlight = [kill([keyOf(everything[0]!)])];
    expect(findings({ arrivals, faults: inFlight })).toMatchObject({ repeated: 1, unexplained: 0, inFlight: 1 });
  });

  it('calls no retry a repetition', () => {
    const arrivals = [arrival({ end: 'refused' }), ...everything];
    expect(findings({ arrivals })).toMatchObject({ repeated: 0 });
  });
});
