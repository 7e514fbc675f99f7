import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { defineTopic } from 'nestjs-webhooks';
import { prometheus } from 'nestjs-webhooks/prometheus';
import { describeEachDatabase } from '../support/databases';
import { Host } from '../support/host';
import { scrape, type Sample } from './scrape';

class Shipment {
  id!: string;
}

const OrderShipped = defineTopic('order.shipped', Shipment);
const docs = join(__dirname, '../../docs');
const read = (name: string) => readFileSync(join(docs, name), 'utf8');

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets: readonly { readonly expr: string }[];
}

interface Dashboard {
  readonly uid: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string }[] };
}

/** What a query asks for: names of metrics, and the labels it chooses or groups by. */
function namesIn(text: string): string[] {
  return [...text.matchAll(/\bwebhooks_\w+/g)].map(([name]) => name);
}

describeEachDatabase({ only: ['sqlite'] }, (database) => {
  let samples: Sample[];

  beforeAll(async () => {
    const handle = await database.create();
    const register = new Registry();
    const host = await Host.start(handle, {
      topics: [OrderShipped],
      webhooks: { observers: [prometheus({ register })] },
    });
    await host.subscribe();
    await host.webhooks.publish(OrderShipped, { id: 'A-1' });
    await host.webhooks.idle();
    samples = await scrape(register);
    await host.stop();
  });

  const exported = () => new Set(samples.map(({ name }) => name));
  const missing = (text: string) => namesIn(text).filter((name) => !exported().has(name));

  describe('The dashboard for Grafana', () => {
    const dashboard = JSON.parse(read('operations/grafana.json')) as Dashboard;

    it('asks only for metrics that are exported', () => {
      const queries = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
      expect(queries.length).toBeGreaterThan(10);
      expect(queries.filter((query) => namesIn(query).length === 0)).toEqual([]);
      expect(missing(JSON.stringify(dashboard))).toEqual([]);
    });

    it('groups only by labels that are there', () => {
      const labels = new Set(['instance', 'job', 'le', ...samples.flatMap((each) => Object.keys(each.labels))]);
      const grouped = [...JSON.stringify(dashboard).matchAll(/by \((\w+)\)|\{\{(\w+)\}\}/g)].map(
        ([, one, other]) => one ?? other!,
      );
      expect(grouped.filter((label) => !labels.has(label))).toEqual([]);
    });

    it('has a place of its own for every panel', () => {
      const { panels } = dashboard;
      expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
      const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
        Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
      );
      expect(new Set(cells).size).toBe(cells.length);
      expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
    });
  });

  describe('The alert rules for Prometheus', () => {
    it('ask only for metrics that are exported', () => {
      const rules = read('operations/alerts.yaml');
      expect(rules.match(/^ +- alert: \w+$/gm)!.length).toBeGreaterThanOrEqual(6);
      expect(missing(rules)).toEqual([]);
    });
  });

  describe('The table of metrics in docs/operations.md', () => {
    it('lists all that are exported, and no others', () => {
      const listed = [...read('operations.md').matchAll(/^\| `(webhooks_\w+)`/gm)].map(([, name]) => name!);
      const plain = new Set([...exported()].map((name) => name.replace(/_seconds_(bucket|sum|count)$/, '_seconds')));
      expect([...listed].sort()).toEqual([...plain].sort());
    });
  });
});
