import type { OpenAPIObject } from '@nestjs/swagger';
import { trace } from '@opentelemetry/api';
import { followContexts, parentOf, TracedProcess, traceOf, traceRequests } from '../observability/traced-host';
import { sampleOf, samplesIn } from '../observability/scrape';
import { describeEachDatabase, type DatabaseHandle } from '../support/databases';
import { AN_ORDER, Sample } from './sample';

describeEachDatabase({ only: ['sqlite'] }, (database) => {
  followContexts();
  const process = new TracedProcess();
  let handle: DatabaseHandle;
  let sample: Sample;

  beforeAll(async () => {
    trace.setGlobalTracerProvider(process.provider);
    handle = await database.create();
    sample = await Sample.start(handle);
  });

  beforeEach(() => traceRequests(process));

  afterAll(async () => {
    await sample.stop();
    await handle.drop();
  });

  it('The sample app answers /metrics', async () => {
    await sample.subscribe(sample.acme, 'metrics');
    await sample.acme.post('/orders', AN_ORDER);
    await sample.received('metrics', 1);
    const delivered = await sample.eventually(async () => {
      const answer = await fetch(`${sample.url}/metrics`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toMatch(/^text\/plain;.*version=0\.0\.4/);
      const labels = { topic: 'order.created', outcome: 'delivered', status: '2xx' };
      return sampleOf(samplesIn(await answer.text()), 'webhooks_attempts_total', labels);
    });
    expect(delivered).toBe(1);
  });

  it('The sample app answers /health', async () => {
    const { status, body } = await sample.stranger.get('/health');
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { status: 'ok', details: { webhooks: { status: 'up', database: 'up', lease: 'held' } } },
    });
  });

  it('Its document tells of both, and that they need no key', async () => {
    const { body } = await sample.stranger.get<OpenAPIObject>('/docs-json');
    for (const path of ['/metrics', '/health']) expect(body.paths[path]!.get!.security).toEqual([{}]);
    expect(Object.keys(body.paths['/metrics']!.get!.responses['200']!)).toContain('content');
  });

  it('One trace leads from the request that creates an order to the attempt', async () => {
    await sample.subscribe(sample.globex, 'traced');
    await sample.globex.post('/orders', AN_ORDER);
    await sample.received('traced', 1);
    const attempt = await sample.eventually(() =>
      Promise.resolve(
        process.spans('deliver order.created').find((span) => span.attributes['webhooks.tenant'] === 'globex'),
      ),
    );
    const publication = process
      .spans('publish order.created')
      .find((span) => span.spanContext().spanId === parentOf(attempt))!;
    const request = process.spans('POST /orders').find((span) => span.spanContext().spanId === parentOf(publication))!;
    expect([attempt, publication].map(traceOf)).toEqual([traceOf(request), traceOf(request)]);
  });
});
