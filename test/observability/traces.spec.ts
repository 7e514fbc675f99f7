import { createRequire } from 'node:module';
import {
  context,
  createTraceState,
  propagation,
  ROOT_CONTEXT,
  trace,
  type TextMapPropagator,
} from '@opentelemetry/api';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
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

// Those of the SDK itself, so that what it takes for suppressed is what is tried here.
const { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } = createRequire(
  require.resolve('@opentelemetry/sdk-trace-base'),
)('@opentelemetry/core') as Record<
  'CompositePropagator' | 'W3CBaggagePropagator' | 'W3CTraceContextPropagator',
  new (options?: object) => TextMapPropagator
>;

/** Does what instruments of HTTP do to every request: makes a span of it, and sends on whatever its context says. */
function instrumented({ provider }: TracedProcess): TransportFactory {
  return (policy, settings) => {
    const transport = axiosTransport()(policy, settings);
    return {
      send: (request) => {
        const span = provider.getTracer('http').startSpan('instrumented request');
        const carrier = {};
        propagation.inject(trace.setSpan(context.active(), span), carrier);
        span.end();
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

    it('has it too when the host emits it', async () => {
      const process = new TracedProcess();
      const host = await start(process, { imports: [EventEmitterModule.forRoot()] });
      await host.subscribe();
      await process.inRequest('POST /orders', () => host.app.get(EventEmitter2).emitAsync('order.shipped', shipment));
      await host.webhooks.idle();
      expect(traceOf(process.span('deliver order.shipped'))).toBe(traceOf(process.span('POST /orders')));
    });

    it('has it too when another process makes the attempt', async () => {
      const [here, there] = [new TracedProcess(), new TracedProcess()];
      const publisher = await start(here);
      publisher.receiver.resets();
      const { id } = await publisher.subscribe();
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

  describe('A receiver', () => {
    beforeEach(() => {
      const propagators = [new W3CTraceContextPropagator(), new W3CBaggagePropagator()];
      propagation.setGlobalPropagator(new CompositePropagator({ propagators }));
    });
    afterEach(() => propagation.disable());

    async function headersOf(propagate: boolean, process = new TracedProcess()) {
      const host = await start(process, { webhooks: { transport: instrumented(process) } }, propagate);
      await host.subscribe();
      const baggage = propagation.createBaggage({ plan: { value: 'enterprise' } });
      await context.with(propagation.setBaggage(context.active(), baggage), () =>
        process.inRequest('POST /orders', () => host.webhooks.publish(OrderShipped, shipment)),
      );
      await host.webhooks.idle();
      await context.with(propagation.setBaggage(context.active(), baggage), async () => {
        const { id } = (await host.deliveries.list({})).data[0]!;
        await host.webhooks.resend(id);
      });
      expect(host.receiver).toHaveBeenTried(2);
      return host.receiver.requests.map(({ headers: { traceparent, tracestate, baggage: carried } }) => ({
        traceparent,
        tracestate,
        carried,
      }));
    }

    it('gets nothing of a trace, and no baggage, whatever instruments the host has', async () => {
      const process = new TracedProcess();
      const nothing = { traceparent: undefined, tracestate: undefined, carried: undefined };
      expect(await headersOf(false, process)).toEqual([nothing, nothing]);
      expect(process.spans('instrumented request')).toEqual([]);
    });

    it('gets the trace where that is wanted, and no baggage', async () => {
      const process = new TracedProcess();
      const [first, again] = await headersOf(true, process);
      const spans = process.spans('deliver order.shipped').map((span) => span.spanContext());
      expect([first, again]).toEqual(
        spans.map(({ traceId, spanId }) => ({
          traceparent: `00-${traceId}-${spanId}-01`,
          tracestate: undefined,
          carried: undefined,
        })),
      );
    });
  });

  it('An event that nobody traced is stored without a trace', async () => {
    const process = new TracedProcess();
    const untraced = await Host.start(handle, { topics });
    hosts.push(untraced);
    await process.inRequest('POST /orders', () => untraced.webhooks.publish(OrderShipped, shipment));
    expect((await untraced.events()).map(({ trace: stored }) => stored)).toEqual([undefined]);
  });

  it('What a vendor says beside the trace comes along', async () => {
    const process = new TracedProcess();
    const host = await start(process);
    const remote = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 0 };
    const caller = { ...remote, isRemote: true, traceState: createTraceState('vendor=one') };
    await context.with(trace.setSpanContext(ROOT_CONTEXT, caller), () => host.webhooks.publish(OrderShipped, shipment));
    const [event] = await host.events();
    // Not sampled, and so it is not sampled later.
    expect(event!.trace).toMatch(/^00-a{32}-[0-9a-f]{16}-00 vendor=one$/);
  });
});
