import type { OpenAPIObject } from '@nestjs/swagger';
import { Webhook } from 'standardwebhooks';
import { describeEachDatabase, type DatabaseHandle } from '../support/databases';
import { AN_ORDER, Sample } from './sample';

describeEachDatabase({ only: ['sqlite'] }, (database) => {
  let handle: DatabaseHandle;
  let sample: Sample;

  beforeAll(async () => {
    handle = await database.create();
    sample = await Sample.start(handle);
  });

  afterAll(async () => {
    await sample.stop();
    await handle.drop();
  });

  it('shows a request with nothing to verify it by as neither right nor wrong', async () => {
    await sample.stranger.post('/receiver/unknown', { hello: 'world' });
    const received = await sample.received('unknown', 1);
    expect(received).toMatchObject([{ verified: null, status: 204, body: { hello: 'world' } }]);
  });

  it('unmasks a request that is not signed with the secret of the subscription', async () => {
    await sample.subscribe(sample.acme, 'forged');
    await sample.stranger.post('/receiver/forged', { type: 'order.created' });
    expect(await sample.received('forged', 1)).toMatchObject([{ verified: false }]);
  });

  it('keeps the body as it arrived, so that anybody can verify it again', async () => {
    const { secret } = await sample.subscribe(sample.acme, 'again');
    await sample.acme.post('/orders', AN_ORDER);
    const [received] = await sample.received('again', 1);
    const verified = new Webhook(secret).verify(received!.rawBody, received!.headers as Record<string, string>);
    expect(verified).toEqual(received!.body);
  });

  it('fails as often as it is told and forgets what it is told to', async () => {
    const told = await sample.stranger.put('/receiver/told/behaviour', { failNext: 1, status: 418 });
    expect(told).toMatchObject({ status: 200, body: { failNext: 1, status: 418, delayMs: 0 } });
    expect(await sample.stranger.post('/receiver/told', {})).toMatchObject({ status: 418 });
    expect(await sample.stranger.post('/receiver/told', {})).toMatchObject({ status: 204 });
    expect(await sample.stranger.delete('/receiver/told')).toMatchObject({ status: 204 });
    expect((await sample.stranger.get('/receiver/told')).body).toEqual([]);
  });

  it('answers as late as it is told', async () => {
    await sample.stranger.put('/receiver/late/behaviour', { delayMs: 1 });
    expect(await sample.stranger.post('/receiver/late', {})).toMatchObject({ status: 204 });
  });

  it('keeps the newest requests only', async () => {
    for (let number = 1; number <= 201; number++) await sample.stranger.post('/receiver/full', { number });
    const received = await sample.received('full', 200);
    expect(received).toHaveLength(200);
    expect(received.at(-1)!.body).toEqual({ number: 201 });
  });

  it.each([{ failNext: -1 }, { status: 99 }, { delayMs: 'long' }, { fail: 1 }])(
    'refuses the behaviour %j',
    async (behaviour) => {
      expect(await sample.stranger.put('/receiver/odd/behaviour', behaviour)).toMatchObject({ status: 400 });
    },
  );

  it('describes the routes of the sample and of the webhooks in one document', async () => {
    const { body } = await sample.stranger.get<OpenAPIObject>('/docs-json');
    const paths = ['/orders', '/orders/{id}/ship', '/receiver/{name}', '/api/webhooks/subscriptions'];
    expect(Object.keys(body.paths)).toEqual(expect.arrayContaining(paths));
    expect(body.components?.schemas?.NewOrderDto).toMatchObject({ required: ['reference', 'lines'] });
  });
});
