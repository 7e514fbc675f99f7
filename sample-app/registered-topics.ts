import type { EntityTopics, TopicsOf } from 'nestjs-webhooks';
import type { ContactPayload } from './contacts/contact.entity';
import type { OrderPayload } from './orders/order.payload';
import type { OrderCanceled, OrderShipped } from './orders/order.topics';
import type { StockPayload } from './stock/stock.entity';

// Tells the compiler which topics there are: a misspelt name or a wrong payload does not compile.
declare module 'nestjs-webhooks' {
  interface RegisteredTopics
    extends
      EntityTopics<'order', OrderPayload>,
      EntityTopics<'contact', ContactPayload>,
      TopicsOf<typeof OrderShipped | typeof OrderCanceled> {
    'stock.created': StockPayload;
    'stock.updated': StockPayload;
  }
}
