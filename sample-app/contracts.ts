import type { Contract } from 'nestjs-webhooks';
import { ewarehousing, packcloud, readycloud, standard } from 'nestjs-webhooks/contracts';
import { KEY_PARAMETER } from './access/api-key.guard';

// Links to other pages do not repeat the caller's key.
const credentials = [KEY_PARAMETER];

/** The webhook APIs of the sample, side by side, each with the names that it has for the tenants. */
export const CONTRACTS: readonly Contract[] = [
  standard({ path: 'api/webhooks', credentials }),
  readycloud({ organizations: { acme: '1', globex: '2' }, credentials }),
  ewarehousing({
    customers: { acme: 'be62c27e-2aac-4ac1-902e-f770d64f8dce', globex: '33a59408-c708-4da4-9f1f-50e87c968928' },
    // There, a level has always been there; here, its first change makes it.
    topics: { 'stock.updated': ['stock.created', 'stock.updated'] },
    credentials,
  }),
  packcloud({ credentials }),
];
