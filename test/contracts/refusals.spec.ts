import { Injectable } from '@nestjs/common';
import { ewarehousing, packcloud, readycloud } from 'nestjs-webhooks/contracts';
import { describeContracts, KeyGuard } from './contracts-host';

@Injectable()
class Closed extends KeyGuard {
  override canActivate(): boolean {
    return false;
  }
}

const READYCLOUD = '/api/v2/orgs/acme/webhooks/';
const EWAREHOUSING = '/webhooks/';
const PACKCLOUD = '/v1/organizations/acme/webhooks';
const KEY = { authorization: 'Bearer acme' };

describe('A contract whose guard says no', () => {
  const guards = [Closed];
  describeContracts(
    { contracts: [readycloud({ guards }), ewarehousing({ guards }), packcloud({ guards })] },
    (host) => {
      it.each([
        [READYCLOUD, '{"detail":"You do not have permission to perform this action."}'],
        [EWAREHOUSING, '{"code":403,"message":"Forbidden resource"}'],
        [PACKCLOUD, '{"message":"This action is unauthorized."}'],
      ])('answers 403 in its own words at %s', async (path, expected) => {
        for (const route of [`GET ${path}`, `POST ${path}`]) {
          const { status, text } = await host().call(route, route.startsWith('POST') ? {} : undefined);
          expect([status, text]).toEqual([403, expected]);
        }
      });
    },
  );
});

describe('A contract that is sent what it cannot read', () => {
  const message = 'Expected a body of the content type \\"application/json\\", got \\"text/plain\\".';
  describeContracts({ contracts: [readycloud({ updates: true }), ewarehousing(), packcloud()] }, (host) => {
    it.each([
      [READYCLOUD, `{"detail":"${message}"}`],
      [EWAREHOUSING, `{"code":415,"message":"${message}"}`],
      [PACKCLOUD, `{"message":"${message}"}`],
    ])('answers 415 in its own words at %s', async (path, expected) => {
      const { status, text } = await host().send(`POST ${path}`, { ...KEY, 'content-type': 'text/plain' }, '{}');
      expect([status, text]).toEqual([415, expected]);
    });

    it.each([
      [READYCLOUD, ['detail']],
      [EWAREHOUSING, ['code', 'message']],
      [PACKCLOUD, ['message']],
    ])('answers 413 in its own shape at %s', async (path, members) => {
      const { status, body } = await host().call(`POST ${path}`, { padding: 'a'.repeat(2 ** 20) });
      expect([status, Object.keys(body as object)]).toEqual([413, members]);
    });

    it.each([
      [`PUT ${READYCLOUD}1/`, '{"detail":"JSON parse error - The body is not JSON."}'],
      [`PATCH ${EWAREHOUSING}1/`, '{"code":400,"message":"The body is not JSON."}'],
      [`PUT ${PACKCLOUD}/1`, '{"message":"The body is not JSON."}'],
    ])('answers 400 in its own words at %s', async (route, expected) => {
      const { status, text } = await host().send(route, { ...KEY, 'content-type': 'application/json' }, '{"url":');
      expect([status, text]).toEqual([400, expected]);
    });
  });
});
