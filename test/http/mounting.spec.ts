import { VersioningType, type INestApplication } from '@nestjs/common';
import { describeManagement } from './management-host';

const statusOf = async (answer: Promise<{ status: number }>) => (await answer).status;

describe('The management API in a host with a prefix and versions', () => {
  const prepare = (app: INestApplication) => {
    app.setGlobalPrefix('api');
    app.enableVersioning({ type: VersioningType.URI });
  };

  describe('by default', () => {
    describeManagement(
      (host) => {
        it('is below the prefix and has no version', async () => {
          expect(await statusOf(host().call('acme', 'GET /api/webhooks/topics'))).toBe(200);
          expect(await statusOf(host().call('acme', 'GET /webhooks/topics'))).toBe(404);
        });
      },
      { prepare },
    );
  });

  describe('with a path and a version', () => {
    describeManagement(
      (host) => {
        it('is there and nowhere else', async () => {
          expect(await statusOf(host().call('acme', 'GET /api/v2/settings/hooks/topics'))).toBe(200);
          expect(await statusOf(host().call('acme', 'GET /api/settings/hooks/topics'))).toBe(404);
          expect(await statusOf(host().call('acme', 'GET /api/v2/webhooks/topics'))).toBe(404);
        });
      },
      { prepare, structure: { path: 'settings/hooks', version: '2' } },
    );
  });
});
