import { BadRequestException, Logger, ServiceUnavailableException, type CanActivate } from '@nestjs/common';
import { EventsRepository } from 'nestjs-webhooks';
import { describeManagement, type Answer } from './management-host';

const problemOf = ({ status, headers, body }: Answer) => ({ status, type: headers.get('content-type'), body });
const PROBLEM = expect.stringMatching(/^application\/problem\+json\b/) as string;

describe('A problem', () => {
  describeManagement((host) => {
    afterEach(() => jest.restoreAllMocks());

    it('of a guard of the host is a problem like all others', async () => {
      expect(problemOf(await host().call(null, 'GET /webhooks/subscriptions'))).toEqual({
        status: 401,
        type: PROBLEM,
        body: { type: 'about:blank', title: 'Unauthorized', status: 401, detail: 'Send a key that we know.' },
      });
    });

    it('of the library has its code', async () => {
      const answer = await host().call('acme', 'GET /webhooks/subscriptions/sub_1');
      expect(problemOf(answer)).toEqual({
        status: 404,
        type: PROBLEM,
        body: {
          type: 'about:blank',
          title: 'Not Found',
          status: 404,
          detail: 'There is no subscription "sub_1".',
          code: 'WEBHOOKS_SUBSCRIPTION_NOT_FOUND',
        },
      });
    });

    it('of validation lists the fields', async () => {
      expect(problemOf(await host().call('acme', 'GET /webhooks/subscriptions?limit=0'))).toEqual({
        status: 400,
        type: PROBLEM,
        body: {
          type: 'about:blank',
          title: 'Bad Request',
          status: 400,
          detail: 'The request is not valid: limit must not be less than 1.',
          code: 'WEBHOOKS_INVALID_REQUEST',
          errors: [{ field: 'limit', message: 'limit must not be less than 1' }],
        },
      });
    });

    it('that nobody foresaw is told to the log and not to the caller', async () => {
      const logged = jest.spyOn(Logger.prototype, 'error').mockImplementation();
      jest.spyOn(host().app.get(EventsRepository), 'list').mockRejectedValue(new Error('password=hunter2 refused'));
      expect(problemOf(await host().call('acme', 'GET /webhooks/events'))).toEqual({
        status: 500,
        type: PROBLEM,
        body: {
          type: 'about:blank',
          title: 'Internal Server Error',
          status: 500,
          detail: "The request could not be handled. The server's log says why.",
        },
      });
      expect(logged).toHaveBeenCalledWith(expect.stringContaining('password=hunter2 refused'));
    });

    it('of a path that cannot be decoded is the caller’s, though Fastify answers it before it looks for a route', async () => {
      const logged = jest.spyOn(Logger.prototype, 'error').mockImplementation();
      const { status } = await host().call('acme', 'GET /webhooks/subscriptions/%zz');
      expect([400, 404]).toContain(status);
      expect(logged).not.toHaveBeenCalled();
    });

    it('of a route that is not ours stays the host’s', async () => {
      for (const path of ['/elsewhere', '/webhooks', '/webhooks/elsewhere']) {
        const answer = await host().call('acme', `GET ${path}`);
        expect(answer.body).toEqual({ statusCode: 404, error: 'Not Found', message: `Cannot GET ${path}` });
      }
    });
  });
});

describe('A problem that a guard makes', () => {
  const thrown: { error?: unknown } = {};
  const guard: CanActivate = {
    canActivate() {
      if (thrown.error !== undefined) throw thrown.error as Error;
      return false;
    },
  };

  describeManagement(
    (host) => {
      const answerTo = async (error: unknown) => {
        thrown.error = error;
        const { status, body } = await host().call(null, 'GET /webhooks/topics');
        return [status, body.detail] as const;
      };

      it('by saying no is a 403', async () => {
        expect(await answerTo(undefined)).toEqual([403, 'Forbidden resource']);
      });

      it('with an exception of Nest has its status and its words', async () => {
        expect(await answerTo(new ServiceUnavailableException('Come back later.'))).toEqual([503, 'Come back later.']);
      });

      it('with a list of messages has them all', async () => {
        expect(await answerTo(new BadRequestException(['No key.', 'No account.']))).toEqual([
          400,
          'No key.; No account.',
        ]);
      });

      it('with an error of Fastify’s plugins has its status and its words', async () => {
        const error = Object.assign(new Error('The token has expired.'), { statusCode: 401 });
        expect(await answerTo(error)).toEqual([401, 'The token has expired.']);
      });

      it('by mistake is a 500 without its words', async () => {
        jest.spyOn(Logger.prototype, 'error').mockImplementation();
        const [status, detail] = await answerTo(new TypeError('account is undefined'));
        expect(status).toBe(500);
        expect(detail).not.toContain('account');
        jest.restoreAllMocks();
      });
    },
    { structure: { guards: [guard] } },
  );
});
