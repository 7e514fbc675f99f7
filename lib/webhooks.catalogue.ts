import type { Provider } from '@nestjs/common';
import { WebhooksDocuments } from './documents/webhooks-documents';
import type { GuardedContract } from './http/management-controllers';
import { SERVED_CONTRACTS } from './http/parse-failures';
import { PayloadGate } from './publishing/payload-gate';
import { PayloadCheckOptions, PayloadChecks } from './schemas/payload-checks';
import { PayloadSchemas } from './schemas/payload-schemas';
import { TopicCatalogue } from './topics/catalogue';
import { WEBHOOKS_SETTINGS, type WebhooksSettings } from './webhooks.settings';

/** The topics, what their payloads are like, and the documents that say so. */
export const catalogue: Provider[] = [
  TopicCatalogue,
  PayloadSchemas,
  { provide: PayloadCheckOptions, useExisting: WEBHOOKS_SETTINGS },
  PayloadChecks,
  PayloadGate,
  {
    provide: WebhooksDocuments,
    inject: [TopicCatalogue, PayloadSchemas, SERVED_CONTRACTS, WEBHOOKS_SETTINGS],
    useFactory: (
      topics: TopicCatalogue,
      schemas: PayloadSchemas,
      contracts: readonly GuardedContract[],
      { asyncapi }: WebhooksSettings,
    ) => {
      const described = contracts.map(({ contract }) => contract);
      return new WebhooksDocuments(topics, schemas, described, asyncapi);
    },
  },
];
