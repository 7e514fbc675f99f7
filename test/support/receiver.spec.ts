import { Receiver } from './receiver';

describe('the receiver', () => {
  let receiver: Receiver;

  beforeEach(async () => (receiver = await Receiver.start()));
  afterEach(() => receiver.close());

  const post = (path = '/', body = '') => fetch(receiver.url(path), { method: 'POST', body });
  const statuses = async (...paths: string[]) => {
    const seen: number[] = [];
    for (const path of paths) seen.push((await post(path)).status);
    return seen;
  };

  it('records a request exactly as it was sent', async () => {
    const body = '{ "a":1.0,\n"ü": "🎉" }';
    await fetch(receiver.url('/hooks?for=me'), { method: 'PUT', headers: { 'X-Tenant': 'acme' }, body });
    expect(receiver.requests).toEqual([
      {
        method: 'PUT',
        path: '/hooks?for=me',
        headers: expect.objectContaining({ 'x-tenant': 'acme' }) as unknown,
        body,
        at: expect.any(Date) as unknown,
      },
    ]);
  });

  it('answers 204 when it has not been told anything', async () => {
    expect(await statuses('/', '/')).toEqual([204, 204]);
  });

  it('answers as it is told, one after the other, and stays with the last', async () => {
    receiver.answers(503).then(429).then(200);
    expect(await statuses('/', '/', '/', '/')).toEqual([503, 429, 200, 200]);
  });

  it('answers with the headers and the body it is told, after the delay it is told', async () => {
    receiver.answers(503, { 'retry-after': '120' }, { body: 'later', delayMs: 1 });
    const answer = await post();
    expect([answer.headers.get('retry-after'), await answer.text()]).toEqual(['120', 'later']);
  });

  it('hangs', async () => {
    receiver.hangs().then(204);
    const given = new AbortController();
    const hanging = fetch(receiver.url(), { signal: given.signal });
    await receiver.waitFor(1);
    expect(await statuses('/')).toEqual([204]);
    given.abort();
    await expect(hanging).rejects.toThrow('aborted');
  });

  it('resets the connection', async () => {
    receiver.answers(204).thenResets();
    expect(await statuses('/')).toEqual([204]);
    await expect(post()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    expect(receiver).toHaveBeenTried(2);
  });

  it('finds requests by path', async () => {
    await statuses('/a', '/b', '/a');
    expect(receiver.byPath('/a')).toHaveLength(2);
  });

  it('waits for requests to arrive', async () => {
    const both = receiver.waitFor(2);
    await Promise.all([post('/a'), post('/b'), both]);
    expect(receiver).toHaveBeenTried(2);
    await receiver.waitFor(1);
  });

  it('says how many came when it has waited long enough', async () => {
    await post();
    await expect(receiver.waitFor(2, 1)).rejects.toThrow('Waited 1 ms for 2 requests, but 1 came.');
  });

  it('forgets the requests and the script', async () => {
    receiver.answers(500);
    await post();
    receiver.clear();
    expect(receiver).toHaveBeenTried(0);
    expect(await statuses('/')).toEqual([204]);
  });

  it('cuts off those who still wait when it closes', async () => {
    const other = await Receiver.start();
    other.hangs();
    const hanging = expect(fetch(other.url())).rejects.toThrow('fetch failed');
    await other.waitFor(1);
    await other.close();
    await hanging;
  });

  it('refuses to have its script awaited', async () => {
    await expect(Promise.resolve(receiver.answers(204) as unknown)).rejects.toThrow('do not await it');
  });

  it('tells what came when it has been tried another number of times', async () => {
    await post('/hooks');
    expect(() => expect(receiver).toHaveBeenTried(2)).toThrow(/tried 2 times, got 1 requests:\n {2}POST \/hooks at /);
    expect(() => expect(receiver).not.toHaveBeenTried(1)).toThrow('not to have been tried 1 times');
    expect(() => expect({}).toHaveBeenTried(1)).toThrow('Expected a Receiver');
  });
});
