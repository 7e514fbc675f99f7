import { openTelemetry } from 'nestjs-webhooks/opentelemetry';
import { batchIn, BATCHING_HOST, ParcelSent, subscribeTo } from '../engine/batches-host';
import { describeEachDatabase } from '../support/databases';
import { Host } from '../support/host';
import { followContexts, traceOf, TracedProcess } from './traced-host';

describeEachDatabase({ only: ['sqlite'] }, (database) => {
  followContexts();

  it('gives a batch a trace of its own, which names those of all its events', async () => {
    const process = new TracedProcess();
    const observers = [openTelemetry({ tracerProvider: process.provider })];
    const handle = await database.create();
    const host = await Host.start(handle, { ...BATCHING_HOST, webhooks: { observers } });
    await subscribeTo(host, { maxEvents: 2, maxWaitMs: 60_000 });
    for (const serial of [1, 2]) {
      await process.inRequest(`POST /${serial}`, () => host.webhooks.publish(ParcelSent, { serial }));
    }
    await host.webhooks.idle();
    expect(batchIn(host.receiver.requests[0]!).data).toHaveLength(2);
    const requests = [1, 2].map((serial) => traceOf(process.span(`POST /${serial}`)));
    const attempt = process.span('deliver parcel.sent');
    expect(attempt.links.map(({ context }) => context.traceId)).toEqual(requests);
    expect(requests).not.toContain(traceOf(attempt));
    expect(attempt.attributes).toMatchObject({ 'messaging.batch.message_count': 2 });
    await host.stop();
  });
});
