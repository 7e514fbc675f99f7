/**
 * A small fulfilment back end that sends webhooks. `npm start`, then subscribe, create an order and look at what came:
 *
 *   curl localhost:3000/api/webhooks/subscriptions -H 'Authorization: Bearer acme-key' -H 'Content-Type: application/json' \
 *     -d '{ "url": "http://localhost:3000/receiver/mine", "topics": ["order.*"] }'
 *   curl localhost:3000/orders -H 'Authorization: Bearer acme-key' -H 'Content-Type: application/json' \
 *     -d '{ "reference": "A-1001", "lines": [{ "sku": "SKU-1", "quantity": 2 }] }'
 *   curl localhost:3000/receiver/mine
 *
 * The same in the words of Pack.cloud; the sample serves ReadyCloud and eWarehousing Solutions too:
 *
 *   curl localhost:3000/v1/organizations/acme/webhooks -H 'Authorization: Bearer acme-key' -H 'Content-Type: application/json' \
 *     -d '{ "event_code": "order.created", "endpoint": "http://localhost:3000/receiver/mine", "secret": "ABC12345" }'
 *
 * All routes are at http://localhost:3000/docs; the settings are in settings.ts.
 */
import { Logger } from '@nestjs/common';
import { startApplication } from './application';
import { settingsFrom } from './settings';

async function main(): Promise<void> {
  const app = await startApplication(settingsFrom(process.env));
  app.enableShutdownHooks();
  const { port } = new URL(await app.getUrl());
  const url = `http://localhost:${port}`;
  new Logger('Fulfilment').log(`Listening on ${url}, documented at ${url}/docs`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
