import { attemptView } from '../../contracts/standard/attempt.view';
import type { Attempt } from '../../deliveries/attempt';
import type { Delivery } from '../../deliveries/delivery';
import { hasPayload } from '../../events/event';
import { isActive, type Subscription } from '../../subscriptions/subscription';
import { CommandError, type Command, type ExitCode } from '../command';
import { counted } from '../layout';
import { DATABASE_OPTIONS, withStore, type Store } from '../store';
import { printable, printableLines, type Terminal } from '../terminal';

const DEFAULT_WAIT_S = 60;
const LOOK_EVERY_MS = 250;
const MOST_COUNTED = 1_000;

export const resend: Command = {
  name: 'resend',
  summary: 'have one delivery sent again, and see what comes back',
  parameter: 'DELIVERY',
  about: [
    'A running host sends it, with the same webhook-id and the current secret: how its contract signs, which key opens ' +
      'the secret and where requests may go is known there and not here. So the delivery is made due, and this waits ' +
      'until it was tried.',
    'Unlike POST deliveries/:id/resend, which is one request and no more, it is a delivery like others then: behind what ' +
      'its subscription has waiting, tried again where it fails, and counted for the health of the endpoint. One that was over ' +
      'begins its retries anew.',
    'It exits with 0 when it was taken, and with 1 when it was not, or not in time; it stays due then.',
  ],
  options: [
    ...DATABASE_OPTIONS,
    { name: 'wait', value: 'SECONDS', help: `How long to wait for what comes back. Default: ${DEFAULT_WAIT_S}` },
    { name: 'json', help: 'Answer the attempt as JSON, as the standard API does.' },
  ],
  examples: ['resend dlv_019abc4e5f607b3d8a1c2e4f60718293'],
  async run(given, terminal) {
    const id = given.required('the id of a delivery, as "deliveries" lists them');
    const waitMs = (given.whole('wait', { from: 0, to: 86_400 }) ?? DEFAULT_WAIT_S) * 1_000;
    return withStore(given, terminal, async (store) => {
      const delivery = await sendable(id, store);
      const before = await store.deliveries.attemptsOf(id);
      await makeDue(delivery, store, terminal);
      const attempt = await nextAttempt(delivery, { store, terminal, before, waitMs });
      if (!attempt) return notYet(delivery, terminal);
      if (given.flag('json')) terminal.json(attemptView(attempt));
      else show(attempt, terminal);
      return attempt.succeeded ? 0 : 1;
    });
  },
};

/** @throws CommandError where no host would send it */
async function sendable(id: string, store: Store): Promise<Delivery> {
  const delivery = await store.deliveries.byId(id);
  if (!delivery) throw new CommandError(`There is no delivery ${JSON.stringify(id)} in ${store.shown}.`);
  const [subscription] = await store.subscriptions.byIds([delivery.subscriptionId]);
  const [event] = await store.events.byIds([delivery.eventId]);
  const refuse = (why: string) => new CommandError(`The delivery ${id} cannot be sent again: ${why}.`);
  if (!subscription) throw refuse('its subscription is gone');
  if (!event) throw refuse('its event is gone');
  if (!hasPayload(event)) throw refuse('retention has taken the payload of its event');
  if (!isActive(subscription)) throw refuse(offInWords(subscription));
  return delivery;
}

function offInWords({ id, enabled }: Subscription): string {
  const how = enabled ? 'suspended; turn it on with POST subscriptions/:id/resume' : 'disabled by its owner';
  return `its subscription ${id} is ${how}. POST deliveries/:id/resend sends it all the same`;
}

async function makeDue(delivery: Delivery, store: Store, terminal: Terminal): Promise<void> {
  if ((await store.livingNodes()) === 0) terminal.note('No host is running; it is sent when one starts.');
  const ahead = await store.deliveries.countPending(delivery.subscriptionId, MOST_COUNTED);
  if (!(await store.deliveries.makeDue(delivery, terminal.clock.now()))) {
    throw new CommandError(`The delivery ${delivery.id} has gone meanwhile.`);
  }
  const others = delivery.state === 'pending' ? ahead - 1 : ahead;
  if (others > 0)
    terminal.note(`Its subscription has ${counted(others, 'other delivery', 'other deliveries')} pending.`);
}

interface Waiting {
  readonly store: Store;
  readonly terminal: Terminal;
  readonly before: readonly Attempt[];
  readonly waitMs: number;
}

async function nextAttempt(
  { id }: Delivery,
  { store, terminal, before, waitMs }: Waiting,
): Promise<Attempt | undefined> {
  const known = new Set(before.map((attempt) => attempt.id));
  const deadline = terminal.clock.monotonic() + waitMs;
  for (;;) {
    const attempt = (await store.deliveries.attemptsOf(id)).find((each) => !known.has(each.id));
    if (attempt || terminal.signal.aborted || terminal.clock.monotonic() >= deadline) return attempt;
    await assertStillDue(id, store);
    terminal.progress('Due; waiting for a host to send it …');
    await terminal.wait(LOOK_EVERY_MS);
  }
}

/** A host gives up what it cannot compose, such as what belongs to a contract that it serves no longer. */
async function assertStillDue(id: string, store: Store): Promise<void> {
  const delivery = await store.deliveries.byId(id);
  if (delivery && delivery.state !== 'canceled') return;
  throw new CommandError(
    `The delivery ${id} was given up by a host: its event or subscription is gone, or its contract is served no longer.`,
  );
}

function notYet({ id }: Delivery, terminal: Terminal): ExitCode {
  terminal.note(`Nothing was sent so far. The delivery ${id} stays due, and goes out when a host gets to it.`);
  return 1;
}

function show(attempt: Attempt, terminal: Terminal): void {
  const { succeeded, status, failure, detail, durationMs, responseBody } = attempt;
  const verdict = succeeded ? terminal.style('green', 'taken') : terminal.style('red', 'not taken');
  const answer = status === null ? `${failure}${detail ? `: ${printable(detail)}` : ''}` : `status ${status}`;
  terminal.print(`${verdict}, ${answer}, in ${durationMs} ms`);
  if (!responseBody) return;
  terminal.print();
  printableLines(responseBody).forEach((line) => terminal.print(`  ${line}`));
}
