import { context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { axiosTransport, defineTopic, type TransportFactory } from 'nestjs-webhooks';
import { openTelemetry } from 'nestjs-webhooks/opentelemetry';
import { Note } from '../engine/note.entity';
import { describeEachDatabase, type DatabaseHandle } from '../support/databases';
import { Host, type HostOptions } from '../support/host';
import { followContexts, parentOf, TracedProcess, traceOf } from './traced-host';

class Shipment {
  id!: string;
}

const OrderShipped = defineTopic('order.shipped', Shipment, { example: { id: 'A-1' } });
const topics = [OrderShipped];
const shipment = { id: 'A-1' };
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-01$/;

/** Does what instruments of HTTP do to every request: sends on whatever its context says. */
function instrumented(): TransportFactory {
  return (policy, settings) => {
    const transport = axiosTransport()(policy, settings);
    return {
      send: (request) => {
        const carrier = {};
        propagation.inject(context.active(), carrier);
        return transport.send({ ...request, headers: { ...request.headers, ...carrier } });
      },
      close: () => transport.close(),
    };
  };
}

describeEachDatabase((database) => {
  followContexts();
  let handle: DatabaseHandle;
  const hosts: Host[] = [];

  beforeEach(async () => (handle = await database.create()));
  afterEach(async () => {
    for (const host of hosts.splice(0)) await host.stop();
    await handle.drop();
  });

  async function start(process: TracedProcess, options: HostOptions = {}, propagate = false): Promise<Host> {
    const observers = [openTelemetry({ tracerProvider: process.provider, propagate })];
    const host = await Host.start(handle, { topics, ...options, webhooks: { observers, ...options.webhooks } });
    hosts.push(host);
    return host;
  }

  describe('A traced event', () => {
    it('has one trace from the request that published it to the attempt', async () => {
      const process = new TracedProcess();
      const host = await start(process);
      const subscription = await host.subscribe({ tenant: 'acme' });
      const event = await process.inRequest('POST /orders', () =>
        host.webhooks.publish(OrderShipped, shipment, { tenant: 'acme' }),
      );
      await host.webhooks.idle();
      const [request, publication, attempt] = ['POST /orders', 'publish order.shipped', 'deliver order.shipped'].map(
        (name) => process.span(name),
      );
      expect([publication, attempt].map((span) => traceOf(span!))).toEqual([traceOf(request!), traceOf(request!)]);
      expect(parentOf(publication!)).toBe(request!.spanContext().spanId);
      expect(parentOf(attempt!)).toBe(publication!.spanContext().spanId);
      expect(publication!.attributes).toEqual({
        'messaging.system': 'webhooks',
        'messaging.operation.name': 'publish',
        'messaging.operation.type': 'create',
        'messaging.destination.name': 'order.shipped',
        'messaging.message.id': event.id,
        'webhooks.tenant': 'acme',
      });
      expect(attempt!.attributes).toEqual({
        'messaging.system': 'webhooks',
        'messaging.operation.name': 'deliver',
        'messaging.operation.type': 'send',
        'messaging.destination.name': 'order.shipped',
        'messaging.message.id': event.id,
        'webhooks.tenant': 'acme',
        'webhooks.subscription': subscription.id,
        'webhooks.contract': 'standard',
        'webhooks.attempt.number': 1,
        'http.request.method': 'POST',
        'http.response.status_code': 204,
        'server.address': '127.0.0.1',
        'server.port': Number(new URL(host.receiver.url('/')).port),
      });
    });

    it('has it too when it is published within a transaction, by saving an entity', async () => {
      const process = new TracedProcess();
      const host = await start(process, { entities: [Note] });
      await host.subscribe();
      await process.inRequest('POST /notes', () =>
        host.dataSource.transaction(async (manager) => {
          await manager.save(Note, { text: 'one' });
        }),
      );
      await host.webhooks.idle();
      const [request, publication, attempt] = ['POST /notes', 'publish note.created', 'deliver note.created'].map(
        (name) => process.span(name),
      );
      expect(parentOf(publication!)).toBe(request!.spanContext().spanId);
      expect(parentOf(attempt!)).toBe(publication!.spanContext().spanId);
    });

    it('has it too when another process makes the attempt', async () => {
      const [here, there] = [new TracedProcess(), new TracedProcess()];
      const publisher = await start(here);
      await publisher.subscribe({ url: 'http://127.0.0.1:1/' });
      const { id } = (await publisher.subscriptions.list({})).data[0]!;
      await here.inRequest('POST /orders', () => publisher.webhooks.publish(OrderShipped, shipment));
      await publisher.webhooks.idle();
      await publisher.stop();
      hosts.length = 0;
      const deliverer = await start(there);
      await deliverer.subscriptions.update(id, { url: deliverer.receiver.url('/hook') });
      await deliverer.clock.advance('5s');
      expect(deliverer.receiver).toHaveBeenTried(1);
      const publication = here.span('publish order.shipped');
      const attempt = there.span('deliver order.shipped');
      expect(traceOf(attempt)).toBe(traceOf(here.span('POST /orders')));
      expect(attempt.parentSpanContext).toMatchObject({ spanId: publication.spanContext().spanId, isRemote: true });
      expect(attempt.attributes).toMatchObject({ 'webhooks.attempt.number': 2, 'http.request.resend_count': 1 });
    });

    it('keeps apart what travels together', async () => {
      const process = new TracedProcess();
      const host = await start(process);
      await host.subscribe();
      const requests = ['one', 'two', 'three'];
      await Promise.all(
        requests.map((name) => process.inRequest(name, () => host.webhooks.publish(OrderShipped, { id: name }))),
      );
      await host.webhooks.idle();
      const traces = requests.map((name) => traceOf(process.span(name)));
      expect(new Set(traces).size).toBe(3);
      expect(process.spans('deliver order.shipped').map(traceOf).sort()).toEqual([...traces].sort());
    });

    it('links attempts of later than an hour, each in a trace of its own', async () => {
      const process = new TracedProcess();
      const host = await start(process, { webhooks: { retry: { schedule: ['1h', '1s'], jitter: 0 } } });
      await host.subscribe();
      host.receiver.answers(500).then(500).then(204);
      await process.inRequest('POST /orders', () => host.webhooks.publish(OrderShipped, shipment));
      await host.clock.advance('1h');
      await host.clock.advance('1s');
      const [first, second, third] = process.spans('deliver order.shipped');
      const publication = process.span('publish order.shipped');
      expect([first, second].map((span) => traceOf(span!))).toEqual([traceOf(publication), traceOf(publication)]);
      expect(parentOf(third!)).toBeUndefined();
      expect(third!.links.map(({ context: linked }) => linked.spanId)).toEqual([publication.spanContext().spanId]);
      expect(first!.attributes).toMatchObject({ 'http.response.status_code': 500, 'error.type': '500' });
      expect([first, third].map((span) => span!.status.code)).toEqual([2, 0]);
    });

    it('is sent again within the request of whoever asks for it', async () => {
      const process = new TracedProcess();
      const host = await start(process);
      await host.subscribe();
      await process.inRequest('POST /orders', () => host.webhooks.publish(OrderShipped, shipment));
      await host.webhooks.idle();
      const { id } = (await host.deliveries.list({})).data[0]!;
      await process.inRequest('POST /resend', () => host.webhooks.resend(id));
      const [, again] = process.spans('deliver order.shipped');
      expect(parentOf(again!)).toBe(process.span('POST /resend').spanContext().spanId);
      expect(again!.links.map(({ context: linked }) => linked.traceId)).toEqual([
        traceOf(process.span('POST /orders')),
      ]);
      expect(again!.attributes).not.toHaveProperty(['webhooks.attempt.number']);
    });

    it('says what kept an attempt from being answered', async () => {
      const process = new TracedProcess();
      const host = await start(process);
      await host.subscribe();
      host.receiver.resets();
      await host.webhooks.publish(OrderShipped, shipment);
      await host.webhooks.idle();
      expect(process.span('deliver order.shipped')).toMatchObject({
        attributes: { 'error.type': 'connection' },
        status: { code: 2 },
      });
    });
  });

  describe('The engine', () => {
    it('leaves the context of the request behind, for all that it does later', async () => {
      const process = new TracedProcess();
      const host = await start(process);
      await host.subscribe();
      const seen: (string | undefined)[] = [];
      host.webhooks.subscribe(({ type }) => {
        if (type === 'delivery.delivered') seen.push(trace.getSpanContext(context.active())?.traceId);
      });
      await process.inRequest('POST /orders', () => host.webhooks.publish(OrderShipped, shipment));
      await host.webhooks.idle();
      expect(seen).toEqual([undefined]);
    });
  });

  describe('Receivers', () => {
    beforeEach(() => {
      // What the SDK for Node registers: everything that is active goes out, baggage too.
      propagation.setGlobalPropagator(new (jest.requireActual<typeof import('@opentelemetry/core')>('@opentelemetry/core')).CompositePropagator({
        propagators: [],
      }));
    });
    afterEach(() => propagation.disable());

    it.todo('placeholder');
    void ROOT_CONTEXT;
    void TRACEPARENT;
    void instrumented;
  });
});
