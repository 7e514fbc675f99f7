import { describeManagement } from './management-host';

const WANTED = JSON.stringify({ url: 'https://example.com/webhooks', topics: ['*'] });
const FORM = 'url=https%3A%2F%2Fexample.com%2Fwebhooks&topics=*&topics=*';

describe('A request whose body is not JSON', () => {
  describeManagement((host) => {
    const refusal = (got: string) => ({
      status: 415,
      body: {
        type: 'about:blank',
        title: 'Unsupported Media Type',
        status: 415,
        detail: `Expected a body of the content type "application/json", got ${got}.`,
        code: 'WEBHOOKS_UNSUPPORTED_MEDIA_TYPE',
      },
    });
    const routes = async () => {
      const { id } = await host().subscribe('acme');
      return ['POST /webhooks/subscriptions', `PATCH /webhooks/subscriptions/${id}`];
    };

    it.each([
      ['text/plain', WANTED],
      ['application/x-www-form-urlencoded', FORM],
      ['application/xml', '<url/>'],
      ['application/vnd.api+json; charset=utf-8', WANTED],
    ])('is told so when it is %s', async (contentType, body) => {
      for (const route of await routes()) {
        const {
          status,
          headers,
          body: problem,
        } = await host().send('acme', route, { 'content-type': contentType }, body);
        expect({ status, body: problem }).toEqual(refusal(JSON.stringify(contentType)));
        expect(headers.get('content-type')).toMatch(/^application\/problem\+json\b/);
      }
    });

    it('is told so when there is nothing at all', async () => {
      for (const route of await routes()) {
        const { status, body } = await host().send('acme', route);
        expect({ status, body }).toEqual(refusal('no content type'));
      }
    });

    it('is told first that nobody knows it', async () => {
      const answer = await host().send(null, 'POST /webhooks/subscriptions', { 'content-type': 'text/plain' }, WANTED);
      expect(answer.status).toBe(401);
    });

    it('is JSON with a character set too, in any case', async () => {
      const type = { 'content-type': 'Application/JSON; charset=utf-8' };
      expect((await host().send('acme', 'POST /webhooks/subscriptions', type, WANTED)).status).toBe(201);
    });

    it('is taken where no body is looked at', async () => {
      const { id } = await host().subscribe('acme');
      const route = `POST /webhooks/subscriptions/${id}/resume`;
      expect((await host().send('acme', route, { 'content-type': 'text/plain' }, 'please')).status).toBe(200);
    });
  });
});
